"""What the clock and monitoring add to a note: sentences that nobody had to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from status_plugin.core.board.alerts import covers
from status_plugin.core.board.items import AlertItem, IncidentItem, Life, WindowItem
from status_plugin.core.board.sight import INCIDENT_SIGHT, WINDOW_SIGHT
from status_plugin.core.board.windows import RUNNING, Surveillance, end_of, is_outlasted
from status_plugin.core.board.wording import are_text, clock_text
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.sightings import Sighting
from status_plugin.core.monitoring.word import Word
from status_plugin.core.notes.components import Inventory
from status_plugin.core.sayings import message, saying
from status_plugin.core.words import IncidentPhase, State

START_NOT_CONFIRMED = saying("The window has begun; the start of the work is not confirmed.")


def incident_remarks(
    item: IncidentItem,
    words: Mapping[str, Word],
    memory: Memory,
    inventory: Inventory,
    zone: tzinfo,
    now: datetime,
) -> tuple[str, ...]:
    """What monitoring saw of the incident, and, while it is open, where the two differ."""
    remarks = list(_first_seen(item, memory.sightings, zone, now))
    if not item.phase.is_ended:
        remarks += _differences(item, words, inventory)
    return tuple(remarks)


def window_remarks(
    item: WindowItem, seen: Surveillance, sightings: Sequence[Sighting], zone: tzinfo, now: datetime
) -> tuple[str, ...]:
    """What monitoring saw of the window, and where its life departs from its plan."""
    remarks = list(_first_seen(item, sightings, zone, now))
    remarks += _life_remarks(item, seen, zone, now)
    expected = item.note.expected_downtime
    troubled = [seen.trouble[slug] for slug in item.affects if slug in seen.trouble]
    is_outlasting = item.life in RUNNING and any(is_outlasted(item, trouble, now) for trouble in troubled)
    if expected is not None and is_outlasting:
        remarks.append(saying("This is taking longer than expected ({length}).", length=expected.written))
    return tuple(remarks)


def alert_remarks(
    alert: AlertItem,
    items: Sequence[IncidentItem | WindowItem],
    trouble: Mapping[str, Sighting],
    zone: tzinfo,
    now: datetime,
) -> tuple[str, ...]:
    """The alert's own remarks, and any note that calls over what monitoring still sees, or last saw."""
    seen = [trouble[slug] for slug in alert.affects if slug in trouble]
    if alert.ended is not None or not seen:
        return alert.remarks
    too_early = (
        _called_over(item, seen, alert.started, zone, now)
        for item in items
        if item.affects.keys() & alert.affects.keys()
    )
    return (*alert.remarks, *filter(None, too_early))


def contradictions(
    item: IncidentItem | WindowItem,
    words: Mapping[str, Word],
    trouble: Mapping[str, Sighting],
    inventory: Inventory,
    zone: tzinfo,
    now: datetime,
) -> tuple[str, ...]:
    """Where a note and monitoring differ now: what it claims, or that it calls over what is still seen."""
    seen = [trouble[slug] for slug in item.affects if slug in trouble and slug in inventory.by_slug]
    since = min((sighting.began for sighting in seen), default=now)
    found = [said] if seen and (said := _called_over(item, seen, since, zone, now)) else []
    if isinstance(item, IncidentItem) and not item.phase.is_ended:
        found += _differences(item, words, inventory)
    return tuple(found)


def _called_over(
    item: IncidentItem | WindowItem, seen: Sequence[Sighting], since: datetime, zone: tzinfo, now: datetime
) -> str:
    """That a note calls over what monitoring has seen since then and still sees, or last saw; else empty."""
    ended = item.ended
    if not ended or not ended.exact or ended.at <= since:
        return ""
    if isinstance(item, WindowItem) and item.life is not Life.COMPLETED:
        return ""
    is_lost = all(sighting.lost for sighting in seen)
    last = max(sighting.last_seen for sighting in seen)
    return saying(
        _CALLED_OVER[isinstance(item, IncidentItem), is_lost],
        title=item.title,
        time=clock_text(ended.at, zone, now),
        last=clock_text(last, zone, now),
    )


_CALLED_OVER = {
    (True, False): message("“{title}” was called resolved at {time}; our monitoring still sees trouble."),
    (True, True): message(
        "“{title}” was called resolved at {time}; our monitoring last saw trouble at {last}."
    ),
    (False, False): message("“{title}” was called completed at {time}; our monitoring still sees trouble."),
    (False, True): message(
        "“{title}” was called completed at {time}; our monitoring last saw trouble at {last}."
    ),
}
"""That a note calls over what monitoring sees: whether it is an incident, and whether sight was lost."""


def _first_seen(
    item: IncidentItem | WindowItem, sightings: Sequence[Sighting], zone: tzinfo, now: datetime
) -> Iterator[str]:
    """The alerts that the note has taken over: each kind of them a sentence, in front of all others."""
    covered = [sighting for sighting in sightings if covers(item, sighting)]
    for kind, told in WINDOW_SIGHT.items() if isinstance(item, WindowItem) else INCIDENT_SIGHT.items():
        seen = [sighting for sighting in covered if sighting.kind is kind]
        if not seen:
            continue
        began = clock_text(min(sighting.began for sighting in seen), zone, now)
        going_on = [sighting for sighting in seen if sighting.ended is None]
        if not going_on:
            ended = max(sighting.ended for sighting in seen if sighting.ended)
            yield saying(told.during, begin=began, end=clock_text(ended, zone, now))
        elif all(sighting.lost for sighting in going_on):
            last = clock_text(max(sighting.last_seen for sighting in going_on), zone, now)
            yield saying(told.lost, begin=began, last=last)
        else:
            yield saying(told.since, begin=began)


def _differences(item: IncidentItem, words: Mapping[str, Word], inventory: Inventory) -> Iterator[str]:
    """One sentence for each state that monitoring sees and the note does not claim."""
    differing: dict[State, list[str]] = {}
    for slug, claim in item.affects.items():
        word = words.get(slug)
        if word is None or slug not in inventory.by_slug or word.state in (claim, State.UNKNOWN):
            continue
        healed = word.state is State.OPERATIONAL and claim.is_trouble
        if word.state.is_trouble or (healed and item.phase is not IncidentPhase.MONITORING):
            differing.setdefault(word.state, []).append(inventory.by_slug[slug].name)
    for state, names in differing.items():
        yield saying("Our monitoring sees otherwise: {sentence}.", sentence=are_text(names, state))


def _life_remarks(item: WindowItem, seen: Surveillance, zone: tzinfo, now: datetime) -> Iterator[str]:
    end = end_of(item.note)
    if item.life is Life.DUE:
        yield START_NOT_CONFIRMED
    elif item.life is Life.ENDED_NOT_CONFIRMED:
        yield saying("Ended as scheduled, not confirmed.")
    elif item.life in (Life.OVERRUNNING, Life.END_NOT_CONFIRMED) and end:
        trouble = [seen.trouble[slug] for slug in item.note.affects if slug in seen.trouble]
        is_seen = any(not sighting.lost for sighting in trouble)
        yield saying(_over_message(item.life, is_seen=is_seen), time=clock_text(end, zone, now))


def _over_message(life: Life, *, is_seen: bool) -> str:
    if life is Life.END_NOT_CONFIRMED:
        return message("The window ended at {time}; its end is not confirmed.")
    if is_seen:
        return message("The window ended at {time}, but our monitoring still sees trouble.")
    return message("The window ended at {time}, but the work goes on.")
