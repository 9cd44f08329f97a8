"""The links of one document, as they lead on from its place in a copy."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from urllib.parse import quote, urljoin, urlsplit

_ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
_NAMES = "a|area|audio|blockquote|body|embed|form|iframe|image|img|input|link|object|source|track|use|video"


def _pieces(names: str) -> re.Pattern[str]:
    return re.compile(
        r"<!--.*?-->"
        rf"|<(?P<raw>script|style)\b(?P<given>{_ATTRIBUTES})>(?P<body>.*?)(?P<close></(?P=raw)\s*>)"
        rf"|<(?P<name>{names})(?P<attributes>\s{_ATTRIBUTES})>",
        re.IGNORECASE | re.DOTALL,
    )


_LINKING = _pieces(_NAMES)
_ANY = _pieces("[a-z][a-z0-9]*")
_ATTRIBUTE = re.compile(r"""(\s+)([^\s=>"'/]+)\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)""")
_URL = re.compile(
    r"""url\(\s*("[^"]*"|'[^']*'|[^)"'\s]*)\s*\)|(@import\s+)("[^"]*"|'[^']*')""", re.IGNORECASE
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)

_LEADS = {("a", "href"), ("area", "href"), ("form", "action"), ("iframe", "src"), ("blockquote", "cite")}
_LOADS = {
    *((name, "src") for name in ("img", "script", "source", "video", "audio", "embed", "input", "track")),
    *((name, "href") for name in ("use", "image")),
    *((name, "xlink:href") for name in ("use", "image")),
    ("video", "poster"),
    ("object", "data"),
    ("body", "background"),
}
_SETS = {("img", "srcset"), ("source", "srcset"), ("link", "imagesrcset")}
_LOADING = {"stylesheet", "icon", "apple-touch-icon", "mask-icon", "manifest", "preload", "modulepreload"}

Locate = Callable[[str], str | None]
"""Where in the copy a file of the site is that a page needs; None if the site has no such file."""


class Links:
    """Leads on from documents of a copy.

    `site` is the complete address of the site, and `root` the path below which the pages are, with a
    slash at the end. `targets` says for what is below it where it is in the copy. What a page needs
    of the site to look as it does is asked of `locate` and noted in `needs`; everything else stays on
    the site. Within the copy links are relative, or begin with `base`, the copy's own address.
    """

    def __init__(
        self, *, site: str, root: str, targets: Mapping[str, str], locate: Locate, base: str = ""
    ) -> None:
        parts = urlsplit(site)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._root = root
        self._targets = targets
        self._locate = locate
        self._base = base
        self.needs: set[str] = set()
        self._of_the_site: set[str] = set()
        self._known: dict[tuple[str, str, bool], str] = {}
        self._tags: dict[tuple[str, str], tuple[str, set[str]]] = {}

    def html(self, text: str, address: str, path: str) -> str:
        """A page that was at `address` on the site, for its place in the copy."""

        up = self._up(path)
        asked: list[str] = []

        def lead(link: str, *, loads: bool) -> str:
            asked.append(link)
            return self._led(link, address, path, loads=loads)

        def changed(piece: re.Match[str]) -> str:
            # The layout's tags are on every page, and most lead on alike from all pages of one depth.
            known = self._tags.get((piece[0], up))
            if known is None:
                asked.clear()
                known = _piece(piece, lead), self._of_the_site.intersection(map(_without_anchor, asked))
                if all(link.startswith("/") or _SCHEME.match(link) for link in asked):
                    self._tags[piece[0], up] = known
            self.needs |= known[1]
            return known[0]

        pieces = _ANY if "url(" in text else _LINKING
        return pieces.sub(changed, text)

    def link(self, link: str, path: str) -> str:
        """A link to an address of the site, from a place in the copy."""
        return self._led(link, "/", path, loads=False)

    def css(self, text: str, address: str, path: str) -> str:
        """A style sheet that was at `address` on the site, for its place in the copy."""
        return _css(text, lambda link, *, loads: self._led(link, address, path, loads=loads))

    def _up(self, path: str) -> str:
        return self._base or "../" * path.count("/")

    def _led(self, link: str, address: str, path: str, *, loads: bool) -> str:
        up = self._up(path)
        if not link.startswith("/") or link.startswith("//"):
            if not link.strip() or _SCHEME.match(link):
                return link
            link = urljoin(address, link)
        key = (link, up, loads)
        if key not in self._known:
            self._known[key] = self._found(link, up, loads=loads)
        if loads and (whole := _without_anchor(link)) in self._of_the_site:
            self.needs.add(whole)
        return self._known[key]

    def _found(self, link: str, up: str, *, loads: bool) -> str:
        whole, hash_mark, anchor = link.partition("#")
        target: str | None = None
        if whole.startswith(self._root) or f"{whole}/" == self._root:
            target = self._targets.get(whole[len(self._root) :])
        if target is None and loads:
            path = self._locate(whole)
            if path is not None:
                self._of_the_site.add(whole)
                target = quote(path)
        if target is None:
            return self._origin + link
        return (f"{up}{target}" or "./") + hash_mark + anchor


def _without_anchor(link: str) -> str:
    return link.partition("#")[0]


def _piece(piece: re.Match[str], lead: Callable[..., str]) -> str:
    if piece["raw"]:
        body = _css(piece["body"], lead) if piece["raw"].lower() == "style" else piece["body"]
        given = _attributes(piece["raw"].lower(), piece["given"], lead)
        return f"<{piece['raw']}{given}>{body}{piece['close']}"
    if not piece["name"]:
        return piece[0]
    return f"<{piece['name']}{_attributes(piece['name'].lower(), piece['attributes'], lead)}>"


def _attributes(name: str, text: str, lead: Callable[..., str]) -> str:
    loading = name == "link" and not _LOADING.isdisjoint(_rel(text))

    def changed(found: re.Match[str]) -> str:
        space, attribute, value = found[1], found[2].lower(), unescape(found[3].strip("\"'"))
        place = (name, attribute)
        if place in _LEADS or (place == ("link", "href") and not loading):
            new = lead(value, loads=False)
        elif place in _LOADS or place == ("link", "href"):
            new = lead(value, loads=True)
        elif place in _SETS:
            new = _set(value, lead)
        elif attribute == "style":
            new = _css(value, lead)
        elif loading and attribute == "integrity":
            # Its addresses are others in the copy, and so are its bytes.
            return ""
        else:
            return found[0]
        return f'{space}{found[2]}="{escape(new)}"'

    return _ATTRIBUTE.sub(changed, text)


def _rel(text: str) -> list[str]:
    values = [found[3] for found in _ATTRIBUTE.finditer(text) if found[2].lower() == "rel"]
    return " ".join(values).strip("\"'").lower().split()


def _set(value: str, lead: Callable[..., str]) -> str:
    """A choice of pictures, each with the width or density that it is for."""
    choices = [choice.split() for choice in value.split(",") if choice.strip()]
    return ", ".join(" ".join([lead(choice[0], loads=True), *choice[1:]]) for choice in choices)


def _css(text: str, lead: Callable[..., str]) -> str:
    def changed(found: re.Match[str]) -> str:
        link = (found[1] or found[3] or "").strip("\"'")
        led = lead(link, loads=True).replace('"', "%22")
        return f'{found[2]}"{led}"' if found[2] else f'url("{led}")'

    return _URL.sub(changed, text) if "url(" in text or "@import" in text else text
