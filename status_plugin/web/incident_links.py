"""Links to incidents and maintenance windows from the site's own pages, with their present state.

A link that comes from Markdown is an element `status-incident`, which names the note for good, so
that HTML that was kept can be brought up to date. None of this waits, opens a file or fails: where
a note is not at hand there are its words alone.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from html import unescape
from xml.etree.ElementTree import Element

from markupsafe import Markup, escape

from status_plugin.web.addresses import item_address
from status_plugin.web.edition import NoteItem
from status_plugin.web.faces import standing
from status_plugin.web.harmless import harmless
from status_plugin.web.state import current_language, current_state

log = logging.getLogger(__name__)

_MARK = re.compile(
    r'(?P<open><status-incident slug="(?P<slug>[^"]*)"(?P<titled> titled="")?>)'
    r'(?:<a class="status-incident" href="[^"]*">)?(?P<words>.*?)'
    r'(?:</a> <span class="status-incident-state">[^<]*</span>)?</status-incident>',
    re.DOTALL,
)


def _plain_slug(slug: str) -> Markup:
    return escape(slug)


def _as_it_was(html: str) -> str:
    return html


@harmless(_plain_slug)
def status_incident(slug: str) -> Markup:
    """A link to an incident or a window with its present state; the slug alone when none is at hand."""
    item = _note(slug)
    return _link(item, escape(item.title)) if item else escape(slug)


@harmless(_as_it_was)
def status_incidents(html: str) -> str:
    """HTML made from Markdown, kept for however long, with every link to a note as it stands now.

    What was marked as safe stays so, and nothing else becomes it.
    """
    if "<status-incident " not in html:
        return html
    shown = _MARK.sub(_brought_up_to_date, str(html))
    return Markup(shown) if hasattr(html, "__html__") else shown  # noqa: S704, as safe as it came


def mark(link: Element, slug: str) -> None:
    """Turn a link of Markdown's tree into the element that `status_incidents` brings up to date."""
    for inner in link.iter("a"):
        inner.tag, inner.attrib = "span", {}
    link.tag, link.attrib = "status-incident", {"slug": slug}
    if not len(link) and not (link.text or "").strip():
        link.text = slug
        link.set("titled", "")


def _brought_up_to_date(found: re.Match[str]) -> str:
    slug = unescape(found["slug"])
    item = _note(slug)
    if item is None:
        words = escape(slug) if found["titled"] else found["words"]
    else:
        words = _link(item, escape(item.title) if found["titled"] else Markup(found["words"]))  # noqa: S704
    return f"{found['open']}{words}</status-incident>"


def _link(item: NoteItem, words: Markup) -> Markup:
    return Markup(
        '<a class="status-incident" href="{href}">{words}</a>'
        ' <span class="status-incident-state">({state})</span>'
    ).format(href=item_address(item), words=words, state=current_language().inside(standing(item)))


def _note(slug: str) -> NoteItem | None:
    item = current_state().station.peek_note(slug)
    if item is None:
        _report(slug)
    return item


@lru_cache(maxsize=256)
def _report(slug: str) -> None:
    """Say once that a link leads nowhere, not with every visitor."""
    log.warning("A page of the site links to %r, and there is no such incident or window.", slug)
