"""A site whose folder of notes is a real git repository, and those who follow it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import Result
from mounted_site import Site, mounted_site

COMPONENTS = "- name: Srv3\n- name: Srv9\n- name: ns3\n"
INCIDENT = """\
---
title: Srv3 is not responding
started: 2026-11-20 6:00pm Eastern
impact: major
affects: [srv3]
---
Web, mail and databases on **Srv3** do not answer.
"""
IDENTIFIED = "\nUpdate @ 6:40pm Eastern [identified; next update 7:30pm]: Half of its memory is gone.\n"
RESOLVED = "\nUpdate @ 6:42pm Eastern [resolved]: All of its memory is back.\n"
WINDOW = """\
---
title: More memory for Srv9
starts: 2026-12-04 4:00pm Eastern
ends: 6:00pm Eastern
expected_downtime: 15-20 min
affects: [srv9]
---
Srv9 gets more memory.
"""


@dataclass
class NotesRepository:
    """The site; its folder of notes lies in a repository, which begins with a list of components."""

    site: Site
    top: Path

    def git(self, *words: str, folder: Path | None = None, at: str | None = None) -> str:
        """What git says; nobody's own settings count. What it commits is committed `at` that time."""
        told = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        for who in ("AUTHOR", "COMMITTER"):
            told |= {f"GIT_{who}_NAME": "Staff", f"GIT_{who}_EMAIL": "staff@example.com"}
            told |= {f"GIT_{who}_DATE": at} if at else {}
        done = subprocess.run(
            ["git", "-C", str(folder or self.top), *words],
            env=os.environ | told,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, files: dict[str, str | None] | None = None, *, at: str | None = None) -> str:
        """The commit after these files are written, or deleted where there is None; made `at` a time."""
        for path, text in (files or {}).items():
            if text is None:
                (self.site.folder / path).unlink()
            else:
                self.site.note(path, text)
        self.git("add", "--all", ".")
        self.git("commit", "--quiet", "--allow-empty", "--message", "A change of notes", at=at)
        return self.git("rev-parse", "HEAD")

    def follow(self, lines: str) -> None:
        """Who is told, as Apprise's text format has it."""
        file = self.top / "instance" / "announce.cfg"
        file.parent.mkdir(exist_ok=True)
        file.write_text(lines, encoding="utf-8")

    def announce(self, *words: str) -> Result:
        """What the command says."""
        return self.site.app.test_cli_runner().invoke(args=["status", "announce", *words])


def notes_repository(root: Path, **settings: Any) -> NotesRepository:
    """A site with its notes in `content/` of its own repository."""
    root.mkdir(exist_ok=True)
    usual = {"STATUS_SITE_URL": "https://www.example.com", "STATUS_ANNOUNCE": "announce.cfg"}
    site = mounted_site(root, components=COMPONENTS, **(usual | settings))
    repository = NotesRepository(site=site, top=root)
    repository.git("init", "--quiet", "--initial-branch=main")
    (root / ".gitignore").write_text("/instance/\n", encoding="utf-8")
    repository.commit()
    return repository
