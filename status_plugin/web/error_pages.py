"""What visitors get when there is nothing at an address, or when the page itself has a fault."""

from __future__ import annotations

import json

from flask import Response, current_app, make_response, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from status_plugin.core.words import State
from status_plugin.web.assets import asset_address
from status_plugin.web.badge_drawing import Badge, badge_svg
from status_plugin.web.faces import state_face
from status_plugin.web.state import EXTENSION_KEY, PluginState

FAULT_TEXT = (
    "The status page has a fault and cannot show the state of our systems at the moment. "
    "That says nothing about the systems themselves: we do not know how they are."
)

_PAGES = {404: "status/not_found.html", 410: "status/gone.html"}
"""The templates by the code of the answer."""

_FAULT_BADGE = Badge(name="Network Status", face=state_face(State.UNKNOWN), description=FAULT_TEXT)

_FAULT_PAGE = Markup(
    "<!doctype html>\n"
    '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n'
    "<title>Status unknown – Network Status</title>\n</head>\n"
    "<body>\n<h1>Network Status</h1>\n<p><strong>Status unknown.</strong> {text}</p>\n{links}"
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
        page = render_template(_PAGES[code], asset_address=asset_address, copy_url=_settings_text("copy_url"))
        response = make_response(page, code)
        # A note may be at this address soon, or again: nobody may keep its absence.
        response.headers["Cache-Control"] = "no-cache"
        return response
    except Exception as broken:
        return fault(broken)


def fault(error: Exception) -> Response:
    """The last resort: says that we do not know, needs no template, no board and no file."""
    current_app.logger.error("The status page could not be shown.", exc_info=error)
    if _wants_json():
        response = _json({"error": {"status": 503, "message": FAULT_TEXT}}, 503)
    elif request.path.endswith(".svg"):
        # A browser draws it all the same, instead of a broken image.
        response = Response(badge_svg(_FAULT_BADGE), 503, mimetype="image/svg+xml")
    else:
        response = make_response(str(_FAULT_PAGE.format(text=FAULT_TEXT, links=_links())), 503)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = "30"
    return response


def _links() -> Markup:
    """Where to go instead, as far as it is set."""
    lines = Markup("")
    if copy_url := _settings_text("copy_url"):
        lines += Markup('<p>A copy of this page: <a href="{0}">{0}</a></p>\n').format(copy_url)
    if contact_url := _settings_text("contact_url"):
        lines += Markup('<p><a href="{}">Contact us</a></p>\n').format(contact_url)
    return lines


def _settings_text(name: str) -> str:
    """A setting, empty where there are none to ask."""
    plugin: PluginState | None = current_app.extensions.get(EXTENSION_KEY)
    return str(getattr(plugin.settings, name)) if plugin else ""


def _json(value: object, code: int) -> Response:
    return Response(json.dumps(value), code, mimetype="application/json")


def _wants_json() -> bool:
    return request.path.endswith(".json")
