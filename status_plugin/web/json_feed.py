"""A feed in JSON (JSON Feed 1.1)."""

from __future__ import annotations

from typing import Any

from status_plugin.web.feed_entries import Feed, FeedEntry

MEDIA_TYPE = "application/feed+json"


def json_feed(feed: Feed) -> dict[str, Any]:
    """The feed as a JSON value."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "description": feed.description,
        "language": feed.language,
        "authors": [{"name": feed.title, "url": feed.page}],
        "items": [_item(entry) for entry in feed.entries],
    }


def _item(entry: FeedEntry) -> dict[str, Any]:
    dates = {"date_published": entry.published.isoformat(timespec="seconds")} if entry.published else {}
    if entry.published and entry.updated > entry.published:
        dates |= {"date_modified": entry.updated.isoformat(timespec="seconds")}
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "content_text": entry.text,
        **dates,
        "tags": list(entry.tags),
    }
