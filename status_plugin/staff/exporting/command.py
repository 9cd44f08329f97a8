"""`flask status export`: the pages as static files, once or for as long as it runs."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from status_plugin.staff.exporting.crew import processors
from status_plugin.staff.exporting.error_page import error_page, write_error_page
from status_plugin.staff.exporting.export import Exporter, Outcome
from status_plugin.staff.exporting.fixed_edition import as_of_now
from status_plugin.staff.exporting.following import follow
from status_plugin.staff.exporting.private_folders import refuse_private
from status_plugin.staff.exporting.problem import ExportError
from status_plugin.staff.watch import stopped_by_signals
from status_plugin.web.edition import Edition
from status_plugin.web.state import PluginState, current_state


def _address(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
        raise click.BadParameter(
            f"'{value}' is no complete address of a website. Example: --base https://status.example.net/"
        )
    return f"{value.rstrip('/')}/" if value else ""


@click.command("export", short_help="Write the page as files, for a host elsewhere.")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--watch", "is_watching", is_flag=True, help="Go on and keep the copy fresh, until stopped.")
@click.option(
    "--base",
    default="",
    metavar="ADDRESS",
    callback=_address,
    help="Where the copy will be, for complete links; without it they are relative and hold anywhere.",
)
@click.option(
    "--error-page",
    "error_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write one page for the web server's 502 and 503, with the current alerts; alone or with FOLDER.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=processors,
    help="How many may work at the same time; as many as there are processors unless told otherwise.",
)
@with_appcontext
def export_command(
    folder: Path | None, is_watching: bool, base: str, error_file: Path | None, processes: int
) -> None:
    """Write every page, feed, calendar and badge into FOLDER as files, for a host elsewhere.

    What has not changed stays as it is, and only what an export made is ever replaced or deleted. A run
    that is killed is completed by the next one.
    """
    if folder is None and error_file is None:
        raise click.UsageError("Name the folder to export into, or say --error-page FILE.")
    state = current_state()
    if not state.settings.site_url:
        raise click.ClickException(
            "STATUS_SITE_URL is not set, so the copy could not say whose copy it is. Example: "
            "STATUS_SITE_URL = 'https://www.example.com'"
        )
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    if folder:
        _refuse_private(folder, app, state)
    exporter = Exporter(app, state, folder, base=base, processes=processes) if folder else None
    run = _Run(app=app, state=state, exporter=exporter, base=base, error_file=error_file)
    if not is_watching:
        try:
            click.echo(run.once(state.station.renew()))
        except ExportError as error:
            raise click.ClickException(f"{error}") from None
        return
    with stopped_by_signals() as stop:
        run.stop = stop
        follow(state, run.once, state.settings.monitor_ttl / 3, stop, click.echo)


def _refuse_private(folder: Path, app: Flask, state: PluginState) -> None:
    try:
        refuse_private(folder, state.settings.content, (Path(app.instance_path), Path(app.root_path)))
    except ExportError as error:
        raise click.ClickException(f"{error}") from None


class _Run:
    """What one command writes of each edition."""

    def __init__(
        self,
        *,
        app: Flask,
        state: PluginState,
        exporter: Exporter | None,
        base: str,
        error_file: Path | None,
    ) -> None:
        self.stop: threading.Event | None = None
        self._app = app
        self._state = state
        self._exporter = exporter
        self._base = base
        self._error_file = error_file

    def once(self, edition: Edition) -> str:
        """Write it, and say in words what was done; ExportError if it cannot be."""
        began = time.monotonic()
        edition = as_of_now(edition, self._state.station.now())
        words = []
        # The error page is small, and wanted most when something is wrong with everything else.
        if self._error_file:
            page = error_page(self._app, self._state, edition, self._base)
            write_error_page(self._error_file, page)
            words.append(f"Written: {self._error_file}.")
        if self._exporter:
            outcome = self._exporter.export(edition, stop=self.stop, progress=_progress)
            words.append(outcome_text(outcome, time.monotonic() - began))
        return " ".join(words)


def outcome_text(outcome: Outcome, seconds: float) -> str:
    """What an export did, in a sentence or two."""
    text = f"{outcome.files:,} files: {outcome.changed:,} new or changed, {outcome.removed:,} deleted"
    text += f", in {seconds:.1f} s."
    if outcome.missing:
        text += f" The site has nothing at {', '.join(outcome.missing)}, which its pages load."
    return text


@contextmanager
def _progress(count: int) -> Iterator[Callable[[int], None]]:
    if not sys.stderr.isatty():
        yield lambda number: None
        return
    with click.progressbar(length=count, label="Pages", file=sys.stderr) as bar:
        yield bar.update
