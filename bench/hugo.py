"""Hugo, as a yardstick: it builds a site such as an export is from the same notes.

Its theme, in `theme/`, has a page for each note, with the frame of the site, what is affected, and each
update under its time, newest first; archives of twenty on a page; a page and a feed for each component;
and the page itself. Times stay as they are written, and nothing is compressed: it has less to do.
"""

from __future__ import annotations

from pathlib import Path

from bench.processes import Cost, Left, cost_of, left_in

_THEME = Path(__file__).parent / "theme"
_CONFIG = """\
baseURL = "https://www.example.com/"
disableKinds = ["sitemap"]
[taxonomies]
affects = "affects"
[outputs]
home = ["HTML", "RSS"]
section = ["HTML"]
taxonomy = []
term = ["HTML", "RSS"]
[frontmatter]
date = [":filename"]
"""


class HugoSite:
    """A site that Hugo builds from a folder of notes."""

    def __init__(self, folder: Path, notes: Path) -> None:
        self._folder = folder
        self._number = 0
        self._out = folder / "public"
        folder.mkdir(exist_ok=True)
        (folder / "layouts").symlink_to(_THEME, target_is_directory=True)
        (folder / "config.toml").write_text(_CONFIG, encoding="utf-8")
        (folder / "content").symlink_to(notes, target_is_directory=True)

    def build(self) -> Cost:
        """What a build costs."""
        return cost_of(["hugo", "--quiet", "--source", str(self._folder), "--destination", str(self._out)])

    def begin_anew(self) -> None:
        """Build into another folder from now on; on ext4, where files were just deleted, writing is slow."""
        self._number += 1
        self._out = self._folder / f"public{self._number}"

    @property
    def left(self) -> Left:
        """What the last build made."""
        return left_in(self._out)
