"""Collects the messages of the pages, brings the catalogue of every language up to date and compiles it.

`make translations` does; with a code, as in `.venv/bin/python tools/translations.py fr`, a language is added.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PLUGIN = ROOT / "status_plugin"
FOLDER = PLUGIN / "translations"
DOMAIN = "status_plugin"

METHODS = [
    ("core/**.py", "python"),
    ("web/**.py", "python"),
    ("staff/exporting/moved_page.py", "python"),
    ("templates/status/*.html", "jinja2.ext:babel_extract"),
]
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "say": None,
    "saying": None,
    "message": None,
    "messages": (1, 2),
    "say_count": (2, 3),
    "counted": (2, 3),
}
"""What stands before a message, and which of what follows in brackets are messages if not the first alone."""

NOTE = "For translators:"
HEADER = f"# The words of the status page. Made by `make translations`; {NOTE} {{places}} stay as they are."


def collected() -> Catalog:
    """Every message that the code and the templates say, without any translation."""
    found = Catalog(header_comment=HEADER, project=DOMAIN, charset="utf-8", fuzzy=False)
    options = {pattern: {"encoding": "utf-8"} for pattern, _ in METHODS}
    extracted = extract_from_dir(
        str(PLUGIN), METHODS, options, keywords=KEYWORDS, comment_tags=(NOTE,), strip_comment_tags=True
    )
    for file, _, message, comments, context in sorted(extracted, key=lambda one: (one[0], one[1])):
        if message and message != ("", ""):
            found.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return found


def languages() -> Iterator[str]:
    """The codes of all languages that have a catalogue."""
    for path in sorted(FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        yield path.parent.parent.name


def path_of(code: str, suffix: str) -> Path:
    """Where the catalogue of a language is."""
    return FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.{suffix}"


def read(code: str) -> Catalog:
    """The catalogue of a language as it is, empty if there is none yet."""
    path = path_of(code, "po")
    if not path.is_file():
        return Catalog(locale=code, header_comment=HEADER, project=DOMAIN)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def updated(code: str, template: Catalog) -> Catalog:
    """The catalogue of a language with just the messages that are said; nothing is guessed."""
    catalogue = read(code)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    return catalogue


def as_po(catalogue: Catalog) -> bytes:
    """A catalogue as text; without times, so that it changes only when a message does."""
    written = io.BytesIO()
    write_po(written, catalogue, width=100, include_lineno=False)
    dates = (
        b'"POT-Creation-Date',
        b'"PO-Revision-Date',
        b'"Generated-By',
        b'"Report-Msgid',
        b'"Last-Translator',
    )
    lines = written.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(dates))


def as_mo(catalogue: Catalog) -> bytes:
    """A catalogue as the plugin reads it."""
    # The same words make the same file, whenever it is made.
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def main(new: list[str]) -> str:
    """Write everything, and say what is missing."""
    template = collected()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{DOMAIN}.pot").write_bytes(as_po(template))
    told = []
    for code in sorted({*languages(), *new}):
        catalogue = updated(code, template)
        text = as_po(catalogue)
        path_of(code, "po").parent.mkdir(parents=True, exist_ok=True)
        path_of(code, "po").write_bytes(text)
        path_of(code, "mo").write_bytes(as_mo(read(code)))
        missing = sum(not message.string or not all(message.string) for message in catalogue if message.id)
        told.append(f"{code}: {len(catalogue)} messages, {missing} of them not translated.")
    return "\n".join(told)


if __name__ == "__main__":
    print(main(sys.argv[1:]))
