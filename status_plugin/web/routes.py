"""All addresses under the mount prefix: the blueprint, with the views of every module that has any."""

from __future__ import annotations

from status_plugin.web import (
    archive_pages,
    badges,
    calendars,
    embedding,
    feeds,
    health,
    pages,
    subscribing,
)
from status_plugin.web.blueprint import blueprint
from status_plugin.web.statuspage import views as statuspage

__all__ = [
    "archive_pages",
    "badges",
    "blueprint",
    "calendars",
    "embedding",
    "feeds",
    "health",
    "pages",
    "statuspage",
    "subscribing",
]
