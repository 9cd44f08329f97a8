"""A feed in Atom (RFC 4287)."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from feedgenerator import Atom1Feed  # type: ignore[import-untyped]

from status_plugin.web.feed_entries import Feed

MEDIA_TYPE = "application/atom+xml"


class _AtomFeed(Atom1Feed):  # type: ignore[misc]
    """Takes the feed's own time from us: the library would call a feed without entries changed just now."""

    def latest_post_date(self) -> datetime:
        """When the feed changed last."""
        return cast(datetime, self.feed["updated"])


def atom(feed: Feed) -> str:
    """The feed as an XML document."""
    written = _AtomFeed(
        title=feed.title,
        link=feed.page,
        description=feed.description,
        language=feed.language,
        author_name=feed.title,
        author_link=feed.page,
        feed_url=feed.address,
        feed_guid=feed.address,
        updated=feed.updated,
    )
    for entry in feed.entries:
        written.add_item(
            title=entry.title,
            link=entry.url,
            description=None,
            content=entry.html,
            unique_id=entry.id,
            updateddate=entry.updated,
            pubdate=entry.published,
            categories=entry.tags,
        )
    return cast(str, written.writeString("utf-8"))
