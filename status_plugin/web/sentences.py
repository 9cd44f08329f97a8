"""The state in whole sentences, for places that can hold nothing but words."""

from __future__ import annotations

from status_plugin.core.board.board import Board
from status_plugin.core.board.rows import ComponentRow
from status_plugin.core.words import State
from status_plugin.web.faces import QUIET, Face, overall_face, row_face
from status_plugin.web.language import Language
from status_plugin.web.times import Times


def as_of(board: Board, times: Times) -> str:
    """How old the facts are, and whose they are."""
    if board.facts_at is not None:
        at = board.facts_at
        return times.language.say("As of {time}, {day}.", time=times.clock(at), day=times.day(at))
    if board.monitored:
        since = board.unknown_since
        if since is None:
            return times.language.say("No current facts from our monitoring.")
        return times.language.say(
            "No current facts from our monitoring since {time}.", time=times.short(since)
        )
    return _by_staff(board, times)


def overall_text(board: Board, times: Times) -> str:
    """How everything is."""
    face = overall_face(board)
    return f"{_word_and_line(face, board.overall.text, times.language)} {as_of(board, times)}"


def row_text(row: ComponentRow, board: Board, times: Times) -> str:
    """How one component is."""
    language, word = times.language, row_face(row).word
    if row.since:
        state = language.say("{state} since {time}.", state=word, time=times.short(row.since))
    else:
        state = f"{language.spoken(word)}."
    basis = as_of(board, times) if row.seen is not None else _by_staff(board, times)
    return " ".join([state, *map(language.spoken, row.remarks), basis])


def _by_staff(board: Board, times: Times) -> str:
    return times.language.say(
        "What our staff has written, as of {time}, {day}.",
        time=times.clock(board.now),
        day=times.day(board.now),
    )


def _word_and_line(face: Face, line: str, language: Language) -> str:
    """The sentence, and before it that nothing is known if it does not say so itself."""
    is_told = face.tone not in (State.UNKNOWN, QUIET) or face.word.casefold() in line.casefold()
    told = language.spoken(line)
    return f"{told}." if is_told else f"{language.spoken(face.word)}: {told}."
