"""What stands in an update's brackets: `[resolved; since 7:58pm; affects srv3: operational]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.findings import Findings, suggestion
from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.moments import CLOCK_TOLERANCE, Lean, Moment, Neighbour, place
from status_plugin.core.times.spans import read_duration
from status_plugin.core.times.time_parts import read_time_parts
from status_plugin.core.words import STATE_WORDS, IncidentPhase, MaintenancePhase, Phase, State, read_state

FIELD = "update"


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """A place in a file; both count from 1."""

    line: int
    column: int


@dataclass(kw_only=True, slots=True)
class Details:
    """What could be read of an update's brackets."""

    phase: Phase | None = None
    since: Moment | None = None
    next_update: Moment | None = None
    impact: State | None = None
    affects: dict[str, State] = field(default_factory=dict)


_NEAR_WORDS: dict[type[IncidentPhase] | type[MaintenancePhase], dict[str, Phase]] = {
    IncidentPhase: {
        "investigation": IncidentPhase.INVESTIGATING,
        "under investigation": IncidentPhase.INVESTIGATING,
        "cause found": IncidentPhase.IDENTIFIED,
        "watching": IncidentPhase.MONITORING,
        "observing": IncidentPhase.MONITORING,
        "fixed": IncidentPhase.RESOLVED,
        "solved": IncidentPhase.RESOLVED,
        "closed": IncidentPhase.RESOLVED,
        "done": IncidentPhase.RESOLVED,
        "over": IncidentPhase.RESOLVED,
        "post mortem": IncidentPhase.POSTMORTEM,
    },
    MaintenancePhase: {
        "planned": MaintenancePhase.SCHEDULED,
        "started": MaintenancePhase.IN_PROGRESS,
        "begun": MaintenancePhase.IN_PROGRESS,
        "underway": MaintenancePhase.IN_PROGRESS,
        "under way": MaintenancePhase.IN_PROGRESS,
        "testing": MaintenancePhase.VERIFYING,
        "verification": MaintenancePhase.VERIFYING,
        "complete": MaintenancePhase.COMPLETED,
        "done": MaintenancePhase.COMPLETED,
        "finished": MaintenancePhase.COMPLETED,
        "over": MaintenancePhase.COMPLETED,
        "canceled": MaintenancePhase.CANCELLED,
        "called off": MaintenancePhase.CANCELLED,
    },
}

_FLAGS = re.ASCII | re.IGNORECASE | re.VERBOSE
_KEYWORD = re.compile(
    r"""\s* (?: (?P<next_update> next (?: \s+ update )? (?: \s+ (?:is|due|expected) )? \b )
    | (?P<since> since \b ) | (?P<impact> impact \b ) | (?P<affects> affect(?:s|ed|ing)? \b )
    | (?P<phase> (?: phase | status | state ) \b (?=\s*[:=]) ) ) \s* [:=]? \s* (?: (?:by|at|@) \s+ )?""",
    _FLAGS,
)
_SEPARATOR = re.compile(r"[;,]")
_MORE_OF_A_TIME = re.compile(
    r"""\s* (?: (?: at | @ | about | around | ~ ) \s* )?
    (?: [0-9] | (?: jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec ) [a-z.]* \s* [0-9] )""",
    _FLAGS,
)
_FROM_NOW = re.compile(
    r"(?: in | within ) \s+ (?: the \s+ next \s+ | about \s+ | around \s+ | approx\w*\.? \s+ )? (.*)", _FLAGS
)
_AND = re.compile(r"\s+and\s+|\s*[&+]\s*", re.IGNORECASE)
_DAY_WORDS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_DAY_WORD = re.compile("|".join(_DAY_WORDS), re.IGNORECASE)


