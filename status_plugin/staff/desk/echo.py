"""What a command of the desk says it has understood, in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from status_plugin.core.board.wording import STATE_NAMES, date_text, zone_name
from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import State
from status_plugin.staff.desk.time_style import TimeStyle
from status_plugin.staff.desk.word import Word
from status_plugin.web.times import duration_text, vague_text


def time_in_full(moment: Moment, style: TimeStyle, now: datetime) -> str:
    """A time with its day and zone, as "Thu 20 Nov, 7:30 pm EST"; with the year where it is another."""
    if not moment.exact:
        return vague_text(moment)
    local = moment.local
    day = date_text(local)
    day = day.removesuffix(f" {local.year}") if local.year == now.astimezone(local.tzinfo).year else day
    clock = style.clock(local).replace("am", " am").replace("pm", " pm")
    return f"{day}, {clock} {zone_name(local)}"


def word_echo(title: str, word: Word, inventory: Inventory, style: TimeStyle, now: datetime) -> str:
    """What an update says about a note."""
    return f"{title}: {'; '.join(_word_parts(word, inventory, style, now))}."


def incident_echo(note: Incident, word: Word, inventory: Inventory, style: TimeStyle, now: datetime) -> str:
    """What a new incident says."""
    parts = [f"began {time_in_full(note.started, style, now)}"] if note.started else []
    parts += [
        _affected(note.affects, inventory) or f"{STATE_NAMES[note.impact].lower()}, affects nothing listed"
    ]
    return f"{note.title}: {'; '.join([*parts, *_word_parts(word, inventory, style, now)])}."


def window_echo(note: Maintenance, inventory: Inventory, style: TimeStyle, now: datetime) -> str:
    """What a new window says."""
    parts = []
    if note.starts and note.ends:
        begin, end = time_in_full(note.starts, style, now), time_in_full(note.ends, style, now)
        parts.append(f"from {begin} to {end} ({duration_text(note.ends.at - note.starts.at)})")
    if note.expected_downtime:
        parts.append(f"expected downtime {note.expected_downtime.written}")
    names = ", ".join(_name(slug, inventory) for slug in note.affects)
    parts.append(f"affects {names}" if names else "affects nothing listed")
    if note.emergency:
        parts.append("an emergency")
    return f"{note.title}: {'; '.join(parts)}."


def _word_parts(word: Word, inventory: Inventory, style: TimeStyle, now: datetime) -> Iterator[str]:
    phase = str(word.phase).replace("_", " ") if word.phase else "update"
    yield f"{phase} at {time_in_full(word.at, style, now)}"
    if word.since:
        yield f"since {time_in_full(word.since, style, now)}"
    if word.impact:
        yield f"all that is affected: {STATE_NAMES[word.impact].lower()}"
    if word.affects:
        yield _affected(word.affects, inventory)
    if word.next_update:
        yield f"next update promised for {time_in_full(word.next_update, style, now)}"


def _affected(states: Mapping[str, State], inventory: Inventory) -> str:
    return ", ".join(
        f"{_name(slug, inventory)} {STATE_NAMES[state].lower()}" for slug, state in states.items()
    )


def _name(slug: str, inventory: Inventory) -> str:
    component = inventory.by_slug.get(slug)
    return component.name if component else slug
