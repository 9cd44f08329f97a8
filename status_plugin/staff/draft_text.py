"""The text of a drafted note: front matter and updates, as monitoring saw the outage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from status_plugin.core.board.alerts import labels_in_part
from status_plugin.core.board.wording import are_text, failing_text, names_text
from status_plugin.core.monitoring.sightings import SAME_EVENT, Sighting, SightingKind
from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.writing import STAFF_WORDS, note_text, update_text
from status_plugin.core.times.writing import written
from status_plugin.core.words import State, worst


@dataclass(frozen=True, kw_only=True, slots=True)
class _Change:
    """What became of some components at about one time, and the checks that failed of each."""

    at: datetime
    states: Mapping[str, State]
    checks: Mapping[str, tuple[str, ...]]

    @property
    def is_recovery(self) -> bool:
        """Whether all of them work again."""
        return worst(self.states.values()) is State.OPERATIONAL


def draft_text(seen: Sequence[Sighting], inventory: Inventory, zone: tzinfo, now: datetime) -> str:
    """The note for one event, ready to be read; `seen` is all of it, in the order in which it began."""
    first, *later = _changes(seen)
    ends = [sighting.ended for sighting in seen if sighting.ended is not None]
    ended = _whole_second(max(ends)) if len(ends) == len(seen) else None
    names = {sighting.component: inventory.by_slug[sighting.component].name for sighting in seen}
    impact = worst(first.states.values())
    fields = {
        "title": _title(seen, names, over=ended is not None),
        "started": written(first.at, zone),
        "impact": STAFF_WORDS[impact],
        "affects": list(_affected(first.states, impact)),
    }
    updates = [update_text(written(first.at, zone), _sentence(first, inventory), details=["investigating"])]
    for change in later:
        if ended is None or _whole_second(change.at) < ended:
            details = [f"affects {slug}: {STAFF_WORDS[state]}" for slug, state in change.states.items()]
            updates.append(
                update_text(written(change.at, zone), _sentence(change, inventory), details=details)
            )
    if ended is not None:
        said = max(_whole_second(now), ended)
        details = ["resolved", f"since {written(ended, zone)}"]
        end = "Our monitoring sees no trouble any more."
        updates.append(update_text(written(said, zone), end, details=details))
    return note_text(fields, body=_introduction(over=ended is not None), updates=updates)


def _whole_second(at: datetime) -> datetime:
    """The next full second: what has ended must not seem to have ended before it began."""
    return at + timedelta(microseconds=-at.microsecond % 1_000_000)


def _changes(seen: Sequence[Sighting]) -> list[_Change]:
    """What happened, oldest first: what goes wrong within two minutes is one change, and so is recovery."""
    found: list[_Change] = []
    for at, slug, state, checks in sorted(_turns(seen), key=lambda turn: turn[:2]):
        last = found[-1] if found else None
        if last is None or at - last.at > SAME_EVENT or last.is_recovery != (state is State.OPERATIONAL):
            found.append(_Change(at=at, states={slug: state}, checks={slug: checks}))
        else:
            # The longer and the worse is told: staff know better if it was less.
            states = {**last.states, slug: worst([state, last.states.get(slug, state)])}
            behind = last.checks if states[slug] is last.states.get(slug) else {**last.checks, slug: checks}
            found[-1] = _Change(at=at if last.is_recovery else last.at, states=states, checks=behind)
    return found


def _turns(seen: Sequence[Sighting]) -> Iterator[tuple[datetime, str, State, tuple[str, ...]]]:
    for sighting in seen:
        if sighting.began < sighting.steps[0].since:
            # Of what was before the first look there is only known that it was no good.
            yield sighting.began, sighting.component, State.DEGRADED_PERFORMANCE, ()
        for step in sighting.steps:
            yield step.since, sighting.component, step.state, step.checks
        if sighting.ended is not None:
            yield sighting.ended, sighting.component, State.OPERATIONAL, ()
        elif sighting.state is not sighting.worst:
            yield sighting.last_seen, sighting.component, sighting.state, sighting.checks


def _title(seen: Sequence[Sighting], names: Mapping[str, str], *, over: bool) -> str:
    if seen[0].kind is SightingKind.UNREACHABLE:
        verb = "could not be reached" if over else "cannot be reached"
        return f"{names_text(list(names.values()))} {verb} by our monitoring"
    return are_text(list(names.values()), worst(sighting.worst for sighting in seen), over=over)


def _affected(states: Mapping[str, State], impact: State) -> Iterator[str | Mapping[str, str]]:
    for slug, state in states.items():
        yield slug if state is impact else {slug: STAFF_WORDS[state]}


def _introduction(*, over: bool) -> str:
    if over:
        return "Our monitoring saw this. This note was written when it was over."
    return "Our monitoring has reported this. What it means for you is to follow."


def _sentence(change: _Change, inventory: Inventory) -> str:
    by_state: dict[State, list[tuple[str, list[str]]]] = {}
    for slug, state in change.states.items():
        component = inventory.by_slug[slug]
        labels = [_verbatim(label) for label in labels_in_part(component, change.checks[slug])]
        by_state.setdefault(state, []).append((_verbatim(component.name), labels))
    return " ".join(_seen(named, state) for state, named in by_state.items())


def _verbatim(name: str) -> str:
    """The name as Markdown that shows it as it is."""
    return re.sub(r"([\\`*_\[\]])", r"\\\1", name.replace("&", "&amp;").replace("<", "&lt;"))


def _seen(told: Sequence[tuple[str, Sequence[str]]], state: State) -> str:
    if state is State.UNKNOWN:
        return f"Our monitoring could not reach {names_text([name for name, _ in told])}."
    again = "" if state.is_trouble else " again"
    return f"Our monitoring saw that {failing_text(told, state, over=True)}{again}."
