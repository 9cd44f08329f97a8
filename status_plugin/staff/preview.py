"""`flask status preview`: the page from the folder as it lies there, at any moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Flask

from status_plugin.core.monitoring.hindsight import Hindsight
from status_plugin.core.notes.content import Content
from status_plugin.sources.content_with_posts import open_content
from status_plugin.sources.monitors import SourceTerms
from status_plugin.sources.private_names import PrivateNames
from status_plugin.sources.shared_cache import SharedCache
from status_plugin.sources.summary_cache import SummaryCache
from status_plugin.sources.summary_text import Snapshot
from status_plugin.staff.unfinished_notes import WithUnfinished
from status_plugin.web.finished import FinishedPages
from status_plugin.web.state import PluginState, keep_state
from status_plugin.web.station import Folder, Station


@dataclass(frozen=True, slots=True)
class _ReadNow:
    """A folder that is read by the real clock, whatever moment is asked about.

    What was written for a later time than that moment must not look like a typing mistake.
    """

    folder: Folder
    clock: Callable[[], datetime]

    def read(self, now: datetime) -> Content:
        return self.folder.read(self.clock())


class NoPageError(Exception):
    """The site answers something else where the page should be; the message says what."""


def page_bytes(app: Flask, address: str) -> bytes:
    """The page as a visitor gets it; raises NoPageError where there is none to get."""
    with app.test_client().get(address) as answer:
        if answer.status_code != 200:
            onward = f" and leads to {answer.location}" if answer.location else ""
            raise NoPageError(f"the site answers {answer.status}{onward}.")
        return answer.get_data()


_JOURNAL = "journal"
"""The source under whose name the past is told."""


def _remembered(past: Hindsight | None, as_of: datetime, max_age: timedelta) -> Snapshot:
    if past is None:
        return Snapshot(asked_at=as_of)
    return Snapshot(
        readings={_JOURNAL: past.reading(as_of, max_age)},
        memory=past.memory,
        asked_at=as_of,
        answered_at={_JOURNAL: as_of},
    )


def show_as_of(app: Flask, state: PluginState, as_of: datetime, clock: Callable[[], datetime]) -> PluginState:
    """Let the application show the page as of a moment, for as long as this process lives.

    What monitoring said then is known from the journal alone; what it watches is unknown where that
    does not tell.
    """
    settings = state.settings
    past = state.journal.hindsight(as_of) if state.journal else None
    station = Station(
        folder=_ReadNow(open_content(settings, PrivateNames.of(state.monitor_map)), clock),
        summaries=SummaryCache(
            {},
            SharedCache(None),
            ttl=settings.monitor_ttl,
            terms=SourceTerms(),
            snapshot=_remembered(past, as_of, settings.monitor_max_age),
        ),
        coverage=lambda inventory: (
            {_JOURNAL: past.coverage} if past else state.monitor_map.coverage(inventory, state.sources)
        ),
        rules=settings.rules,
        clock=lambda: as_of,
        look_every=timedelta(),
    )
    shown = _shown_by(state, station)
    keep_state(app, shown)
    return shown


def show_drafts(app: Flask, state: PluginState, clock: Callable[[], datetime]) -> PluginState:
    """Let the application show drafts and what is not announced yet, for as long as this process lives."""
    folder = open_content(state.settings, PrivateNames.of(state.monitor_map), drafts=True)
    unfinished = WithUnfinished(_ReadNow(folder, clock), state.station.now)
    shown = _shown_by(state, state.station.over(unfinished))
    keep_state(app, shown)
    return shown


def _shown_by(state: PluginState, station: Station) -> PluginState:
    """The state over another station; what is finished for visitors is none of its pages."""
    return replace(state, station=station, pages=FinishedPages(state.settings.monitor_max_age))
