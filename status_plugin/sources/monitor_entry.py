"""What the monitor map tells one source about one component: private, all but the labels of its checks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta

from status_plugin.core.notes.fields import Field, Fields, Text, Value
from status_plugin.core.notes.findings import suggestion

_DURATION = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>ms|s|sec|m|min|h|d)", re.ASCII)
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "sec": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
LONGEST = timedelta(days=31)
"""The longest time that may be written in the map."""


class MonitorMapError(ValueError):
    """A monitor map that cannot be used: says where and what to write, and repeats nothing private."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One source's fields for one component; `origin` and a line number together make a place."""

    origin: str
    line: int
    fields: tuple[Field, ...] = field(repr=False)

    def __post_init__(self) -> None:
        # Whoever asks for the labels later, while a page is made, is not told of a mistake.
        self._checks()

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the checks that it names."""
        return tuple(check.key for check in self._checks())

    @property
    def names_host(self) -> bool:
        """Whether the source is asked about the component's host, not only about its checks."""
        return self._find("host") is not None

    def place(self, label: str | None = None) -> str:
        """Where the map has this entry, or one of its checks."""
        return f"{self.origin}{self.line_of(label)}"

    def line_of(self, label: str | None) -> int:
        """The line of a check, else the entry's own."""
        return next((check.line for check in self._checks() if check.key == label), self.line)

    @property
    def private_host(self) -> str:
        """What must not be found in public: the host's name or address, empty if there is none."""
        host = self._find("host")
        return host.value.text if host and isinstance(host.value, Text) else ""

    @property
    def private_checks(self) -> tuple[str, ...]:
        """What must not be found in public: the names, addresses or queries behind the checks."""
        by_label = [entry.value.fields for entry in self.fields if isinstance(entry.value, Fields)]
        values = [check.value for checks in by_label for check in checks]
        return tuple(value.text for value in values if isinstance(value, Text) and value.text)

    def only(self, *known: str) -> None:
        """Raise MonitorMapError for a field that the source does not know."""
        for unknown in (entry for entry in self.fields if entry.key not in known):
            hint = suggestion(unknown.key, known)
            raise self.error("There is a field that this source does not know.", hint, unknown.line)

    def text(self, name: str, example: str, default: str | None = None) -> str:
        """A field that must be there unless there is a default; `example` is shown when it is not."""
        found = self._find(name)
        if found is None and default is not None:
            return default
        if found is None:
            raise self.error(f"'{name}' is missing.", f"Write '{name}: {example}'.")
        if not isinstance(found.value, Text) or not found.value.text:
            raise self.error(f"'{name}' must be a text.", f"Write '{name}: {example}'.", found.line)
        return found.value.text

    def checks(self, example: str) -> dict[str, str]:
        """What stands behind each check, by label; empty when the map names none."""
        return {check.key: self._check_text(check, example) for check in self._checks()}

    def for_checks(self, name: str, example: str) -> dict[str, str]:
        """What a field beside `checks` says of some of them, by label; empty when it is not there."""
        found = self._labelled(name, example)
        for strange in (check for check in found if check.key not in self.labels):
            hint = suggestion(strange.key, self.labels)
            raise self.error(f"'{name}' has a label that 'checks' does not have.", hint, strange.line)
        return {check.key: self._check_text(check, example) for check in found}

    def duration(self, name: str, default: timedelta) -> timedelta:
        """A length of time such as `2s` or `1h`."""
        found = self._find(name)
        if found is None:
            return default
        written = found.value.text if isinstance(found.value, Text) else ""
        match = _DURATION.fullmatch(written.strip())
        length = float(match["number"]) * _UNITS[match["unit"]] if match and len(written) < 20 else None
        if length is None or not timedelta() < length <= LONGEST:
            raise self.error(f"'{name}' must be a length of time.", "Write it like '2s' or '1h'.", found.line)
        return length

    def error(self, message: str, hint: str, line: int | None = None) -> MonitorMapError:
        """An error about this entry, or about a line of it."""
        return MonitorMapError(f"{self.origin}{line or self.line}: {message} {hint}")

    def _find(self, name: str) -> Field | None:
        return next((entry for entry in self.fields if entry.key == name), None)

    def _checks(self) -> tuple[Field, ...]:
        return self._labelled("checks", "Web: HTTP")

    def _labelled(self, name: str, example: str) -> tuple[Field, ...]:
        found = self._find(name)
        if found is None or _is_empty(found.value):
            return ()
        if not isinstance(found.value, Fields):
            hint = f"Write the public label, a colon and what the monitoring has: '{example}'."
            raise self.error(f"'{name}' must be a mapping.", hint, found.line)
        return found.value.fields

    def _check_text(self, check: Field, example: str) -> str:
        if not isinstance(check.value, Text) or not check.value.text:
            raise self.error("A check must be a text.", f"Write '{example}'.", check.line)
        return check.value.text


def _is_empty(value: Value) -> bool:
    return isinstance(value, Text) and not value.text
