"""For the site's own Markdown: `markdown(text, extensions=["status_plugin.blog"])`."""

from __future__ import annotations

from status_plugin.web.blog_links import IncidentLinks, makeExtension

__all__ = ["IncidentLinks", "makeExtension"]
