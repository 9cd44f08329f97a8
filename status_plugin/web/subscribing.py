"""How visitors hear of news without looking, and show the state on pages of their own: `/subscribe/`."""

from __future__ import annotations

from flask import url_for
from markupsafe import Markup

from status_plugin.web.addresses import badge_address, complete_address, page_address
from status_plugin.web.blueprint import blueprint, finished_page, link_previews, render
from status_plugin.web.state import current_language, current_state

EMBED_WIDTH, EMBED_HEIGHT = 480, 260
"""The size of the frame in the code for it, in pixels: enough for a calm day, and it scrolls on others."""


def badge_html(page: str, badge: str, name: str) -> str:
    """HTML for a badge that leads to the page, from complete addresses; no script."""
    code = Markup('<a href="{}"><img src="{}" alt="{}" height="20"></a>')
    return str(code.format(page, badge, name))


def badge_markdown(page: str, badge: str, name: str) -> str:
    """Markdown for the same."""
    return f"[![{name}]({badge})]({page})"


def embed_html(embed: str, name: str) -> str:
    """HTML for a frame with the state, from the complete address of what is in it."""
    code = Markup('<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"></iframe>')
    return str(code.format(embed, name, EMBED_WIDTH, EMBED_HEIGHT))


@blueprint.get("/subscribe/")
@finished_page
def subscribe() -> str:
    """Feeds, calendar, badge, frame and API, in plain words with an address for each."""
    say = current_language().say
    preview = link_previews().other(
        say("Subscribe to Network Status"),
        say("Hear of trouble and planned work in a feed reader or a calendar."),
    )
    return render(
        "status/subscribe.html",
        preview=preview,
        code=_code(),
        can_embed=current_state().settings.embed_ancestors not in ((), ("'none'",)),
    )


def _code() -> dict[str, str]:
    """What visitors copy into pages of their own, by what it is."""
    name = current_language().say("Network Status")
    page, badge = complete_address(page_address()), complete_address(badge_address())
    return {
        "badge_html": badge_html(page, badge, name),
        "badge_markdown": badge_markdown(page, badge, name),
        "embed_html": embed_html(complete_address(url_for("status.embed")), name),
    }
