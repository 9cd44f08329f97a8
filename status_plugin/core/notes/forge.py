"""A forge's editor on the web: where files of the folder of notes are made and changed in a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

_VERBS = {"github": "edit", "gitlab": "-/edit", "gitea": "_edit"}
"""What stands in an editor's address behind the repository; no two kinds of forge have the same."""

_PATH = re.compile(
    rf"(?P<repository>(?:/[^/]+){{2,}}?)/(?P<verb>{'|'.join(_VERBS.values())})/(?P<branch>[^/]+)(?:/(?P<folder>.*))?"
)
_NEEDED = (
    "must be the address at which a browser edits the folder, with repository, branch and folder: "
    "'/edit/' stands behind the repository on GitHub, '/-/edit/' on GitLab, '/_edit/' on Gitea and Forgejo"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Forge:
    """A folder in a repository on a forge; `kind` is `github`, `gitlab` or `gitea`, as which Forgejo counts.

    `repository` is its address, `folder` the path inside it without slashes around it, "" for its top.
    """

    kind: str
    repository: str
    branch: str
    folder: str

    def edit_address(self, path: str) -> str:
        """Where a file of the folder is changed; `path` is relative to the folder."""
        branch = quote(self.branch, safe="")
        return f"{self.repository}/{_VERBS[self.kind]}/{branch}/{quote(self._inside(path))}"

    def new_address(self, path: str, text: str) -> str:
        """Where a new file of the folder is made, its name and text filled in.

        GitLab documents the name alone; whether it takes the text depends on its version.
        """
        branch, inside = quote(self.branch, safe=""), self._inside(path)
        if self.kind == "gitlab":
            asked = {"file_name": inside, "content": text}
            return f"{self.repository}/-/new/{branch}?{_query(asked)}"
        if self.kind == "gitea":
            parent, _, name = inside.rpartition("/")
            asked = {"filename": name, "value": text}
            return f"{self.repository}/_new/{branch}/{quote(parent)}?{_query(asked)}"
        return f"{self.repository}/new/{branch}?{_query({'filename': inside, 'value': text})}"

    def _inside(self, path: str) -> str:
        return f"{self.folder}/{path}" if self.folder else path


def read_forge(value: Any) -> Forge | None:
    """The forge that an editor's address names, None for none; else ValueError."""
    if value in (None, ""):
        return None
    if not isinstance(value, str) or not re.fullmatch(r"https?://[!-~]+", value):
        raise ValueError(_NEEDED)
    parts = urlsplit(value)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must be an address without user, password, '?' and '#'")
    found = _PATH.fullmatch(parts.path)
    if not found or not parts.hostname:
        raise ValueError(_NEEDED)
    return Forge(
        kind=next(kind for kind, verb in _VERBS.items() if verb == found["verb"]),
        repository=f"{parts.scheme}://{parts.netloc}{found['repository']}",
        branch=unquote(found["branch"]),
        folder=unquote(found["folder"] or "").strip("/"),
    )


def _query(asked: dict[str, str]) -> str:
    return urlencode(asked, quote_via=quote)
