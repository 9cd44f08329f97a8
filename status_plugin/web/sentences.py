"""The state in whole sentences, for places that can hold nothing but words."""

from __future__ import annotations

from status_plugin.core.board.board import Board
from status_plugin.core.board.rows import ComponentRow
from status_plugin.core.words import State
from status_plugin.web.faces import QUIET, Face, overall_face, row_face
from status_plugin.web.times import Times


def as_of(board: Board, times: Times) -> str:
    """How old the facts are, and whose they are."""
    if board.facts_at is not None:
        return f"As of {times.clock(board.facts_at)}, {times.day(board.facts_at)}."
    if board.monitored:
        since = f" since {times.short(board.unknown_since)}" if board.unknown_since else ""
        return f"No current facts from our monitoring{since}."
    return _by_staff(board, times)


def overall_text(board: Board, times: Times) -> str:
    """How everything is."""
    face = overall_face(board)
    return f"{_word_and_line(face, board.overall.text)} {as_of(board, times)}"


def row_text(row: ComponentRow, board: Board, times: Times) -> str:
    """How one component is."""
    since = f" since {times.short(row.since)}" if row.since else ""
    basis = as_of(board, times) if row.seen is not None else _by_staff(board, times)
    return " ".join([f"{row_face(row).word}{since}.", *row.remarks, basis])


def _by_staff(board: Board, times: Times) -> str:
    return f"What our staff has written, as of {times.clock(board.now)}, {times.day(board.now)}."


def _word_and_line(face: Face, line: str) -> str:
    """The sentence, and before it that nothing is known if it does not say so itself."""
    is_told = face.tone not in (State.UNKNOWN, QUIET) or face.word.casefold() in line.casefold()
    return f"{line}." if is_told else f"{face.word}: {line}."
