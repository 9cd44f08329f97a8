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
from status_plugin.web.language import Language
from status_plugin.web.shapes import shape
from status_plugin.web.state import current_language, current_state


def _nothing(lang: str = "") -> Markup:
    return Markup("")


def _plain_link(lang: str = "") -> Markup:
    try:
        href = page_address()
    except Exception:
        return Markup('<span class="status-link">{}</span>').format(_title(lang))
    return Markup('<a class="status-link" href="{}">{}</a>').format(href, _title(lang))


def _title(lang: str) -> str:
    try:
        return _language(lang).say("Network Status")
    except Exception:
        return "Network Status"


def _language(code: str) -> Language:
    """The language with a code, else that of the answer under way."""
    return current_state().languages.named(code) or current_language()


@harmless(lambda: Markup(""))
def status_styles() -> Markup:
    """The style sheet of the notice and the link, for the head of the site's layout."""
    return Markup('<link rel="stylesheet" href="{}">').format(asset_address("status.css"))


@harmless(_nothing)
def status_notice(lang: str = "") -> Markup:
    """A short notice while something is wrong or under way, empty when there is nothing to tell.

    It is in the language `lang` if the site offers it, else in the site's own.
    """
    board = current_state().station.peek()
    if board is None or not is_news(board):
        return Markup("")
    face = overall_face(board)
    notes = [item for item in board.current if isinstance(item, IncidentItem | WindowItem)]
    href = item_address(notes[0]) if len(notes) == 1 else page_address()
    language = _language(lang)
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
def status_link(lang: str = "") -> Markup:
    """The link to the page, with the overall state at a glance; in a language as the notice is."""
    board = current_state().station.peek()
    if board is None:
        return _plain_link(lang)
    face = overall_face(board)
    return Markup(
        '<a class="status-link status-tone-{tone}" href="{href}">{shape}'
        '{title}<span class="status-hidden">: {word}</span></a>'
    ).format(
        tone=face.tone,
        href=page_address(),
        shape=shape(face.tone),
        title=_title(lang),
        word=_language(lang).spoken(face.word),
    )


def is_news(board: Board) -> bool:
    """Whether the board tells something that the site's other pages should say as well."""
    if board.overall.state in (State.PARTIAL_OUTAGE, State.MAJOR_OUTAGE):
        return True
    if any(isinstance(item, IncidentItem | WindowItem) for item in board.current):
        return True
    return board.in_doubt_since is not None and board.now - board.in_doubt_since >= NOTICE_AFTER
