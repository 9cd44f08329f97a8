"""The languages of a site: its own, in which notes are written, and those that a visitor may choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs
from wsgiref.types import WSGIEnvironment

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from status_plugin.sources.catalogues import FOLDER, read_catalogue
from status_plugin.web.answer import LONGEST_LIST
from status_plugin.web.language import ENGLISH, Language

PARAMETER = "lang"
"""What the query of an address calls a language by."""

MOST_PARAMETERS = 100
"""In a query with more a language is not looked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """The language of an answer; `is_named` if the address says it, `is_guessed` if the browser does."""

    language: Language
    is_named: bool = False
    is_guessed: bool = False

    @property
    def mark(self) -> str:
        """What tells answers at one address apart; empty where there is but one."""
        return self.language.code if self.is_guessed else ""

    @property
    def query(self) -> dict[str, str]:
        """What the query of an address says of it."""
        return {PARAMETER: self.language.code} if self.is_named else {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Languages:
    """`offered` holds the `site`'s own language too, in the order in which they are shown."""

    site: Language = ENGLISH
    offered: tuple[Language, ...] = (ENGLISH,)

    @property
    def is_choice(self) -> bool:
        """Whether there is more than one."""
        return len(self.offered) > 1

    @property
    def of_the_site(self) -> Languages:
        """The site's own alone."""
        return Languages(site=self.site, offered=(self.site,))

    @property
    def own_wish(self) -> Wish:
        """The wish of whoever has no choice."""
        return _wish_for(self.site)

    def named(self, code: str) -> Language | None:
        """The one that was asked for by name, None if it is not offered."""
        return next((language for language in self.offered if language.code == code), None)

    def wish(self, environ: WSGIEnvironment) -> Wish:
        """The language of the answer to a request: that of its address, else what the browser likes best."""
        if not self.is_choice:
            return self.own_wish
        if named := self.named(_code_in(environ.get("QUERY_STRING", ""))):
            return Wish(language=named, is_named=True)
        return Wish(language=self.preferred(environ.get("HTTP_ACCEPT_LANGUAGE", "")), is_guessed=True)

    def preferred(self, accepted: str) -> Language:
        """The one that a browser likes best, by what it says it accepts; the site's where it likes none."""
        if not self.is_choice or not accepted:
            return self.site
        code = _best(accepted[:LONGEST_LIST], tuple(language.code for language in self.offered))
        return (self.named(code) if code else None) or self.site


def open_languages(site: str, offered: Sequence[str], folder: Path) -> Languages:
    """The languages with these codes; a site's own catalogues are in `folder`. CatalogueError without one."""
    codes = dict.fromkeys((*offered, site) if site in offered else (site, *offered))
    found = {code: Language(code, read_catalogue(code, (folder, FOLDER))) for code in codes}
    return Languages(site=found[site], offered=tuple(found.values()))


@lru_cache(maxsize=64)
def _wish_for(language: Language) -> Wish:
    return Wish(language=language)


def _code_in(query: str) -> str:
    """What the query of an address calls the language by, empty if it does not."""
    if PARAMETER not in query:
        return ""
    try:
        return parse_qs(query, max_num_fields=MOST_PARAMETERS).get(PARAMETER, [""])[0]
    except ValueError:
        return ""


@lru_cache(maxsize=1024)
def _best(accepted: str, offered: tuple[str, ...]) -> str | None:
    """Of those that are liked the best that is offered: just that, or its next wider form ("de" for "de-AT").

    Where only narrower ones are offered ("pt-BR" for "pt") it is the first of these.
    """
    known = {_wide(code): code for code in reversed(offered)} | {code.lower(): code for code in offered}
    for liked, quality in parse_accept_header(accepted, LanguageAccept):
        form = liked.lower()
        while form and form not in known:
            form = form.rpartition("-")[0]
        if quality > 0 and form:
            return known[form]
    return None


def _wide(code: str) -> str:
    return code.lower().partition("-")[0]
