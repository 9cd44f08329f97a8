"""The pages of the archives, and of what a visitor searches for in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, abort, make_response, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from status_plugin.core.sayings import saying
from status_plugin.core.search.excerpts import Excerpt, Run, excerpts, marked
from status_plugin.web.archive import ArchiveItem, ArchivePlace, archive_items, page_of
from status_plugin.web.archive_filter import (
    PARAMETERS,
    ArchiveFilter,
    components_of,
    read_filter,
    years_of,
)
from status_plugin.web.blueprint import blueprint, finished_for, link_previews, render
from status_plugin.web.edition import NoteKind
from status_plugin.web.state import current_edition, current_language, current_state

PAGE_SIZE = 20

_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_TITLES = {"incident": saying("Incidents"), "maintenance": saying("Maintenance Windows")}
_DESCRIPTIONS = {
    "incident": saying("All incidents, newest first."),
    "maintenance": saying("All maintenance windows, newest first."),
}
_OTHER: dict[NoteKind, NoteKind] = {"incident": "maintenance", "maintenance": "incident"}


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
        return _html(marked(current_language().spoken(item.title), self.wanted.query))

    def excerpts(self, item: ArchiveItem) -> tuple[Excerpt, ...]:
        """Where in the entry the rest stands."""
        return excerpts(item, self.wanted.query)

    def html(self, excerpt: Excerpt) -> Markup:
        """An excerpt with what was found in it marked."""
        return _html(excerpt.runs)


@blueprint.get("/incidents/")
@finished_for("page", apart=PARAMETERS, translated=True)
def incidents() -> ResponseReturnValue:
    """All incidents, and all past alerts that nobody wrote about, newest first; or what is searched for."""
    return _archive("incident")


@blueprint.get("/maintenance/")
@finished_for("page", apart=PARAMETERS, translated=True)
def maintenance_windows() -> ResponseReturnValue:
    """All maintenance windows, newest first; or what is searched for."""
    return _archive("maintenance")


def _archive(kind: NoteKind) -> ResponseReturnValue:
    is_search = any(request.args.get(name) for name in PARAMETERS)
    return _results(kind) if is_search else _whole(kind)


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


def _found(items: Sequence[ArchivePlace], wanted: ArchiveFilter) -> list[ArchivePlace]:
    state = current_state()
    within = wanted.within(items, state.settings.timezone)
    return within if wanted.query.is_empty else state.searches.found(current_edition(), within, wanted.query)


def _page(kind: NoteKind, items: Sequence[ArchivePlace], search: Search) -> str:
    number = request.args.get("page", "1")
    if not _PAGE_NUMBER.fullmatch(number):
        abort(404)
    archive = page_of(items, int(number), PAGE_SIZE)
    if int(number) > archive.pages:
        abort(404)
    spoken = current_language().spoken
    title, description = spoken(_TITLES[kind]), spoken(_DESCRIPTIONS[kind])
    preview = None if search.wanted.is_set else link_previews().other(title, description)
    return render("status/archive.html", preview=preview, kind=kind, archive=archive, search=search)


def _html(runs: tuple[Run, ...]) -> Markup:
    mark = Markup("<mark>{}</mark>")
    return Markup("").join(mark.format(run.text) if run.is_found else run.text for run in runs)
