"""What the extension keeps for one application, and how views and commands find it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from flask import Flask, Response, current_app, g
from jinja2 import Template

from status_plugin.settings import Settings
from status_plugin.sources.journal import Journal
from status_plugin.sources.monitor_map import MonitorMap
from status_plugin.sources.monitors import Source
from status_plugin.sources.shared_cache import SharedCache
from status_plugin.web.chronicles import Chronicles
from status_plugin.web.edition import Edition
from status_plugin.web.finished import FinishedPages
from status_plugin.web.histories import Histories
from status_plugin.web.language import Language
from status_plugin.web.languages import Languages, Wish
from status_plugin.web.searches import Searches
from status_plugin.web.station import Station
from status_plugin.web.translated_templates import TranslatedTemplates

EXTENSION_KEY = "status_plugin"

_WISH_KEY = "status_plugin_wish"


@dataclass(frozen=True, kw_only=True, slots=True)
class PluginState:
    """What the extension keeps: how one application is set, what it knows, and what it has made of it.

    `copy_of` is the complete address of the page while a copy of it is made for elsewhere, else empty.
    """

    settings: Settings
    monitor_map: MonitorMap
    sources: Mapping[str, Source]
    shared: SharedCache
    station: Station
    journal: Journal | None
    histories: Histories
    pages: FinishedPages
    chronicles: Chronicles = field(default_factory=Chronicles)
    searches: Searches = field(default_factory=Searches)
    languages: Languages = field(default_factory=Languages)
    templates: TranslatedTemplates = field(default_factory=TranslatedTemplates)
    copy_of: str = ""


def current_state() -> PluginState:
    """The state of the application that is being served."""
    return cast(PluginState, current_app.extensions[EXTENSION_KEY])


def keep_state(app: Flask, state: PluginState) -> None:
    """Make `state` the application's."""
    app.extensions[EXTENSION_KEY] = state


def current_edition() -> Edition:
    """The edition that the answer under way is made of; where none is under way, that of now."""
    held: Edition | None = g.get(EXTENSION_KEY)
    return current_state().station.edition() if held is None else held


def hold_edition(edition: Edition) -> None:
    """Have the answer under way made of this edition, whatever changes meanwhile."""
    setattr(g, EXTENSION_KEY, edition)


def current_language() -> Language:
    """The language of the answer under way; where none was chosen for it, the site's."""
    held: Wish | None = g.get(_WISH_KEY)
    return current_state().languages.site if held is None else held.language


def named_language() -> str:
    """The code of the language that the address of the answer under way names, empty if it names none."""
    held: Wish | None = g.get(_WISH_KEY)
    return held.language.code if held is not None and held.is_named else ""


def hold_wish(wish: Wish) -> None:
    """Have the answer under way made in the language that is wished."""
    setattr(g, _WISH_KEY, wish)


def translated_template(template: str) -> Template:
    """A template in the language of the answer under way."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return current_state().templates.get(app, template, current_language())


def tell_language(response: Response, wish: Wish) -> Response:
    """Have an answer say which language it is in, and that others get it in another one if they do."""
    response.headers["Content-Language"] = wish.language.code
    if wish.is_guessed:
        response.vary.add("Accept-Language")
    return response
