"""What may be a mistake about an update that can be read well enough."""

from __future__ import annotations

from collections.abc import Iterator

from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.words import IncidentPhase, MaintenancePhase, Phase
from status_plugin.staff.desk.at_hand import NoteItem, is_ahead, is_open
from status_plugin.staff.desk.refusal import RefusedError
from status_plugin.staff.desk.word import Word


def doubts_about(item: NoteItem, word: Word) -> Iterator[str]:
    """Sentences on what may not be meant so."""
    if word.phase is not None and _goes_back(item.phase, word.phase):
        yield f"This goes back from '{_words(item.phase)}' to '{_words(word.phase)}'."
    elif word.phase is None and not is_open(item) and not is_ahead(item):
        yield f"'{item.title}' is over ({_words(item.phase)}), and this leaves it so."
    if isinstance(item, IncidentItem) and item.started and item.started.exact:
        if word.at.at < item.started.at:
            yield "This is dated before the incident began."
    elif isinstance(item, WindowItem) and is_ahead(item) and word.phase in _AT_WORK:
        yield "The window has not begun by the clock."


def must_stand_as_before(item: NoteItem, now: NoteItem, word: Word) -> None:
    """Raises RefusedError if somebody has moved the note on while this word was thought of."""
    if word.phase is not None and now.phase != item.phase:
        raise RefusedError(
            f"Somebody has just written that '{item.title}' is '{_words(now.phase)}'; it was "
            f"'{_words(item.phase)}' when you began. Nothing is written. Look at it, and say it again."
        )


def must_count(item: NoteItem, word: Word) -> None:
    """Raises RefusedError if a phase would change nothing, since a later word tells another."""
    if word.phase is not None and any(
        update.phase is not None and update.at.at > word.at.at for update in item.note.updates
    ):
        raise RefusedError(
            f"A word of an earlier time does not change where '{item.title}' stands: a later one says "
            f"'{_words(item.phase)}'. Leave --when out, and tell with --since when it became true."
        )


def must_be_open(item: NoteItem) -> None:
    """Raises RefusedError if a note cannot be resolved: it is over, or has not begun."""
    if is_ahead(item):
        raise RefusedError(
            f"'{item.title}' has not begun. To call it off: flask status cancel {item.slug}. "
            f"If work began early: flask status update {item.slug} --phase 'in progress' TEXT"
        )
    if not is_open(item):
        later = "postmortem" if isinstance(item, IncidentItem) else str(item.phase)
        raise RefusedError(
            f"'{item.title}' is over already ({_words(item.phase)}). "
            f"To add to it: flask status update {item.slug} --phase {later} TEXT"
        )


def must_be_a_window(item: NoteItem) -> None:
    """Raises RefusedError if a note cannot be cancelled: it is an incident, or over."""
    if isinstance(item, IncidentItem):
        raise RefusedError(
            f"'{item.title}' is an incident, and what broke cannot be called off. If it is over, or never "
            f"was: flask status resolve {item.slug} TEXT, and say in the text what was seen, such as "
            "'This was a false alarm: nothing was offline.'"
        )
    if not is_open(item) and not is_ahead(item):
        raise RefusedError(
            f"'{item.title}' is over already ({_words(item.phase)}), so nothing is left to cancel."
        )


_AT_WORK = (MaintenancePhase.IN_PROGRESS, MaintenancePhase.VERIFYING)


def _goes_back(now: Phase, then: Phase) -> bool:
    order = list[Phase](IncidentPhase) if isinstance(now, IncidentPhase) else list[Phase](MaintenancePhase)
    return order.index(then) < order.index(now)


def _words(phase: Phase) -> str:
    return str(phase).replace("_", " ")
