"""How visitors hear of news without looking, and show the state on pages of their own: `/subscribe/`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from flask import request
from markupsafe import Markup

from status_plugin.web.addresses import page_address
from status_plugin.web.blueprint import blueprint, finished, link_previews, render
from status_plugin.web.state import current_state

EMBED_WIDTH, EMBED_HEIGHT = 480, 260
"""The size of the frame in the code for it, in pixels: enough for a calm day, and it scrolls on others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriptions:
    """Complete addresses under the page at `page`, and the code that shows them elsewhere."""

    page: str

    def at(self, path: str) -> str:
        """An address under the page, such as `feed.atom`."""
        return urljoin(self.page, path)

    def webcal(self, path: str) -> str:
        """The same as a program for calendars takes it to subscribe."""
        return f"webcal:{self.at(path).partition(':')[2]}"

    def badge_html(self) -> str:
        """HTML for a badge that leads to the page; no script."""
        code = Markup('<a href="{}"><img src="{}" alt="Network Status" height="20"></a>')
        return str(code.format(self.page, self.at("badge.svg")))

    def badge_markdown(self) -> str:
        """Markdown for the same."""
        return f"[![Network Status]({self.at('badge.svg')})]({self.page})"

    def embed_html(self) -> str:
        """HTML for a frame with the state."""
        code = Markup(
            '<iframe src="{}" title="Network Status" width="{}" height="{}" loading="lazy"></iframe>'
        )
        return str(code.format(self.at("embed/"), EMBED_WIDTH, EMBED_HEIGHT))


@blueprint.get("/subscribe/")
@finished
def subscribe() -> str:
    """Feeds, calendar, badge, frame and API, in plain words with an address for each."""
    state = current_state()
    board = state.station.board()
    preview = link_previews(board).other(
        "Subscribe to Network Status", "Hear of trouble and planned work in a feed reader or a calendar."
    )
    return render(
        "status/subscribe.html",
        board,
        preview=preview,
        to=Subscriptions(page=urljoin(request.host_url, page_address())),
        can_embed=state.settings.embed_ancestors not in ((), ("'none'",)),
    )
