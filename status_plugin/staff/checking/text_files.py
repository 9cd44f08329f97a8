"""The texts of a folder, with all that is in them: the leak guard leaves nothing out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from status_plugin.core.notes.textfile import MAX_BYTES
from status_plugin.sources.listing import shown_path
from status_plugin.staff.checking.folder import TextFile

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_texts(folder: Path) -> Iterator[TextFile]:
    """Every text file in the folder; links are not followed.

    A text of odd bytes is read as far as it goes, a file of other things not at all.
    """
    for path in sorted(_files(folder)):
        text = _text(folder / path)
        if text is not None:
            yield TextFile(path=shown_path(path), text=text)


def _files(folder: Path) -> Iterator[str]:
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != ".git"]
        for name in names:
            path = Path(here, name)
            if not path.is_symlink():
                yield path.relative_to(folder).as_posix()


def _text(path: Path) -> str | None:
    """The text with line feeds alone; every other character stays, so that columns are an editor's."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES)
    except OSError:
        return None
    if data.startswith(_UTF16):
        text = data.decode("utf-16", "replace")
    elif b"\0" in data:
        return None
    else:
        text = data.decode("utf-8", "replace")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
