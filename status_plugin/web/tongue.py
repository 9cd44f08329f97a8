"""What every template needs to speak the language of its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from status_plugin.web.language import Language
from status_plugin.web.language_choice import Choice
from status_plugin.web.script_words import script_words


@dataclass(frozen=True, kw_only=True, slots=True)
class Tongue:
    """The language of a page, and `choices` of others.

    `attributes` stand at the root of the page: what browsers and the script are told of its language.
    `since` stands before a time where no heading says it. `hidden` and `end` stand around what only
    screen readers read.
    """

    language: Language
    attributes: Markup
    since: str
    choices: Sequence[Choice] = ()

    hidden: ClassVar[Markup] = Markup('<span class="status-hidden">')
    end: ClassVar[Markup] = Markup("</span>")


def speech(language: Language, choices: Sequence[Choice] = ()) -> dict[str, Any]:
    """The names by which every template speaks.

    `say` and `say_count` say a message, and `spoken` a saying that was made elsewhere.
    """
    tongue = Tongue(
        language=language,
        attributes=_attributes(language),
        since=language.say("since {time}", time=""),
        choices=choices,
    )
    return {"say": language.say, "say_count": language.say_count, "spoken": language.spoken, "tongue": tongue}


def _attributes(language: Language) -> Markup:
    said = Markup(' lang="{}"').format(language.code)
    if language.direction == "rtl":
        said += Markup(' dir="rtl"')
    if not language.is_plain:
        said += Markup(' data-status-words="{}"').format("|".join(script_words(language)))
    return said
