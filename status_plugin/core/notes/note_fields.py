"""The fields of a note's front matter, each read as the type it has; an error costs its field alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time, timedelta, tzinfo
from typing import TypeVar

from status_plugin.core.notes.affects import read_affects, read_impact
from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.fields import Field, Items, Text, Value
from status_plugin.core.notes.findings import Findings, suggestion
from status_plugin.core.notes.guards import GUARDS, guard_meant
from status_plugin.core.notes.note import Post
from status_plugin.core.notes.posts import read_post
from status_plugin.core.notes.slugs import is_slug, slugify
from status_plugin.core.problems import UnreadableError
from status_plugin.core.sayings import LANGUAGE_CODE
from status_plugin.core.times.moments import CLOCK_TOLERANCE, Moment, read_moment
from status_plugin.core.times.spans import Span, read_duration, read_span
from status_plugin.core.times.time_parts import day_in
from status_plugin.core.words import State, shared_states

_YES = frozenset({"true", "yes", "on", "y"})
_NO = frozenset({"false", "no", "off", "n"})

_T = TypeVar("_T")


class NoteFields:
    """Reads one note's fields by name; what is wrong with them goes to `findings`.

    A field that is missing, empty or wrong reads as None, or as nothing in it.
    """

    def __init__(
        self,
        fields: Mapping[str, Field],
        findings: Findings,
        *,
        zone: tzinfo,
        inventory: Inventory | None,
        read_at: datetime,
    ) -> None:
        self._fields = fields
        self._findings = findings
        self._zone = zone
        self._inventory = inventory
        self._read_at = read_at

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def report_unknown(self, known: Iterable[str]) -> bool:
        """Reports every key that is not known; whether one of them may be meant as a guard."""
        known = tuple(known)
        in_doubt = False
        for name, field in self._fields.items():
            if name in known:
                continue
            guard = guard_meant(name)
            in_doubt = in_doubt or guard is not None
            message = f"'{field.key}' means nothing here"
            message += ", and may be meant to hide the note: it is not shown." if guard else "."
            hint = f"Did you mean '{guard}'?" if guard else suggestion(name, known)
            self._findings.error("unknown-key", message, hint, at=field, field=field.key)
        return in_doubt

    def is_blank(self, name: str) -> bool:
        """Whether a field is missing or empty."""
        field = self._fields.get(name)
        return field is None or (isinstance(field.value, Text) and not field.value.text.strip())

    def error(self, name: str, rule: str, message: str, hint: str) -> None:
        """Reports an error at a field, or at the top of the note if it is not there."""
        field = self._fields.get(name)
        self._findings.error(rule, message, hint, at=field.value if field else None, field=name)

    def warning(self, name: str, rule: str, message: str, hint: str) -> None:
        """Reports a warning at a field, or at the top of the note if it is not there."""
        field = self._fields.get(name)
        self._findings.warning(rule, message, hint, at=field.value if field else None, field=name)

    def text(self, name: str) -> str | None:
        """A text, in one line."""
        text = self._text(name)
        return " ".join(text.text.split()) or None if text else None

    def language(self, name: str) -> str:
        """The code of a language, empty for none."""
        code = self.text(name) or ""
        if not code or LANGUAGE_CODE.fullmatch(code):
            return code
        hint = "Write the code of a language, such as 'de' or 'pt-BR', or delete the line."
        self.error(name, "wrong-word", f"'{code}' is no language.", hint)
        return ""

    def flag(self, name: str) -> bool | None:
        """True or false; false when it is missing, None when it is in doubt, which an empty one is."""
        field = self._fields.get(name)
        if field is None:
            return False
        word = field.value.text.strip().casefold() if isinstance(field.value, Text) else ""
        if word in _YES or word in _NO:
            return word in _YES
        message = f"'{word}' is neither yes nor no" if word else "There is neither yes nor no"
        message += ", so the note is not shown." if name in GUARDS else "."
        self.error(name, "wrong-word", message, f"Write '{name}: true', or delete the line.")
        return None

    def moment(self, name: str, *, previous: Moment | None = None) -> Moment | None:
        """A time; what it leaves out is that of `previous`."""
        text = self._text(name)
        if text is None:
            return None
        at = previous.local if previous else None
        found = self._read(name, text, lambda word: read_moment(word, zone=self._zone, previous=at))
        if found is None:
            return None
        moment, doubts = found
        for doubt in doubts:
            self._findings.doubt(doubt, at=text, field=name)
        return moment

    def past_moment(self, name: str, *, previous: Moment | None = None) -> Moment | None:
        """A time that has come; one ahead of the clock is an error and kept."""
        moment = self.moment(name, previous=previous)
        if moment and moment.at > self._read_at + CLOCK_TOLERANCE:
            message = f"'{moment.written}' is ahead of the clock."
            self.error(name, "ahead-of-clock", message, "Check am and pm, the date and the zone.")
        return moment

    def day_of(self, name: str) -> Moment | None:
        """The day alone of a time that cannot be read further; what is wrong with it is already said."""
        field = self._fields.get(name)
        text = field.value.text if field and isinstance(field.value, Text) else ""
        day = day_in(text)
        if day is None:
            return None
        return Moment(at=datetime.combine(day, time(), tzinfo=self._zone), written=text.strip(), exact=False)

    def span(self, name: str) -> Span | None:
        """A length of time in free words."""
        text = self._text(name)
        return self._read(name, text, read_span) if text else None

    def duration(self, name: str) -> timedelta | None:
        """A length of time."""
        text = self._text(name)
        return self._read(name, text, read_duration) if text else None

    def state(self, name: str) -> State | None:
        """A component state in staff's words."""
        text = self._text(name)
        return read_impact(text, self._findings, field=name) if text else None

    def affects(self, impact: State) -> Mapping[str, State]:
        """The affected components with their states, which are `impact` if they have none of their own."""
        field = self._fields.get("affects")
        if field is None or self._inventory is None or self.is_blank("affects"):
            return shared_states({})
        found = read_affects(field.value, self._findings, inventory=self._inventory, impact=impact)
        return shared_states(found)

    def posts(self) -> tuple[Post, ...]:
        """The blog posts about the note."""
        return tuple(post for value in self._values("posts") if (post := read_post(value, self._findings)))

    def words(self, name: str) -> tuple[str, ...]:
        """Words from a list, or from one text with commas, each once."""
        found = [part.strip() for text in self._texts(name) for part in text.text.split(",")]
        return tuple(dict.fromkeys(word for word in found if word))

    def slugs(self, name: str) -> tuple[str, ...]:
        """Slugs from a list or a single text."""
        found = []
        for text in self._texts(name):
            slug = text.text.strip()
            if is_slug(slug):
                found.append(slug)
            else:
                message = f"'{slug}' cannot stand in an address."
                hint = f"Write small letters, digits and hyphens: {slugify(slug)}"
                self._findings.error("wrong-slug", message, hint, at=text, field=name)
        return tuple(dict.fromkeys(found))

    def _values(self, name: str) -> tuple[Value, ...]:
        """The values of a list; a single value is a list of one, an empty one of none."""
        field = self._fields.get(name)
        if field is None or self.is_blank(name):
            return ()
        return field.value.items if isinstance(field.value, Items) else (field.value,)

    def _texts(self, name: str) -> list[Text]:
        texts = []
        for value in self._values(name):
            if isinstance(value, Text):
                texts.append(value)
            else:
                self._refuse_kind(name, value)
        return texts

    def _text(self, name: str) -> Text | None:
        field = self._fields.get(name)
        if field is None:
            return None
        if not isinstance(field.value, Text):
            self._refuse_kind(name, field.value)
            return None
        return field.value if field.value.text.strip() else None

    def _refuse_kind(self, name: str, value: Value) -> None:
        message = "A text is expected here, no list and no mapping."
        self._findings.error("wrong-kind", message, f"Write {name}: and a text.", at=value, field=name)

    def _read(self, name: str, text: Text, reader: Callable[[str], _T]) -> _T | None:
        try:
            return reader(text.text)
        except UnreadableError as error:
            self._findings.unreadable(error, at=text, field=name)
            return None
