"""The front matter of an issue of cState, field by field, with a doubt about all that is odd."""

from __future__ import annotations

from collections.abc import Mapping

from status_plugin.core.notes.fields import Field
from status_plugin.core.notes.findings import Findings
from status_plugin.core.notes.guards import guard_meant
from status_plugin.core.notes.slugs import is_slug
from status_plugin.core.words import State, read_state
from status_plugin.staff.importing.foreign_values import items_of, told

_YES = frozenset({"true", "yes", "on", "y", "1"})
_NO = frozenset({"false", "no", "off", "n", "0", ""})
_SEVERITIES = {"down": State.MAJOR_OUTAGE, "disrupted": State.DEGRADED_PERFORMANCE}
_KNOWN = frozenset(
    [
        "title",
        "date",
        "resolved",
        "resolvedwhen",
        "severity",
        "affected",
        "affectedsystems",
        "section",
        "informational",
        "draft",
        "tags",
        "categories",
        "slug",
        "url",
        "aliases",
        "publishdate",
        "expirydate",
    ]
)
# What keeps a page of Hugo's from being made or found.
_HUGO_GUARDS = {"headless", "build", "_build", "_hidden"}


# Other themes of Hugo's for status pages say the same in other words.
_OTHER_NAMES = {"resolved_on": "resolvedwhen", "resolvedon": "resolvedwhen", "max_severity": "severity"}


class IssueFields:
    """Reads an issue's fields by name; doubts go to `findings`."""

    def __init__(self, fields: Mapping[str, Field], findings: Findings) -> None:
        self._fields = {name: field for name, field in fields.items() if name not in _OTHER_NAMES}
        for name, usual in _OTHER_NAMES.items():
            if name in fields:
                self._fields.setdefault(usual, fields[name])
        self._findings = findings

    def is_over(self) -> bool:
        """Whether the issue says that it is over."""
        if "resolved" not in self._fields and self.text("status"):
            return self.text("status").casefold() == "resolved"
        return self.flag("resolved", in_doubt=False)

    def get(self, name: str) -> Field | None:
        """A field, None when it is not there."""
        return self._fields.get(name)

    def text(self, name: str) -> str:
        """A field in one line, empty when it is not there."""
        field = self._fields.get(name)
        return told(field.value) if field else ""

    def line(self, name: str) -> int:
        """The line of a field's value, 1 when it is not there."""
        field = self._fields.get(name)
        return field.value.line if field else 1

    def texts(self, *names: str) -> tuple[str, ...]:
        """The texts of lists, or of single texts, each once."""
        values = [item for name in names if (field := self.get(name)) for item in items_of(field.value)]
        return tuple(dict.fromkeys(text for value in values if (text := told(value))))

    def flag(self, name: str, *, in_doubt: bool) -> bool:
        """Yes or no, in quotes too; `in_doubt` when it is neither."""
        word = self.text(name).casefold()
        if word in _YES or word in _NO:
            return word in _YES
        made = f"It is taken for {'true' if in_doubt else 'false'}."
        self.warn(name, "wrong-word", f"'{self.text(name)}' is neither true nor false.", made)
        return in_doubt

    def warn(self, name: str, rule: str, message: str, made: str) -> None:
        """Adds a doubt about a field, or about the issue when it is not there."""
        field = self._fields.get(name)
        key = field.key if field else name
        self._findings.warning(rule, message, made, at=field.value if field else None, field=key)

    def impact(self, severity: str, *, is_informational: bool) -> State:
        """The state that the severity of trouble means."""
        if is_informational:
            return State.OPERATIONAL
        state = _SEVERITIES.get(severity) or read_state(severity)
        if state is not None and state is not State.UNDER_MAINTENANCE:
            return state
        if severity == "notice":
            message = "'notice' is no kind of trouble here, and nothing says that this is planned work."
        elif severity:
            message = f"'{self.text('severity')}' is no severity of cState's."
        else:
            message = "There is no severity."
        self.warn("severity", "severity", message, "It is an incident with the impact 'degraded'.")
        return State.DEGRADED_PERFORMANCE

    def is_hidden(self) -> bool:
        """Whether any field may be meant to keep the issue from the public."""
        hidden = self.flag("draft", in_doubt=True)
        for name, field in self._fields.items():
            if name in _KNOWN or (guard_meant(name) is None and name not in _HUGO_GUARDS):
                continue
            if not _lets_through(name, told(field.value).casefold()):
                message = f"'{told(field.value)}' may be meant to keep this from the public."
                self._findings.error(
                    "may-be-hidden", message, "It is imported as a draft.", at=field, field=field.key
                )
                hidden = True
        return hidden

    def remarks(self) -> tuple[str, ...]:
        """What has no place in a note, as comments, each with a doubt."""
        found = []
        for name, field in self._fields.items():
            value = told(field.value)
            if name in _KNOWN or not value:
                continue
            message = f"'{value}' has no place in a note."
            self._findings.warning(
                "unmapped-field", message, "It is kept as a comment.", at=field.value, field=field.key
            )
            found.append(f"{field.key}: {value}")
        return tuple(found)

    def aliases(self) -> tuple[str, ...]:
        """The last parts of earlier addresses, as far as they can stand in one of ours."""
        ends = [path.rstrip("/").rpartition("/")[2].removesuffix(".html") for path in self.texts("aliases")]
        return tuple(end for end in ends if is_slug(end))

    def old_addresses(self, usual: str) -> tuple[str, ...]:
        """The paths at which visitors knew the issue, the present one in front."""
        slug = self.text("slug")
        present = f"{usual.rstrip('/').rpartition('/')[0]}/{slug}/" if slug else usual
        paths = [self.text("url") or present, *self.texts("aliases")]
        return tuple(dict.fromkeys(path if path.startswith("/") else f"/issues/{path}" for path in paths))


def _lets_through(name: str, word: str) -> bool:
    """Whether a field that may hide the issue says that it does not."""
    if name in ("published", "publish"):
        return word in _YES
    return word in _NO
