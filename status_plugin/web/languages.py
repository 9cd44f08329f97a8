"""The languages of a site: its own, in which notes are written, and those that a visitor may choose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from status_plugin.web.language import ENGLISH, Language


@dataclass(frozen=True, kw_only=True, slots=True)
class Languages:
    """`offered` holds the `site`'s own language too, in the order in which they are shown."""

    site: Language = ENGLISH
    offered: tuple[Language, ...] = (ENGLISH,)

    @property
    def is_choice(self) -> bool:
        """Whether there is more than one."""
        return len(self.offered) > 1

    def named(self, code: str) -> Language | None:
        """The one that was asked for by name, None if it is not offered."""
        return next((language for language in self.offered if language.code == code), None)

    def preferred(self, accepted: str) -> Language:
        """The one that a browser likes best, by what it says it accepts; the site's where it likes none."""
        if not self.is_choice or not accepted:
            return self.site
        code = _best(accepted, tuple(language.code for language in self.offered))
        return (self.named(code) if code else None) or self.site


@lru_cache(maxsize=1024)
def _best(accepted: str, offered: tuple[str, ...]) -> str | None:
    return parse_accept_header(accepted, LanguageAccept).best_match(offered)
