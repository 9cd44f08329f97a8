"""A file's bytes as text in which only a line feed ends a line."""

from __future__ import annotations

import re

from status_plugin.core.problems import Problem

MAX_BYTES = 1_000_000
"""The largest file that is read; a note is a page or two of text."""

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

# What neither YAML nor XML may hold. Two of them mean a line's end to YAML or to Python and to no
# editor, so they would also move every line number behind them.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LOOKS_LIKE_BLANK = str.maketrans({"\u2028": " ", "\u2029": " "})


def decode(data: bytes, *, path: str) -> str | Problem:
    """The text of a file, or what keeps it from being one."""
    if len(data) > MAX_BYTES:
        return too_large(len(data), path=path)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line_start = data.rfind(b"\n", 0, error.start) + 1
        kind = "UTF-16" if data.startswith(_UTF16_MARKS) else f"byte 0x{data[error.start]:02x}"
        return Problem(
            rule="not-utf-8",
            path=path,
            line=data.count(b"\n", 0, error.start) + 1,
            column=len(data[line_start : error.start].decode("utf-8", "replace")) + 1,
            message=f"The file is not UTF-8 text ({kind}).",
            hint="Save it with the encoding UTF-8.",
        )


def too_large(size: int, *, path: str) -> Problem:
    """The problem of a file of `size` bytes, more than any note needs."""
    return Problem(
        rule="too-large",
        path=path,
        line=1,
        message=f"The file has {size} bytes; at most {MAX_BYTES} are read.",
        hint="Shorten it, and link to what is too long for a status page.",
    )


def without_controls(text: str) -> str:
    """The text with a replacement mark for each character that no XML may hold."""
    return _CONTROL.sub("\ufffd", text)


def normalize(text: str, *, path: str) -> tuple[str, tuple[Problem, ...]]:
    """The text without byte-order mark, with line feeds alone, and no control characters.

    A control character becomes U+FFFD, which every format we write can hold; the first is reported.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = text.translate(_LOOKS_LIKE_BLANK) if not text.isascii() else text
    found = _CONTROL.search(text)
    if found is None:
        return text, ()
    problem = Problem(
        rule="control-character",
        path=path,
        line=text.count("\n", 0, found.start()) + 1,
        column=found.start() - text.rfind("\n", 0, found.start()),
        message=f"There is an invisible control character (U+{ord(found[0]):04X}).",
        hint="Delete it; it is shown as a replacement mark until then.",
    )
    return without_controls(text), (problem,)
