"""The blueprint of everything under the mount prefix, and how its answers are made."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec

from flask import Blueprint, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from status_plugin.web import error_pages, incident_links, site_helpers
from status_plugin.web.finished import is_translated, mark_finished
from status_plugin.web.languages import PARAMETER
from status_plugin.web.link_previews import LinkPreview, LinkPreviews
from status_plugin.web.page_context import page_context
from status_plugin.web.prose import Prose
from status_plugin.web.state import (
    current_edition,
    current_language,
    current_state,
    hold_edition,
    hold_wish,
    named_language,
    tell_language,
    translated_template,
)
from status_plugin.web.times import Times

_P = ParamSpec("_P")

blueprint = Blueprint("status", "status_plugin", template_folder="templates")


def finished(view: Callable[_P, ResponseReturnValue]) -> Callable[_P, BaseResponse]:
    """Answers with the finished bytes of the present edition; `view` makes them of it, once.

    The view asks `current_edition()` for it, so that a whole answer is of one edition. Nothing of the
    query reaches it.
    """
    return finished_for()(view)


def finished_for(
    *parameters: str, apart: Sequence[str] = (), translated: bool = False
) -> Callable[[Callable[_P, ResponseReturnValue]], Callable[_P, BaseResponse]]:
    """The same for a view that makes another answer for each value of some parameters of the query.

    It must refuse every value that nothing links to: whatever it answers is kept. Of the values of
    the parameters `apart` there is no end, so that an answer to any of those is kept nowhere. What is
    `translated` is answered in each language of the site, all else in the site's own.
    """

    def decorate(view: Callable[_P, ResponseReturnValue]) -> Callable[_P, BaseResponse]:
        @wraps(view)
        def answer(*args: _P.args, **kwargs: _P.kwargs) -> BaseResponse:
            state = current_state()
            app = current_app._get_current_object()  # type: ignore[attr-defined]
            edition = state.station.edition()
            languages = state.languages
            wish = languages.wish(request.environ) if translated else languages.own_wish

            def make() -> BaseResponse:
                hold_edition(edition)
                hold_wish(wish)
                response = make_response(view(*args, **kwargs))
                return tell_language(response, wish) if translated else response

            if apart and any(request.args.get(name) for name in apart):
                return state.pages.respond_once(app, make, (*apart, *parameters), wish)
            return state.pages.respond(app, edition, state.station.now(), make, parameters, wish)

        mark_finished(answer, translated=translated)
        return answer

    return decorate


def finished_page(view: Callable[_P, ResponseReturnValue]) -> Callable[_P, BaseResponse]:
    """The same as `finished` for a page that people read: in each language of the site."""
    return finished_for(translated=True)(view)


def render(template: str, *, preview: LinkPreview | None = None, **values: Any) -> str:
    """A page from its template, with the names that every template may use and `values`.

    `preview` is what other programs show of a link to it; without one the page is not described.
    """
    edition = current_edition()
    prose = Prose(edition=edition)
    state = current_state()
    context = page_context(edition.board, state.settings, prose.html, current_times(), state.languages.site)
    return render_template(translated_template(template), preview=preview, **context, **values)


def link_previews() -> LinkPreviews:
    """Describes links to pages of the present edition."""
    edition = current_edition()
    return LinkPreviews(board=edition.board, times=current_times(), prose=Prose(edition=edition))


def current_times() -> Times:
    """Writes times as the answer under way tells them: of its edition, in its language."""
    now = current_edition().board.now
    return Times(zone=current_state().settings.timezone, now=now, language=current_language())


def compact(value: Any) -> str:
    """A value as JSON without a byte too many."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@blueprint.url_defaults
def keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """A page in a language that its address names leads to others in that language."""
    if (code := named_language()) and is_translated(current_app.view_functions[endpoint]):
        values.setdefault(PARAMETER, code)


@blueprint.context_processor
def copied_page() -> dict[str, str]:
    """What every template may say of a copy, also that of an error page."""
    return {"copy_of": current_state().copy_of}


# A site's own handler for a code goes before ours for all of them, but not before ours for the code.
blueprint.register_error_handler(404, error_pages.http_error)
blueprint.register_error_handler(410, error_pages.http_error)
blueprint.register_error_handler(HTTPException, error_pages.http_error)
blueprint.register_error_handler(Exception, error_pages.fault)
for helper in (
    incident_links.status_incident,
    site_helpers.status_link,
    site_helpers.status_notice,
    site_helpers.status_styles,
):
    blueprint.add_app_template_global(helper)
blueprint.add_app_template_filter(incident_links.status_incidents)
