"""What every template needs to speak the language of its page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from status_plugin.core.board.items import Item
from status_plugin.web.language import Language, direction_of
from status_plugin.web.language_choice import Choice
from status_plugin.web.script_words import script_words

_NOTHING = Markup("")


class Tongue:
    """The `language` of a page of a site that writes in the language `site`, and `choices` of others.

    `attributes` stand at the root of the page: what browsers and the script are told of its language.
    `since` stands before a time where no heading says it. `hidden` and `end` stand around what only
    screen readers read. `of_site` stands at what the site has written, where that is another language.
    """

    hidden = Markup('<span class="status-hidden">')
    end = Markup("</span>")

    def __init__(self, language: Language, site: Language, choices: Sequence[Choice] = ()) -> None:
        self.language = language
        self.choices = choices
        self.attributes = _root(language)
        self.since = language.say("since {time}", time="")
        self._site = site.code
        self._other: dict[str, Markup] = {language.code: _NOTHING}
        self.of_site = self._of(site.code)

    def of(self, item: Item) -> Markup:
        """The same of what an entry's note says."""
        note = getattr(item, "note", None)
        return _NOTHING if note is None else self._of(note.language or self._site)

    def _of(self, code: str) -> Markup:
        if code not in self._other:
            turned = direction_of(code) != self.language.direction
            said = Markup(' lang="{}"').format(code)
            self._other[code] = said + (Markup(' dir="{}"').format(direction_of(code)) if turned else "")
        return self._other[code]


def speech(language: Language, site: Language, choices: Sequence[Choice] = ()) -> dict[str, Any]:
    """The names by which every template speaks.

    `say` and `say_count` say a message, and `spoken` a saying that was made elsewhere.
    """
    return {
        "say": language.say,
        "say_count": language.say_count,
        "spoken": language.spoken,
        "tongue": Tongue(language, site, choices) if choices else _tongue(language, site),
    }


@lru_cache(maxsize=64)
def _tongue(language: Language, site: Language) -> Tongue:
    return Tongue(language, site)


def _root(language: Language) -> Markup:
    said = language.attributes
    if not language.is_plain:
        said += Markup(' data-status-words="{}"').format("|".join(script_words(language)))
    return said
