"""`flask status ...`: what staff do; each command calls one room and prints what it says."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from werkzeug.serving import run_simple

from status_plugin.core.notes.components import Inventory
from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.moments import read_moment
from status_plugin.staff.announcing.command import announce_command
from status_plugin.staff.checking.command import check_command
from status_plugin.staff.command_group import ChapteredGroup
from status_plugin.staff.desk.list_command import list_command
from status_plugin.staff.desk.new_command import new_group
from status_plugin.staff.desk.refusal import RefusedError
from status_plugin.staff.desk.update_command import cancel_command, resolve_command, update_command
from status_plugin.staff.draft import NothingToDraftError, chosen_event, undescribed, write_draft
from status_plugin.staff.draft_text import draft_text
from status_plugin.staff.entrance import HELP, NAME
from status_plugin.staff.exporting.command import export_command
from status_plugin.staff.importing.command import import_command
from status_plugin.staff.links.command import links_command
from status_plugin.staff.preview import NoPageError, page_bytes, show_as_of, show_drafts
from status_plugin.staff.preview_bar import put_bar
from status_plugin.staff.reporting.command import report_command
from status_plugin.staff.saying.command import say_command
from status_plugin.staff.schema.command import schema_command
from status_plugin.staff.self_contained import self_contained
from status_plugin.staff.terminal import board_text
from status_plugin.staff.watch import stopped_by_signals, watch
from status_plugin.web.edition import Edition
from status_plugin.web.prose import Prose
from status_plugin.web.state import PluginState, current_state
from status_plugin.web.times import Times


@click.command("preview", short_help="Show the page as the notes make it, now or at another moment.")
@click.option("--as-of", "as_of", metavar="WHEN", help="Another moment, such as '2008-09-04 5:40pm Eastern'.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write the page to a file.")
@click.option(
    "--serve", type=click.IntRange(1, 65535), metavar="PORT", help="Serve the page on this machine."
)
@click.option("--drafts", is_flag=True, help="Show drafts, too, and what is not announced yet, marked so.")
@with_appcontext
def preview_command(as_of: str | None, html: Path | None, serve: int | None, drafts: bool) -> None:
    """Show the page as the notes in the folder make it, as text unless told otherwise.

    A page has a bar that says that it is a preview; one that is served comes anew when a note changes.

    At another moment than now the journal alone tells what monitoring said; without it what is
    watched is unknown then.
    """
    state = current_state()
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    if as_of is not None:
        state = show_as_of(app, state, _moment(as_of, state), lambda: datetime.now(UTC))
    if drafts:
        state = show_drafts(app, state, lambda: datetime.now(UTC))
    put_bar(app, state, drafts=drafts, reloads=serve is not None)
    if serve is not None:
        click.echo(f"The page is at http://127.0.0.1:{serve}{state.settings.url_prefix}/ (Ctrl-C ends it).")
        run_simple("127.0.0.1", serve, app, threaded=True)
    elif html is not None:
        _write_page(app, f"{state.settings.url_prefix}/", html)
        click.echo(f"Written: {html}")
    else:
        _print_board(state, state.station.renew())


@click.command("watch", short_help="Keep asking monitoring, so that visitors never have to.")
@click.option("--once", is_flag=True, help="Look once and end.")
@with_appcontext
def watch_command(once: bool) -> None:
    """Ask monitoring again and again, so that visitors never have to; says what it sees when it changes."""
    state = current_state()
    if once:
        _print_board(state, state.station.renew(anew=True))
        return
    if not state.shared.is_shared:
        raise click.ClickException(
            "What this process hears would not reach the web workers: STATUS_CACHE is kept in each "
            "process alone. Set a cache that they share, such as STATUS_CACHE = "
            "{'CACHE_TYPE': 'FileSystemCache', 'CACHE_DIR': '/var/cache/example-status'}."
        )
    with stopped_by_signals() as stop:
        watch(state, state.settings.monitor_ttl / 3, stop, click.echo)


@click.command("draft", short_help="Print a note for an outage that nobody has described.")
@click.argument("what", required=False, metavar="[COMPONENT | ALERT]")
@click.option("--write", "is_written", is_flag=True, help="Write it among the incidents, where it is public.")
@with_appcontext
def draft_command(what: str | None, is_written: bool) -> None:
    """Print the note for an outage that our monitoring saw and nobody has described.

    Without a name it is the worst that is on now, or else the latest that has passed.
    """
    state = current_state()
    if state.journal is None and not state.shared.is_shared:
        raise click.ClickException(
            "This process does not know what the site has seen, so it cannot tell when anything began. "
            "Set STATUS_JOURNAL, or a STATUS_CACHE that processes share, to draft notes."
        )
    edition = state.station.renew()
    zone = state.settings.timezone
    try:
        seen = chosen_event(edition, what)
    except NothingToDraftError as error:
        raise click.ClickException(str(error)) from None
    text = draft_text(seen, edition.content.inventory or Inventory(), zone, state.station.now())
    others = [name for name in undescribed(edition) if name != seen[0].event]
    if others:
        click.echo(f"Without a note are also: {', '.join(others)}", err=True)
    if not is_written:
        click.echo(text, nl=False)
        return
    try:
        path = write_draft(text, seen, state.settings.content, zone, edition.content)
    except RefusedError as error:
        raise click.ClickException(f"{error}") from None
    click.echo(f"Written: {os.path.relpath(path)}. It is public; say in it what customers notice.")


def _moment(text: str, state: PluginState) -> datetime:
    try:
        return read_moment(text, zone=state.settings.timezone)[0].at
    except UnreadableError as error:
        raise click.BadParameter(f"{error}", param_hint="--as-of") from None


def _write_page(app: Flask, address: str, file: Path) -> None:
    try:
        file.write_bytes(self_contained(app, page_bytes(app, address)))
    except NoPageError as error:
        raise click.ClickException(f"Nothing is written: {error}") from None
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from None


def _print_board(state: PluginState, edition: Edition) -> None:
    board = edition.board
    times = Times(zone=state.settings.timezone, now=board.now)
    prose = Prose(edition=edition)
    with current_app.test_request_context():
        for line in board_text(board, times, prose.plain):
            click.echo(line)


commands = ChapteredGroup(
    name=NAME,
    help=HELP,
    chapters={
        "Write notes": (new_group, update_command, resolve_command, cancel_command, draft_command),
        "See and check them": (list_command, check_command, preview_command, links_command, schema_command),
        "Tell others": (say_command, announce_command, report_command),
        "Run the page": (watch_command, export_command, import_command),
    },
)
