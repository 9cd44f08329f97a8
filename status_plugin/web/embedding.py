"""The page for a frame on a site elsewhere: `/embed/`."""

from __future__ import annotations

from status_plugin.web.blueprint import blueprint, finished_page, render


@blueprint.get("/embed/")
@finished_page
def embed() -> str:
    """The overall line, what is on now and what comes next, in a page without the site's layout."""
    return render("status/embed.html")
