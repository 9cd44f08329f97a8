"""One export: the pages of an edition into a folder, as few of them anew as will do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from status_plugin.staff.exporting.compression import FORMS
from status_plugin.staff.exporting.crew import Job, make_pages
from status_plugin.staff.exporting.digests import Digests, layout_digest
from status_plugin.staff.exporting.fixed_edition import fixed
from status_plugin.staff.exporting.manifest import MadePage, Manifest
from status_plugin.staff.exporting.pages import CopiedPage, pages_of
from status_plugin.staff.exporting.tree import KnownManifest, Tree, locked_tree
from status_plugin.staff.exporting.visitor import Visitor
from status_plugin.staff.exporting.workshop import Made, Place, Workshop, is_whole
from status_plugin.web.edition import Edition
from status_plugin.web.state import PluginState

Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Of a number of pages to be made, what is told of every few that are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How many files there are, of which so many are new or changed, and how many were deleted.

    `missing` are addresses at which the site lacks what its pages load.
    """

    files: int
    changed: int
    removed: int
    missing: tuple[str, ...]


def _untold(count: int) -> AbstractContextManager[Callable[[int], None]]:
    return nullcontext(lambda number: None)


class Exporter:
    """Exports one application's pages into one folder, again and again if need be.

    `base` is the address of the copy for complete links, empty for relative ones.
    """

    def __init__(self, app: Flask, state: PluginState, folder: Path, *, base: str, processes: int) -> None:
        settings = state.settings
        self._app = app
        self._state = state
        self._folder = folder
        self._processes = processes
        self._digests = Digests(settings.timezone)
        self._known = KnownManifest()
        self._place = place_of(state, base)

    def export(
        self, edition: Edition, *, stop: threading.Event | None = None, progress: Progress = _untold
    ) -> Outcome:
        """Bring the folder up to an edition; raises ExportError, with the copy as it was, if that fails.

        Raises StoppedError when `stop` is set before anything of the copy was changed.
        """
        address = f"{self._place.site}{self._place.prefix}/"
        with locked_tree(self._folder, self._known) as tree, fixed(self._app, self._state, edition, address):
            pages = pages_of(edition)
            workshop = Workshop(self._place, Visitor(self._app, self._place.site), pages, tree)
            layout = self._layout(workshop, edition)
            kept, jobs = self._kept_and_new(pages, edition, tree, layout)
            with progress(len(jobs)) as done:
                made = make_pages(workshop, jobs, self._processes, stop, done)
            return _put(workshop, tree, pages, kept, made, layout)

    def _layout(self, workshop: Workshop, edition: Edition) -> str:
        settings, base = self._state.settings, self._place.base
        return layout_digest(self._app, settings, edition, base, workshop.sample())

    def _kept_and_new(
        self, pages: list[CopiedPage], edition: Edition, tree: Tree, layout: str
    ) -> tuple[dict[str, MadePage], list[Job]]:
        """The pages that stay as they are, and those to be made."""
        known_layout = (tree.manifest.layout, tree.manifest.forms)
        known = tree.manifest.pages if known_layout == (layout, FORMS) else {}
        kept: dict[str, MadePage] = {}
        jobs: list[Job] = []
        for page in pages:
            digest = self._digests.of(page, edition)
            before = known.get(page.path)
            if before and digest and before.digest == digest and is_whole(tree.folder, before):
                kept[page.path] = before
            else:
                jobs.append((page, digest))
        return kept, jobs


def place_of(state: PluginState, base: str) -> Place:
    """Where the pages are on the site and in the copy."""
    settings = state.settings
    return Place(
        site=settings.site_url,
        prefix=settings.url_prefix,
        root=f"{urlsplit(settings.site_url).path}{settings.url_prefix}/",
        base=base,
        elsewhere=_with_slash(settings.copy_url),
    )


def _with_slash(address: str) -> str:
    """A complete address as that of a folder; one that is on the site itself is none of a copy."""
    return f"{address.rstrip('/')}/" if "://" in address else ""


def _put(
    workshop: Workshop,
    tree: Tree,
    pages: list[CopiedPage],
    kept: dict[str, MadePage],
    made: list[Made],
    layout: str,
) -> Outcome:
    needs = {need for page in (*kept.values(), *(each.page for each in made)) for need in page.needs}
    files = workshop.make_site_files(sorted(needs))
    by_path = {each.path: each for each in made}
    order = [*files, *(by_path[page.path] for page in pages if page.path in by_path)]
    changed = [path for each in order for path in each.changed]
    found = {each.path: each.page for each in order} | kept
    manifest = Manifest(layout=layout, forms=FORMS, pages=found)
    removed = tree.put_in_place(changed, manifest)
    return Outcome(
        files=len(manifest.files),
        changed=len(changed),
        removed=len(removed),
        missing=tuple(sorted(workshop.site_files.missing)),
    )
