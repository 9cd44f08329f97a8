"""Copies in tests: a site that has one made, and what is in it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from click.testing import Result
from flask import Flask
from mounted_site import INCIDENT, Site, mounted_site

SITE = "https://www.example.com"

WINDOW = """\
---
title: Srv3 gets new memory
starts: 2026-11-28 1am Eastern
ends: 2026-11-28 3am Eastern
affects: [srv3]
---
One restart.
"""

OLD = """\
---
title: Mail was late ({number})
started: 2026-{month:02}-{day:02} 6:00pm Eastern
impact: degraded
affects: [srv3]
---
See [the other](incident:old-{other}).

Update @ 2026-{month:02}-{day:02} 8:40pm Eastern [resolved]: It is not any more.
"""


def old_incident(number: int, title: str = "") -> str:
    """A note of an incident of long ago; it links to the one before it."""
    text = OLD.format(number=number, month=1 + number % 10, day=1 + number % 28, other=number - 1)
    return text.replace(f"Mail was late ({number})", title) if title else text


def copied_site(root: Path, *, old: int = 8, **settings: object) -> Site:
    """A site with an incident, a window and so many incidents of long ago."""
    site = mounted_site(root, **{"STATUS_SITE_URL": SITE, **settings})
    site.note("incidents/2026-11-20-srv3.md", INCIDENT)
    site.note("maintenance/2026-11-28-srv3.md", WINDOW)
    for number in range(old):
        site.note(f"incidents/old-{number}.md", old_incident(number))
    site.clock.move(5)
    return site


def export(app: Flask, *words: object) -> Result:
    """What the command prints."""
    return app.test_cli_runner().invoke(args=["status", "export", *map(str, words)])


def exported(site: Site, folder: Path, *words: object) -> str:
    """What the command prints when all is well."""
    done = export(site.app, folder, *words)
    assert done.exit_code == 0, done.output
    return done.output


def files(folder: Path) -> dict[str, bytes]:
    """Every file that visitors may ask for, by path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".status-export" not in path.parts
    }


def marks(folder: Path) -> dict[str, tuple[int, int]]:
    """The inode and the time of every file, by path."""
    found = {}
    for path in files(folder):
        told = (folder / path).stat()
        found[path] = (told.st_ino, told.st_mtime_ns)
    return found


_LINK = re.compile(r"""\s(?:href|src)="([^"]*)\"""")


def dead_links(folder: Path, base: str = "") -> list[str]:
    """Links within a copy that lead to no file of it; `base` is its address, if links are complete."""
    root = base or "https://any.example/deep/copy/"
    dead = []
    for path, body in files(folder).items():
        if not path.endswith(".html") or path == "404.html":
            continue
        for link in _LINK.findall(body.decode()):
            target = urljoin(root + path, unescape(link))
            if not target.startswith(root):
                continue
            found = folder / unquote(urlsplit(target).path[len(urlsplit(root).path) :])
            if not (found / "index.html" if target.partition("#")[0].endswith("/") else found).is_file():
                dead.append(f"{path}: {link}")
    return dead
