"""One edition, for as long as a copy of it is made: no page of the copy can contradict another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from flask import Flask
from werkzeug.wrappers import Response as BaseResponse

from status_plugin.core.board.board import Board
from status_plugin.web.edition import Edition, NoteItem
from status_plugin.web.finished import FinishedPages
from status_plugin.web.languages import Wish
from status_plugin.web.state import PluginState, keep_state
from status_plugin.web.station import Station


class FixedStation(Station):
    """A station that always gives the same edition.

    It has no board for the site's layout: the link and the notice there say nothing of the state, so
    that ten thousand pages of old notes stay as they are when the state changes.
    """

    def __init__(self, edition: Edition) -> None:
        self._fixed = edition

    def now(self) -> datetime:
        """The moment that the copy is of."""
        return self._fixed.board.now

    def edition(self) -> Edition:
        """The edition."""
        return self._fixed

    def peek(self) -> Board | None:
        """Nothing, for the site's layout."""
        return None

    def peek_note(self, slug: str) -> NoteItem | None:
        """The note, for links in the site's own texts."""
        return self._fixed.note(slug)


class RenderedPages(FinishedPages):
    """Pages as their views make them: none is asked for twice, so that none is kept or compressed."""

    def respond(
        self,
        app: Flask,
        edition: Edition,
        now: datetime,
        view: Callable[[], BaseResponse],
        parameters: Sequence[str],
        wish: Wish,
    ) -> BaseResponse:
        """What the view makes of the request, which already is that of a visitor nobody knows."""
        return view()


@contextmanager
def fixed(app: Flask, state: PluginState, edition: Edition, copy_of: str) -> Iterator[None]:
    """Have the application show this edition alone, as a copy of the page at an address."""
    shown = replace(
        state,
        station=FixedStation(edition),
        pages=RenderedPages(state.settings.monitor_max_age),
        languages=state.languages.of_the_site,
        copy_of=copy_of,
    )
    keep_state(app, shown)
    try:
        yield
    finally:
        keep_state(app, state)


def as_of_now(edition: Edition, now: datetime) -> Edition:
    """The edition with the present time in it: until its end the clock changes nothing else."""
    board = edition.board
    return replace(edition, board=replace(board, now=now)) if board.now < now < board.valid_until else edition
