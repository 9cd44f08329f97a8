"""The addresses of Statuspage's public API, under the mount prefix and, if the site wishes, at its root."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.settings import SettingError
from status_plugin.web import error_pages
from status_plugin.web.addresses import item_address, page_address
from status_plugin.web.blueprint import blueprint, compact, finished
from status_plugin.web.prose import Prose
from status_plugin.web.state import current_edition, current_language, current_state
from status_plugin.web.statuspage.answers import Answers

PREFIX = "/api/v2"
A_DAY = "86400"

ANSWERS: dict[str, Callable[[Answers], dict[str, Any]]] = {
    "summary.json": Answers.summary,
    "status.json": Answers.status,
    "components.json": Answers.components,
    "incidents.json": Answers.incidents_all,
    "incidents/unresolved.json": Answers.incidents_unresolved,
    "scheduled-maintenances.json": Answers.maintenances_all,
    "scheduled-maintenances/upcoming.json": Answers.maintenances_upcoming,
    "scheduled-maintenances/active.json": Answers.maintenances_active,
}
"""What is behind each address, relative to the prefix."""

api = Blueprint("api", __name__, url_prefix=PREFIX)


def mount_at_root(app: Flask) -> None:
    """Serve the API at the site's root too; SettingError if the site has a route of its own there."""
    ours = {f"{PREFIX}/{name}" for name in ANSWERS}
    for rule in app.url_map.iter_rules():
        if rule.rule in ours:
            raise SettingError(
                f"STATUS_API_AT_ROOT: the site has a route of its own at {rule.rule} ({rule.endpoint}). "
                "Take one of the two away; without the setting the same answers are under the mount prefix."
            )
    app.register_blueprint(api, name="status_api_at_root")


@api.after_request
def open_to_every_origin(response: BaseResponse) -> BaseResponse:
    """Let scripts of every site read the answers; there is nothing of any visitor in them."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "*"
        response.headers["Access-Control-Max-Age"] = A_DAY
    return response


def _view(answer: Callable[[Answers], dict[str, Any]]) -> Callable[[], BaseResponse]:
    @finished
    def view() -> Response:
        return Response(compact(answer(_answers())) + "\n", mimetype="application/json")

    return view


def _answers() -> Answers:
    edition = current_edition()
    return Answers(
        board=edition.board,
        incidents=cast("Iterable[IncidentItem]", edition.notes["incident"].values()),
        windows=cast("Iterable[WindowItem]", edition.notes["maintenance"].values()),
        zone=current_state().settings.timezone,
        page_url=page_address(absolute=True),
        address=lambda item: item_address(item, absolute=True),
        plain=Prose(edition=edition).plain,
        spoken=current_language().spoken,
    )


# At the site's root no other blueprint of ours stands around these addresses.
api.register_error_handler(HTTPException, error_pages.http_error)
api.register_error_handler(Exception, error_pages.fault)
for name, answer in ANSWERS.items():
    api.add_url_rule(f"/{name}", name.removesuffix(".json").replace("/", "_"), _view(answer))
blueprint.register_blueprint(api)
