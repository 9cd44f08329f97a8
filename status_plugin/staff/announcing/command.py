"""`flask status announce`: tells those who follow a component what is new, each thing once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from status_plugin.core.notes.components import Inventory
from status_plugin.sources.commits import CommitError
from status_plugin.sources.git import GitMissingError
from status_plugin.staff.announcing.batch import (
    Batch,
    RangeError,
    batch_of_now,
    batch_of_range,
    nothing_to_compare,
    read_range,
)
from status_plugin.staff.announcing.catalogue import Catalogue
from status_plugin.staff.announcing.ledger import Ledger, LedgerError
from status_plugin.staff.announcing.recipients import Recipients, RecipientsError, read_recipients
from status_plugin.staff.announcing.rehearsal import NOTHING_NEW, rehearse, strangers
from status_plugin.staff.announcing.telling import Teller
from status_plugin.staff.watch import stopped_by_signals
from status_plugin.web.addresses import page_address
from status_plugin.web.state import PluginState, current_state


@click.command("announce", short_help="Tell those who follow a component what is new.")
@click.argument("commits", metavar="[OLD..NEW]", required=False)
@click.option("--due", is_flag=True, help="Tell what the clock and monitoring have brought, too.")
@click.option("--again", is_flag=True, help="Send what may have arrived already, too.")
@click.option("--dry-run", is_flag=True, help="Say what would be told to whom, and tell nobody.")
@with_appcontext
def announce_command(commits: str | None, due: bool, again: bool, dry_run: bool) -> None:
    """Tell those who follow a component what is new between two commits of the notes, each thing once.

    Exits with 1 when somebody could not be told; the next run makes up for it.
    """
    if commits is None and not due:
        raise click.UsageError("Name a range of commits, such as HEAD~1..HEAD, or say --due.")
    state = current_state()
    if not state.settings.site_url:
        raise click.ClickException(
            "STATUS_SITE_URL is not set, so no link could be made. Example: "
            "STATUS_SITE_URL = 'https://www.example.com'"
        )
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    try:
        with app.test_request_context(base_url=f"{state.settings.site_url}/"):
            batches = _batches(state, commits, due=due)
            recipients = _recipients(state, is_needed=not dry_run)
            if dry_run:
                is_well = _show(state, batches, recipients, again=again)
            else:
                is_well = _tell(state, batches, recipients, again=again)
    except RangeError as error:
        raise click.BadParameter(f"{error}", param_hint="OLD..NEW") from None
    except (CommitError, GitMissingError, LedgerError, RecipientsError) as error:
        raise click.ClickException(f"{error}") from None
    if not is_well:
        raise click.exceptions.Exit(1)


def _batches(state: PluginState, commits: str | None, *, due: bool) -> list[Batch]:
    """What there is to tell, from the commits first."""
    now = state.station.now()
    found = []
    if commits is not None:
        old, new = read_range(commits)
        if why := nothing_to_compare(old, new):
            click.echo(why)
        else:
            found.append(batch_of_range(state.settings, old, new, now))
    if due:
        found.append(batch_of_now(state, now))
    for batch in found:
        for remark in batch.remarks:
            click.echo(remark, err=True)
    return found


def _recipients(state: PluginState, *, is_needed: bool) -> Recipients:
    if state.settings.announce is not None:
        recipients = read_recipients(state.settings.announce, page_address(absolute=True))
        for place in recipients.broken:
            click.echo(
                f"STATUS_ANNOUNCE: Apprise cannot use {place} of '{state.settings.announce}'; whoever is "
                "meant there is not told. `apprise --dry-run --verbose --config FILE` may say more.",
                err=True,
            )
        return recipients
    if is_needed:
        raise RecipientsError(
            "STATUS_ANNOUNCE is not set, so nobody can be told. It is the path of a file of Apprise's, "
            "such as STATUS_ANNOUNCE = '/etc/example/announce.yml'"
        )
    return Recipients(all=())


def _tell(state: PluginState, batches: Sequence[Batch], recipients: Recipients, *, again: bool) -> bool:
    now, path = state.station.now(), state.settings.announced
    is_well = not recipients.broken
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        click.echo(line)

    with Ledger.open(path) as ledger:
        teller = Teller(recipients=recipients.all, ledger=ledger, now=now, say=say)
        for batch in batches:
            teller.owe(batch)
        with Ledger.alone(path), stopped_by_signals() as stop:
            is_well &= teller.take_stock(again=again)
            for batch in batches:
                is_well &= teller.tell(Catalogue(batch, state.settings, now, state.languages.site), stop)
    # A timer asks every minute: of it nobody wants to hear that there was nothing.
    if not said and not all(batch.by_the_clock for batch in batches):
        click.echo(NOTHING_NEW)
    return is_well and _hears_monitoring(state, batches)


def _show(state: PluginState, batches: Sequence[Batch], recipients: Recipients, *, again: bool) -> bool:
    now = state.station.now()
    with Ledger.copy(state.settings.announced) as ledger:
        teller = Teller(recipients=recipients.all, ledger=ledger, now=now, say=click.echo)
        for batch in batches:
            teller.owe(batch)
            if again:
                ledger.tell_again(now)
            for line in rehearse(
                teller, Catalogue(batch, state.settings, now, state.languages.site), batch.news
            ):
                click.echo(line)
            for line in strangers(recipients.all, batch.edition.content.inventory or Inventory()):
                click.echo(line, err=True)
    return not recipients.broken and _hears_monitoring(state, batches)


def _hears_monitoring(state: PluginState, batches: Sequence[Batch]) -> bool:
    """Whether trouble is remembered from one run to the next, if anything is watched."""
    is_watched = any(batch.by_the_clock and batch.edition.board.monitored for batch in batches)
    if is_watched and not state.shared.is_shared:
        click.echo(
            "What monitoring sees is announced only when it lasts, and nothing remembers how long: "
            "STATUS_CACHE is kept in each process alone. Set one that they share, such as STATUS_CACHE = "
            "{'CACHE_TYPE': 'FileSystemCache', 'CACHE_DIR': '/var/cache/example-status'}.",
            err=True,
        )
        return False
    return True
