"""`flask status say`: the ready words for whoever asks about one note."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import click
from flask import current_app
from flask.cli import with_appcontext

from status_plugin.core.board.items import Item
from status_plugin.core.notes.components import Inventory
from status_plugin.staff.note_choice import NoteChoiceError, chosen_note
from status_plugin.staff.saying.account import Account, account_of
from status_plugin.staff.saying.phone import phone_lines
from status_plugin.staff.saying.short_message import short_message
from status_plugin.staff.saying.spoken_times import SpokenTimes
from status_plugin.staff.saying.ticket import ticket_lines
from status_plugin.web.addresses import item_address
from status_plugin.web.edition import Edition
from status_plugin.web.prose import Prose
from status_plugin.web.state import current_state
from status_plugin.web.times import Times

_FORMS: Mapping[str, tuple[str, Callable[[Account, Edition, Times], Iterable[str]]]] = {
    "ticket": ("For a ticket", lambda account, edition, times: ticket_lines(account, edition.board, times)),
    "phone": (
        "For the phone",
        lambda account, edition, times: phone_lines(account, SpokenTimes(zone=times.zone, now=times.now)),
    ),
    "sms": (
        "For a short message",
        lambda account, edition, times: [short_message(account, edition.board, times)],
    ),
}


@click.command("say", short_help="Print ready words about a note: ticket, phone, short message.")
@click.argument("slug", required=False)
@click.option("--form", type=click.Choice(list(_FORMS)), help="One of the texts alone; all three without.")
@with_appcontext
def say_command(slug: str | None, form: str | None) -> None:
    """Print the ready words about a note: for a ticket, for the phone, and for a short message.

    SLUG is any part of the note's name, or of an alert's, or the name of a component; without it the
    only open one is meant.
    """
    state = current_state()
    edition = state.station.renew()
    try:
        item = _chosen(edition, slug)
    except NoteChoiceError as error:
        raise click.ClickException(f"{error}") from None
    site = state.settings.site_url
    if not site:
        click.echo("STATUS_SITE_URL is not set, so the address of the page lacks the site's name.", err=True)
    times = Times(zone=state.settings.timezone, now=edition.board.now)
    with current_app.test_request_context(base_url=f"{site}/" if site else None):
        plain = Prose(edition=edition).plain
        account = account_of(item, edition.board, plain, item_address(item, absolute=bool(site)))
        for text in _texts(account, edition, times, form):
            click.echo(text)


def _texts(account: Account, edition: Edition, times: Times, form: str | None) -> Iterable[str]:
    for name, (heading, lines) in _FORMS.items():
        if form is None:
            yield f"{heading}:" if name == next(iter(_FORMS)) else f"\n{heading}:"
        if form in (None, name):
            yield from lines(account, edition, times)


def _chosen(edition: Edition, slug: str | None) -> Item:
    """An entry of the board, or a note of the archive."""
    board = edition.board
    shown = {item.slug: item for item in (*board.past, *board.scheduled, *board.alerts, *board.current)}
    items: dict[str, Item] = {**edition.notes["maintenance"], **edition.notes["incident"], **shown}
    is_open = {item.slug for item in board.current}.__contains__
    inventory = edition.content.inventory or Inventory()
    return chosen_note(slug, list(items.values()), lambda item: is_open(item.slug), inventory)
