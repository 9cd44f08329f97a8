"""The way of a note from a text in memory to the folder, into git, and onto the page."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from status_plugin.staff.desk.checkout import Checkout, PublishError
from status_plugin.staff.desk.files import alone_with, create_file, replace_file

_EARLIER = " The commit also holds what was changed in this file before, and not committed."


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A file of the content folder as it is, None if it is new, and as it shall be; what is said of it.

    `path` is relative to the folder, `message` is for git, `lines` for whoever gave the command.
    """

    path: str
    before: bytes | None
    after: bytes
    message: str
    lines: tuple[str, ...] = ()

    def diff(self) -> Iterator[str]:
        """The lines that change, as `diff -u` shows them."""
        old = (self.before or b"").decode("utf-8", "replace").splitlines()
        new = self.after.decode("utf-8", "replace").splitlines()
        name = "/dev/null" if self.before is None else f"a/{self.path}"
        yield from difflib.unified_diff(old, new, name, f"b/{self.path}", lineterm="")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlet:
    """How far a note goes: into the folder, into git, or to others."""

    folder: Path
    commit: bool = False
    push: bool = False
    dry_run: bool = False

    def put(
        self, prepare: Callable[[], Change], say: Callable[[str], None], look: Callable[[Change], str]
    ) -> Change:
        """Make the change and carry it as far as it shall go, saying what is done.

        `prepare` is called when nobody else at the desk writes any more; `look` at what is written tells
        in a sentence why it must not be committed, "" if it may. Raises RefusedError before anything is
        written, PublishError when it is written and does not get into git.
        """
        checkout = Checkout.around(self.folder) if (self.commit or self.push) and not self.dry_run else None
        target = checkout.target() if checkout and self.push else None
        with alone_with(self.folder):
            change = prepare()
            if self.dry_run:
                return change
            file = self.folder / change.path
            earlier = ""
            if checkout:
                checkout.must_take(file)
                earlier = _EARLIER if checkout.has_changes(file) else ""
            if change.before is None:
                create_file(file, change.after)
            else:
                replace_file(file, change.before, change.after)
            for line in change.lines:
                say(line)
            why_not = look(change)
            if checkout and why_not:
                raise PublishError(
                    f"The file is written and stays as it is, but it is not committed. {why_not} "
                    f"Then: {checkout.by_hand(file)}"
                )
            name = checkout.commit(file, change.message) if checkout else ""
        if checkout:
            pushed = f", and {checkout.push(target)}" if target else ""
            say(f"Committed as {name}{pushed}.{earlier}")
        return change