class DetailsReader:
    """Reads the brackets of one note's updates; a part that cannot be read costs only itself."""

    def __init__(
        self,
        findings: Findings,
        *,
        phases: type[IncidentPhase] | type[MaintenancePhase],
        inventory: Inventory | None,
        read_at: datetime,
    ) -> None:
        self._findings = findings
        self._phases = phases
        self._inventory = inventory
        self._read_at = read_at

    def read(self, text: str, *, at: Moment, line: int, column: int) -> Details:
        """The details in a text that begins at `line` and `column`, said at a moment."""
        details = Details()
        for part, offset in self._parts(text):
            spot = Spot(line=line, column=column + offset)
            try:
                self._take(part, details, at, spot)
            except UnreadableError as error:
                self._findings.unreadable(error, at=spot, field=FIELD)
        return details

    def _parts(self, text: str) -> Iterator[tuple[str, int]]:
        start = 0
        for separator in _SEPARATOR.finditer(f"{text};"):
            part, rest = text[start : separator.start()], text[separator.end() :]
            if separator[0] == "," and self._goes_on(part, rest):
                continue
            if part.strip():
                yield part.strip(), start + len(part) - len(part.lstrip())
            start = separator.end()

    def _goes_on(self, part: str, rest: str) -> bool:
        """Whether what follows a comma still belongs to the part before it."""
        keyword = _KEYWORD.match(part)
        if keyword and keyword["affects"]:
            following = _SEPARATOR.split(rest, maxsplit=1)[0]
            return not _KEYWORD.match(following) and not self._find_phase(following)
        is_time = keyword and (keyword["since"] or keyword["next_update"])
        return bool(is_time and _MORE_OF_A_TIME.match(rest))

    def _take(self, part: str, details: Details, at: Moment, spot: Spot) -> None:
        keyword = _KEYWORD.match(part)
        name = keyword.lastgroup if keyword else "phase"
        value = part[keyword.end() :] if keyword else part
        if name != "affects" and getattr(details, str(name)) is not None:
            if name == "phase":
                self._phase(value)
            raise UnreadableError(
                "repeated-detail", f"'{part}' is the second of its kind.", "Keep one of them."
            )
        match name:
            case "since":
                details.since = self._since(value, at, spot)
            case "next_update":
                details.next_update = self._next_update(value, at, spot)
            case "impact":
                details.impact = self._state(value)
            case "affects":
                details.affects |= self._affects(value, spot, len(part) - len(value))
            case _:
                details.phase = self._phase(value)

    def _phase(self, text: str) -> Phase:
        phase = self._find_phase(text)
        if phase:
            return phase
        if read_state(text):
            raise UnreadableError("wrong-word", f"'{text}' is no phase.", f"Did you mean 'impact {text}'?")
        known = [str(phase).replace("_", " ") for phase in self._phases]
        hint = suggestion(text, [*known, "next update", "since", "impact", "affects"])
        raise UnreadableError("wrong-word", f"'{text}' is not understood here.", hint)

    def _find_phase(self, text: str) -> Phase | None:
        word = " ".join(re.split(r"[\s_-]+", text.strip().casefold()))
        if word.replace(" ", "_") in set(self._phases):
            return self._phases(word.replace(" ", "_"))
        return _NEAR_WORDS[self._phases].get(word)

    def _state(self, text: str) -> State:
        state = read_state(text)
        # Maintenance is what windows do; an incident that claims it would not look like one.
        if state is None or (state is State.UNDER_MAINTENANCE and self._phases is IncidentPhase):
            words = dict.fromkeys(word for word in STATE_WORDS if "maintenance" not in word)
            raise UnreadableError("wrong-word", f"'{text}' is no state.", suggestion(text, words))
        return state

    def _since(self, text: str, at: Moment, spot: Spot) -> Moment | None:
        since = self._moment(text, at, Lean.EARLIER, spot)
        is_late = since.at > at.at and not at.is_date_alone
        if since.at > self._read_at + CLOCK_TOLERANCE:
            message = f"'{text}' lies ahead of the clock."
            self._findings.error(
                "ahead-of-clock", message, "Check date, am or pm, and zone.", at=spot, field=FIELD
            )
        elif is_late:
            day = (at.local - timedelta(days=1)).date()
            hint = f"Write the date too, such as 'since {day} {text}'."
            raise UnreadableError("since-after-update", f"'{text}' is later than the update itself.", hint)
        return None if is_late else since

    def _next_update(self, text: str, at: Moment, spot: Spot) -> Moment:
        from_now = _FROM_NOW.fullmatch(text)
        if from_now and not at.is_date_alone:
            later = at.at + read_duration(from_now[1])
            # Even "in about 30 min" is exact: its own words would mean nothing to a later reader.
            return Moment(at=later, written=text, zone=at.zone)
        following = self._moment(text, at, Lean.LATER, spot)
        if following.at <= at.at and not following.is_date_alone:
            day = (at.local + timedelta(days=1)).date()
            hint = f"Write the date too, such as 'next update {day} {text}'."
            raise UnreadableError(
                "next-update-too-early", f"'{text}' is not later than the update itself.", hint
            )
        return following

    def _moment(self, text: str, at: Moment, lean: Lean, spot: Spot) -> Moment:
        try:
            parts = read_time_parts(text)
        except UnreadableError as error:
            word = _DAY_WORD.search(text)
            if error.rule != "relative-time" or not word:
                raise
            day = at.local.date() + timedelta(days=_DAY_WORDS[word[0].lower()])
            hint = f"Write the date: '{text[: word.start()]}{day}{text[word.end() :]}'."
            raise UnreadableError(error.rule, error.message, hint) from error
        moment, doubts = place(parts, zone=UTC, beside=Neighbour.of(at, lean))
        for doubt in doubts:
            self._findings.doubt(doubt, at=spot, field=FIELD)
        return moment

    def _affects(self, text: str, spot: Spot, offset: int) -> dict[str, State]:
        if self._inventory is None:
            if not any(problem.rule == "unchecked-components" for problem in self._findings.problems):
                message = "What this affects cannot be checked while components.yml cannot be read."
                hint = "Correct components.yml."
                self._findings.error("unchecked-components", message, hint, at=spot, field=FIELD)
            return {}
        affects: dict[str, State] = {}
        for entry in re.finditer(r"[^\s,][^,]*", text):
            place_of_entry = Spot(line=spot.line, column=spot.column + offset + entry.start())
            try:
                affects |= self._entry(entry[0].strip(), self._inventory)
            except UnreadableError as error:
                self._findings.unreadable(error, at=place_of_entry, field=FIELD)
        return affects

    def _entry(self, entry: str, inventory: Inventory) -> dict[str, State]:
        name, separator, word = entry.replace("=", ":").rpartition(":")
        if not separator:
            name, _, word = entry.rpartition(" ")
            line = f"{name}: {word}" if name and read_state(word) else f"{entry}: operational"
            hint = f"Write it like 'affects {line}'."
            raise UnreadableError("no-state", f"'{entry}' is given no state.", hint)
        state = self._state(word.strip())
        return dict.fromkeys(_find(name.strip(), inventory), state)


def _find(name: str, inventory: Inventory) -> tuple[str, ...]:
    try:
        return inventory.find(name)
    except UnreadableError:
        names = _AND.split(name)
        if len(names) == 1:
            raise
        return tuple(slug for single in names for slug in inventory.find(single))
