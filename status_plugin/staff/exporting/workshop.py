"""Makes the pages of a copy: each is fetched from the site, led on within the copy, and staged as files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from status_plugin.staff.exporting.compression import FORMS, compressed
from status_plugin.staff.exporting.links import Links
from status_plugin.staff.exporting.manifest import MadePage
from status_plugin.staff.exporting.moved_page import moved_page
from status_plugin.staff.exporting.pages import NOT_FOUND, CopiedPage, targets_of
from status_plugin.staff.exporting.site_files import SiteFiles
from status_plugin.staff.exporting.tree import Tree
from status_plugin.staff.exporting.visitor import Visitor


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A page that was made; `changed` are its files if they are staged, none if they are there already."""

    path: str
    page: MadePage
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where the pages are: on the site, below its `root` and the mount path `prefix`, and in the copy.

    `site` is complete; `root` is the path of the page on its host, with a slash at the end. `base` is
    the copy's address if its links shall be complete, and `elsewhere` if only that of its error page.
    """

    site: str
    prefix: str
    root: str
    base: str
    elsewhere: str


class Workshop:
    """Makes pages for one tree; several processes may each have one."""

    def __init__(self, place: Place, visitor: Visitor, pages: Sequence[CopiedPage], tree: Tree) -> None:
        script_name = place.root.removesuffix(f"{place.prefix}/")
        self.site_files = SiteFiles(visitor.file, script_name)
        self._place = place
        self._visitor = visitor
        self._tree = tree
        targets = targets_of(pages)
        self._links = self._links_to(targets, place.base)
        # It is shown at any address, so that nothing relative leads on from it.
        elsewhere = place.base or place.elsewhere
        self._lost = self._links_to(targets if elsewhere else {}, elsewhere)
        self.site_files.rewrite = self._links.css
        self._folders: set[str] = set()

    def _links_to(self, targets: Mapping[str, str], base: str) -> Links:
        is_within = bool(targets)
        return Links(
            site=self._place.site,
            root=self._place.root,
            targets=targets,
            locate=self.site_files.path if is_within else lambda address: None,
            base=base,
        )

    def let_go(self) -> None:
        """Have a process that only makes pages hold no lock: it may outlive the one that started it."""
        os.close(self._tree.lock)

    def sample(self) -> bytes:
        """The site's layout with nothing in it."""
        return self._visitor.page(f"{self._place.prefix}/{NOT_FOUND}", 404).body

    def make(self, page: CopiedPage, digest: str) -> Made:
        """Stage a page of the plugin."""
        links = self._lost if page.path == NOT_FOUND else self._links
        links.needs.clear()
        body = self._moved(page) if page.moved_to else self._fetched(page, links)
        needs = tuple(sorted(links.needs))
        return self._stage(page.path, body, digest=digest, needs=needs)

    def make_site_files(self, needs: Sequence[str]) -> list[Made]:
        """Stage what pages need of the site, by its addresses; what it lacks is in `site_files.missing`."""
        for address in needs:
            self.site_files.path(address)
        return [self._stage(path, body) for path, body in self.site_files.found.items()]

    def _fetched(self, page: CopiedPage, links: Links) -> bytes:
        status = 404 if page.path == NOT_FOUND else 200
        answer = self._visitor.page(f"{self._place.prefix}/{page.address}", status)
        address = self._place.root + page.address
        if answer.media_type == "text/html":
            return links.html(answer.body.decode("utf-8", "replace"), address, page.path).encode()
        if answer.media_type == "text/css":
            return links.css(answer.body.decode("utf-8", "replace"), address, page.path).encode()
        return answer.body

    def _moved(self, page: CopiedPage) -> bytes:
        onward = self._links.link(self._place.root + quote(page.moved_to), page.path)
        present = f"{self._place.site}{self._place.prefix}/{quote(page.moved_to)}"
        return moved_page(present, onward, self._visitor.language)

    def _stage(self, path: str, body: bytes, digest: str = "", needs: tuple[str, ...] = ()) -> Made:
        if not self._tree.is_first and (kept := self._kept(path, body)):
            return Made(path=path, page=MadePage(digest=digest, needs=needs, files=kept), changed=())
        files = {**dict(compressed(path, body)), path: body}
        for name, content in files.items():
            self._write(name, content)
        sizes = {name: len(content) for name, content in files.items()}
        return Made(path=path, page=MadePage(digest=digest, needs=needs, files=sizes), changed=tuple(files))

    def _kept(self, path: str, body: bytes) -> Mapping[str, int]:
        """The page's files if they are all in the copy as they would be made again, else none."""
        known = self._tree.manifest.pages.get(path)
        is_like_ours = self._tree.manifest.forms == FORMS
        if known is None or not is_like_ours or not is_whole(self._tree.folder, known):
            return {}
        is_same = known.files.get(path) == len(body) and (self._tree.folder / path).read_bytes() == body
        return known.files if is_same else {}

    def _write(self, path: str, content: bytes) -> None:
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            (self._tree.staged / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        with open(f"{self._tree.staged}/{path}", "wb", buffering=0) as file:  # noqa: PTH123, a third of the time
            file.write(content)


def is_whole(folder: Path, page: MadePage) -> bool:
    """Whether all files of a page are there in their size."""
    try:
        # Of thirty thousand files: a Path for each would take longer than the question.
        sizes = ((os.stat(f"{folder}/{path}").st_size, size) for path, size in page.files.items())  # noqa: PTH116
        return all(found == size for found, size in sizes)
    except OSError:
        return False
