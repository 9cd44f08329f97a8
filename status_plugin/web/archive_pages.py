"""The pages of the archives, and of what a visitor searches for in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

from flask import Response, abort, current_app, make_response, request
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from status_plugin.core.search.excerpts import Excerpt, Run, excerpts, marked
from status_plugin.web.archive import ArchiveItem, archive_items, page_of
from status_plugin.web.archive_filter import (
    PARAMETERS,
    ArchiveFilter,
    components_of,
    read_filter,
    years_of,
)
from status_plugin.web.blueprint import blueprint, finished_for, link_previews, render
from status_plugin.web.edition import NoteKind
from status_plugin.web.state import current_edition, current_state, hold_edition

PAGE_SIZE = 20

_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_TITLES: dict[NoteKind, str] = {"incident": "Incidents", "maintenance": "Maintenance Windows"}
_OTHER: dict[NoteKind, NoteKind] = {"incident": "maintenance", "maintenance": "incident"}

_P = ParamSpec("_P")


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """What the pages of an archive show of a search: what can be chosen, and what was found.

    `components` are names by slug. `count` entries were found here, and `elsewhere` of the other kind.
    """

    wanted: ArchiveFilter
    components: dict[str, str]
    years: range
    count: int = 0
    elsewhere: int = 0

    def title(self, item: ArchiveItem) -> Markup:
        """An entry's title, with what was found in it marked."""
        return _html(marked(item.title, self.wanted.query))

    def excerpts(self, item: ArchiveItem) -> tuple[Excerpt, ...]:
        """Where in the entry the rest stands."""
        return excerpts(item, self.wanted.query)

    def html(self, excerpt: Excerpt) -> Markup:
        """An excerpt with what was found in it marked."""
        return _html(excerpt.runs)


def searchable(kind: NoteKind) -> Callable[[Callable[_P, BaseResponse]], Callable[_P, BaseResponse]]:
    """Has an archive's view answer for the whole archive, and each search by an answer of its own.

    There is no end of what can be searched for, so that those answers are kept nowhere.
    """

    def decorate(view: Callable[_P, BaseResponse]) -> Callable[_P, BaseResponse]:
        @wraps(view)
        def answer(*args: _P.args, **kwargs: _P.kwargs) -> BaseResponse:
            if not any(request.args.get(name) for name in PARAMETERS):
                return view(*args, **kwargs)
            state = current_state()
            edition = state.station.edition()

            def make() -> BaseResponse:
                hold_edition(edition)
                return _results(kind)

            app = current_app._get_current_object()  # type: ignore[attr-defined]
            return state.pages.respond_once(app, make, (*PARAMETERS, "page"))

        return answer

    return decorate


@blueprint.get("/incidents/")
@searchable("incident")
@finished_for("page")
def incidents() -> str:
    """All incidents, and all past alerts that nobody wrote about, newest first."""
    return _whole("incident")


@blueprint.get("/maintenance/")
@searchable("maintenance")
@finished_for("page")
def maintenance_windows() -> str:
    """All maintenance windows, newest first."""
    return _whole("maintenance")


def _whole(kind: NoteKind) -> str:
    edition, state = current_edition(), current_state()
    items = archive_items(edition, kind)
    if not state.copy_of:
        state.searches.prepare(edition)
    search = Search(
        wanted=ArchiveFilter(),
        components=components_of(edition),
        years=years_of(items, state.settings.timezone),
        count=len(items),
    )
    return _page(kind, items, search)


def _results(kind: NoteKind) -> Response:
    edition, zone = current_edition(), current_state().settings.timezone
    items = archive_items(edition, kind)
    components, years = components_of(edition), years_of(items, zone)
    wanted = read_filter(request.args, components, years)
    found = _found(items, wanted)
    search = Search(
        wanted=wanted,
        components=components,
        years=years,
        count=len(found),
        elsewhere=len(_found(archive_items(edition, _OTHER[kind]), wanted)),
    )
    return make_response(_page(kind, found, search), 400 if wanted.mistakes else 200)


def _found(items: list[ArchiveItem], wanted: ArchiveFilter) -> list[ArchiveItem]:
    state = current_state()
    within = wanted.within(items, state.settings.timezone)
    return within if wanted.query.is_empty else state.searches.found(current_edition(), within, wanted.query)


def _page(kind: NoteKind, items: list[ArchiveItem], search: Search) -> str:
    number = request.args.get("page", "1")
    if not _PAGE_NUMBER.fullmatch(number):
        abort(404)
    archive = page_of(items, int(number), PAGE_SIZE)
    if int(number) > archive.pages:
        abort(404)
    title = _TITLES[kind]
    description = f"All {title.lower()}, newest first."
    preview = None if search.wanted.is_set else link_previews().other(title, description)
    return render("status/archive.html", preview=preview, kind=kind, archive=archive, search=search)


def _html(runs: tuple[Run, ...]) -> Markup:
    mark = Markup("<mark>{}</mark>")
    return Markup("").join(mark.format(run.text) if run.is_found else run.text for run in runs)
