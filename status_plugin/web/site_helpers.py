"""What the site's own templates may call: a notice, a link, the style sheet.

None of them can break or delay a page of the site. They use only what is in memory; whatever goes
wrong leaves a line in the log and an answer that says nothing about the state.
"""

from __future__ import annotations

from markupsafe import Markup

from status_plugin.core.board.board import NOTICE_AFTER, Board
from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.words import State
from status_plugin.web.addresses import item_address, page_address
from status_plugin.web.assets import asset_address
from status_plugin.web.faces import overall_face
from status_plugin.web.harmless import harmless
from status_plugin.web.shapes import shape
from status_plugin.web.state import current_language, current_state


def _nothing() -> Markup:
    return Markup("")


def _plain_link() -> Markup:
    try:
        href = page_address()
    except Exception:
        return Markup('<span class="status-link">{}</span>').format(_title())
    return Markup('<a class="status-link" href="{}">{}</a>').format(href, _title())


def _title() -> str:
    try:
        return current_language().say("Network Status")
    except Exception:
        return "Network Status"


@harmless(_nothing)
def status_styles() -> Markup:
    """The style sheet of the notice and the link, for the head of the site's layout."""
    return Markup('<link rel="stylesheet" href="{}">').format(asset_address("status.css"))


@harmless(_nothing)
def status_notice() -> Markup:
    """A short notice while something is wrong or under way, empty when there is nothing to tell."""
    board = current_state().station.peek()
    if board is None or not is_news(board):
        return Markup("")
    face = overall_face(board)
    notes = [item for item in board.current if isinstance(item, IncidentItem | WindowItem)]
    href = item_address(notes[0]) if len(notes) == 1 else page_address()
    language = current_language()
    details = language.say(
        "Details{hidden} on Network Status{end}",
        hidden=Markup('<span class="status-hidden">'),
        end=Markup("</span>"),
    )
    return Markup(
        '<div class="status-notice status-tone-{tone}" role="status">{shape} <p><strong>{text}</strong>'
        ' <a href="{href}">{details}</a></p></div>'
    ).format(
        tone=face.tone,
        shape=shape(face.tone),
        text=language.spoken(board.overall.text),
        href=href,
        details=details,
    )


@harmless(_plain_link)
def status_link() -> Markup:
    """The link to the page, with the overall state at a glance."""
    board = current_state().station.peek()
    if board is None:
        return _plain_link()
    face = overall_face(board)
    return Markup(
        '<a class="status-link status-tone-{tone}" href="{href}">{shape}'
        '{title}<span class="status-hidden">: {word}</span></a>'
    ).format(
        tone=face.tone,
        href=page_address(),
        shape=shape(face.tone),
        title=_title(),
        word=current_language().spoken(face.word),
    )


def is_news(board: Board) -> bool:
    """Whether the board tells something that the site's other pages should say as well."""
    if board.overall.state in (State.PARTIAL_OUTAGE, State.MAJOR_OUTAGE):
        return True
    if any(isinstance(item, IncidentItem | WindowItem) for item in board.current):
        return True
    return board.in_doubt_since is not None and board.now - board.in_doubt_since >= NOTICE_AFTER
