"""What kinds of fact differ between two readings of a note, as far as visitors could see them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from status_plugin.core.notes.edit import EditKind
from status_plugin.core.notes.markdown import render, words_of
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.updates import Update
from status_plugin.core.times.moments import Moment
from status_plugin.core.words import State

_LINKED = re.compile(r'(?:href|src)="([^"]*)"')

UpdatePair = tuple[Update | None, Update | None]
"""An update as it was and as it is; None where it was not there yet, or is no longer."""


def note_differences(before: Incident | Maintenance, after: Incident | Maintenance) -> set[EditKind]:
    """The kinds that differ outside the updates; a fact that was not known before is no difference."""
    found = _states_differ(before.affects, after.affects)
    if _blanks_joined(before.title) != _blanks_joined(after.title):
        found.add(EditKind.TITLE)
    if any(_was_changed(*times) for times in zip(_times(before), _times(after), strict=False)):
        found.add(EditKind.TIMES)
    if isinstance(before, Incident) and isinstance(after, Incident) and before.impact is not after.impact:
        found.add(EditKind.IMPACT)
    if isinstance(before, Maintenance) and isinstance(after, Maintenance):
        if _expected(before) and _expected(before) != _expected(after):
            found.add(EditKind.TIMES)
        if before.emergency is not after.emergency:
            found.add(EditKind.WORDING)
    if not reads_alike(before.text, after.text):
        found.add(EditKind.WORDING)
    return found


def update_differences(before: Update, after: Update) -> set[EditKind]:
    """The kinds that differ in an update."""
    found = _states_differ(before.affects, after.affects)
    if before.phase is not after.phase:
        found.add(EditKind.PHASE)
    if before.impact is not after.impact:
        found.add(EditKind.IMPACT)
    if any(
        _shown(one) != _shown(other)
        for one, other in (
            (before.at, after.at),
            (before.since, after.since),
            (before.next_update, after.next_update),
        )
    ):
        found.add(EditKind.TIMES)
    if not reads_alike(before.text, after.text):
        found.add(EditKind.WORDING)
    return found


def paired_updates(before: Sequence[Update], after: Sequence[Update]) -> list[UpdatePair]:
    """Each update with what it was: of the same time, else with the same words, else of the same number.

    So neither a corrected time nor an update that was forgotten and added between two makes another new.
    """
    pairs: list[UpdatePair] = []
    old, new = list(before), list(after)
    for mark in (_anchor, _words, _number):
        left = {mark(update): update for update in reversed(old)}
        for update in list(new):
            if partner := left.pop(mark(update), None):
                pairs.append((partner, update))
                old.remove(partner)
                new.remove(update)
    return [*pairs, *((update, None) for update in old), *((None, update) for update in new)]


def is_same_note(one: Incident | Maintenance, other: Incident | Maintenance) -> bool:
    """Whether two notes are likely the same one under two names, rather than one made from the other."""
    if type(one) is not type(other):
        return False
    is_retold = bool(one.text) and one.text == other.text
    return is_retold or one.title == other.title or _shown(_times(one)[0]) == _shown(_times(other)[0])


def reads_alike(one: str, other: str) -> bool:
    """Whether two texts say the same to a reader and lead to the same places."""
    return one == other or list(_as_read(one)) == list(_as_read(other))


def _as_read(text: str) -> Iterator[str]:
    html = render(text)
    yield _blanks_joined(words_of(html))
    yield from _LINKED.findall(html)


def _blanks_joined(text: str) -> str:
    return " ".join(text.split())


def _anchor(update: Update) -> str:
    return update.anchor


def _words(update: Update) -> str:
    return _blanks_joined(update.text)


def _number(update: Update) -> str:
    return str(update.number)


def _times(note: Incident | Maintenance) -> tuple[Moment | None, ...]:
    common = note.announced, note.postmortem_due
    if isinstance(note, Incident):
        return note.started, note.resolved, *common
    return note.starts, note.ends, *common


def _expected(window: Maintenance) -> str:
    return _blanks_joined(window.expected_downtime.written) if window.expected_downtime else ""


def _was_changed(before: Moment | None, after: Moment | None) -> bool:
    return before is not None and _shown(before) != _shown(after)


def _shown(moment: Moment | None) -> tuple[object, ...]:
    """What visitors see of a moment: its time, and the writer's words only where it is vague."""
    if moment is None:
        return ()
    return (moment.at,) if moment.exact else (moment.at, _blanks_joined(moment.written))


def _states_differ(before: Mapping[str, State], after: Mapping[str, State]) -> set[EditKind]:
    found = set()
    if before.keys() != after.keys():
        found.add(EditKind.AFFECTED)
    if any(before[slug] is not after[slug] for slug in before.keys() & after.keys()):
        found.add(EditKind.IMPACT)
    return found
