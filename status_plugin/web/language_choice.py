"""The choice of a language that a page offers: the same page in each language of the site."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from status_plugin.web.language import Language
from status_plugin.web.languages import PARAMETER
from status_plugin.web.state import current_state, named_language


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A language with the address of the present page in it; without a language, as the browser likes it.

    `is_named` says that the present address names just this one.
    """

    address: str
    language: Language | None = None
    is_named: bool = False


def choices() -> list[Choice]:
    """Every language, and last what no language is named for; none where there is nothing to choose."""
    state = current_state()
    if not state.languages.is_choice or state.copy_of:
        return []
    rest = {name: value for name, value in request.args.items() if name != PARAMETER}
    named = [
        Choice(
            address=_address(rest | {PARAMETER: language.code}),
            language=language,
            is_named=named_language() == language.code,
        )
        for language in state.languages.offered
    ]
    return [*named, Choice(address=_address(rest))]


def _address(query: dict[str, str]) -> str:
    path = f"{request.script_root}{request.path}"
    return f"{path}?{urlencode(query)}" if query else path
