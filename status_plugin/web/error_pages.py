"""What visitors get when there is nothing at an address, or when the page itself has a fault."""

from __future__ import annotations

import json

from flask import Response, current_app, make_response, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from status_plugin.core.sayings import saying
from status_plugin.core.words import State
from status_plugin.web.assets import asset_address
from status_plugin.web.badge_drawing import Badge, badge_svg
from status_plugin.web.faces import spoken_face, state_face
from status_plugin.web.language import ENGLISH, Language
from status_plugin.web.state import (
    EXTENSION_KEY,
    PluginState,
    current_language,
    current_state,
    hold_wish,
    tell_language,
    translated_template,
)
from status_plugin.web.tongue import speech

FAULT_TEXT = saying(
    "The status page has a fault and cannot show the state of our systems at the moment. "
    "That says nothing about the systems themselves: we do not know how they are."
)

_PAGES = {404: "status/not_found.html", 410: "status/gone.html"}
"""The templates by the code of the answer."""


_FAULT_PAGE = Markup(
    "<!doctype html>\n"
    '<html{attributes}>\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n'
    "<title>{unknown} – {name}</title>\n</head>\n"
    "<body>\n<h1>{name}</h1>\n<p><strong>{unknown}.</strong> {text}</p>\n{links}"
    "</body>\n</html>\n"
)


def http_error(error: HTTPException) -> Response:
    """The page for an address with nothing behind it, any more; other refusals stay as Flask says them."""
    code = error.code or 500
    if _wants_json():
        return _json({"error": {"status": code, "message": error.description}}, code)
    if code not in _PAGES:
        return make_response(error.get_response())
    try:
        wish = current_state().languages.wish(request.environ)
        hold_wish(wish)
        page = render_template(
            translated_template(_PAGES[code]),
            asset_address=asset_address,
            copy_url=_settings_text("copy_url"),
            **speech(wish.language, current_state().languages.site),
        )
        response = make_response(page, code)
        # A note may be at this address soon, or again: nobody may keep its absence.
        response.headers["Cache-Control"] = "no-cache"
        return tell_language(response, wish)
    except Exception as broken:
        return fault(broken)


def fault(error: Exception) -> Response:
    """The last resort: says that we do not know, needs no template, no board and no file."""
    current_app.logger.error("The status page could not be shown.", exc_info=error)
    language = _language()
    if _wants_json():
        response = _json({"error": {"status": 503, "message": language.spoken(FAULT_TEXT)}}, 503)
    elif request.path.endswith(".svg"):
        # A browser draws it all the same, instead of a broken image.
        response = Response(badge_svg(_fault_badge(language)), 503, mimetype="image/svg+xml")
    else:
        response = make_response(_fault_page(language), 503)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = "30"
    return response


def _fault_page(language: Language) -> str:
    page = _FAULT_PAGE.format(
        attributes=language.attributes,
        unknown=language.say("Status unknown"),
        name=language.say("Network Status"),
        text=language.spoken(FAULT_TEXT),
        links=_links(language),
    )
    return str(page)


def _fault_badge(language: Language) -> Badge:
    face = spoken_face(state_face(State.UNKNOWN), language)
    return Badge(name=language.say("Network Status"), face=face, description=language.spoken(FAULT_TEXT))


def _language() -> Language:
    """The language of the answer under way, English where there is nobody to ask."""
    try:
        return current_language()
    except Exception:
        return ENGLISH


def _links(language: Language) -> Markup:
    """Where to go instead, as far as it is set."""
    lines = Markup("")
    if copy_url := _settings_text("copy_url"):
        link = Markup('<a href="{0}">{0}</a>').format(copy_url)
        lines += Markup("<p>{}</p>\n").format(language.say("A copy of this page: {address}", address=link))
    if contact_url := _settings_text("contact_url"):
        lines += Markup('<p><a href="{}">{}</a></p>\n').format(contact_url, language.say("Contact us"))
    return lines


def _settings_text(name: str) -> str:
    """A setting, empty where there are none to ask."""
    plugin: PluginState | None = current_app.extensions.get(EXTENSION_KEY)
    return str(getattr(plugin.settings, name)) if plugin else ""


def _json(value: object, code: int) -> Response:
    return Response(json.dumps(value), code, mimetype="application/json")


def _wants_json() -> bool:
    return request.path.endswith(".json")
