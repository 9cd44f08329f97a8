"""The style sheet and the script, in memory, each under a name that changes with its content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from flask import url_for
from werkzeug.wrappers import Response

from status_plugin.web.answer import Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Asset:
    """A file for browsers, compressed once; `version` is the short hash of its content."""

    answer: Answer
    version: str

    @property
    def content(self) -> bytes:
        """The file as it is."""
        return self.answer.encodings["identity"].body


_REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)

_QUOTED = r"""("[^"\n]*"|`[^`]*`)"""
_SPARE = {
    ".css": re.compile(_QUOTED + r"|(?<=[\w-]:) | (?=\{)|(?<=,) |;?\n(?=\})|(?<=[{};])\n"),
    ".js": re.compile(
        _QUOTED
        + r"|(?<=[;{},(])\n| (?=(?:=|=>|===|&&|\|\|) )|(?<= =) |(?<= =>) |(?<= ===) |(?<= &&) |(?<= \|\|) "
    ),
}
"""Blanks that only part what is apart anyway, by the kind of file; what is quoted is passed over."""


def without_remarks(text: str) -> str:
    """A style sheet or a script without what only its readers need: whole lines of remarks, indentation.

    Remarks between slash and star are taken out anywhere, so that a script must not have any.
    """
    lines = (line.strip() for line in _REMARK.sub("", text).splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def without_blanks(text: str, kind: str) -> str:
    """A style sheet (`.css`) or a script (`.js`) without blanks that browsers do not need."""
    return _SPARE[kind].sub(lambda found: found[1] or "", text)


def _read(name: str, media_type: str) -> Asset:
    text = files("status_plugin").joinpath("static", name).read_text("utf-8")
    content = without_blanks(without_remarks(text), name[name.index(".") :]).encode()
    version = sha256(content).hexdigest()[:12]
    made = Response(content, content_type=media_type)
    made.set_etag(version)
    return Asset(answer=Answer.of(made), version=version)


ASSETS = {
    "status.css": _read("status.css", "text/css; charset=utf-8"),
    "status.js": _read("status.js", "text/javascript; charset=utf-8"),
}
"""Read once at the start: a page or a notice on the front page never waits for them."""


def asset_address(name: str) -> str:
    """Where a browser gets the file, and keeps it for as long as it does not change."""
    return url_for("status.asset", name=name, v=ASSETS[name].version)
