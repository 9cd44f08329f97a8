"""`flask status report`: how long clients waited for the first word, and what else was kept or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import click
from flask.cli import with_appcontext

from status_plugin.core.board.standing import standing
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.summary import Summary
from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.content import Content
from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.moments import read_moment
from status_plugin.sources.content_with_posts import open_content
from status_plugin.sources.note_history import note_pasts
from status_plugin.sources.private_names import PrivateNames
from status_plugin.staff.reporting.csv_report import csv_report
from status_plugin.staff.reporting.evidence import Evidence, evidence_of, standing_at
from status_plugin.staff.reporting.json_report import json_report
from status_plugin.staff.reporting.making import make_report
from status_plugin.staff.reporting.period import PeriodError, read_period
from status_plugin.staff.reporting.publications import Publications, publications_of, published_by
from status_plugin.staff.reporting.report import Report
from status_plugin.staff.reporting.text_report import text_report
from status_plugin.web.state import PluginState, current_state

FORMATS: dict[str, Callable[[Report, Evidence], Iterator[str]]] = {
    "text": lambda report, evidence: text_report(report, evidence.names),
    "json": lambda report, _: json_report(report),
    "csv": lambda report, _: csv_report(report),
}


@click.command("report", short_help="Report how long clients waited for the first word.")
@click.option("--since", metavar="WHEN", help="From when on; without it the last 90 days.")
@click.option("--until", metavar="WHEN", help="Until when; a day counts to its end. Without it until now.")
@click.option("--month", metavar="YYYY-MM", help="A month of the calendar, such as 2026-11.")
@click.option("--year", metavar="YYYY", help="A year of the calendar, such as 2026.")
@click.option("--as-of", "as_of", metavar="WHEN", help="As it was known at another moment than now.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@with_appcontext
def report_command(
    since: str | None, until: str | None, month: str | None, year: str | None, as_of: str | None, form: str
) -> None:
    """Report how long clients waited for the first word, and which promises were kept.

    Counted are the incidents and windows that began in the period.
    """
    state = current_state()
    zone = state.settings.timezone
    now = _moment(as_of, state) if as_of is not None else state.station.now()
    try:
        period = read_period(zone, now, since=since, until=until, month=month, year=year)
    except PeriodError as error:
        raise click.UsageError(f"{error}") from None
    evidence = evidence_then(state, now) if as_of is not None else evidence_now(state)
    # A period of zero promises no notice.
    notice_period = state.settings.notice_period or None
    for line in FORMATS[form](make_report(evidence, period, notice_period), evidence):
        click.echo(line)


def evidence_now(state: PluginState) -> Evidence:
    """What is known now: monitoring is asked as for any visitor."""
    edition = state.station.renew()
    zone, content = state.settings.timezone, edition.content
    coverage = state.monitor_map.coverage(content.inventory or Inventory(), state.sources)
    summary = Summary(coverage=coverage, readings=edition.snapshot.readings)
    stand = standing(content, summary, edition.snapshot.memory, edition.board.now, zone)
    if state.journal is None and not state.shared.is_shared:
        # This process has only just looked: since when anything is so it cannot tell.
        stand = replace(stand, memory=Memory())
    lines = state.journal.lines() if state.journal else None
    return evidence_of(stand, content, lines, _publications(state, content), zone)


def evidence_then(state: PluginState, then: datetime) -> Evidence:
    """What was known at another moment, by the notes of now and the journal; monitoring is not asked."""
    zone = state.settings.timezone
    # Read by the clock of now: what was written after that moment must not look like a typing mistake.
    content = open_content(state.settings, PrivateNames.of(state.monitor_map)).read(state.station.now())
    publications = _publications(state, content)
    content = published_by(content, publications or Publications(), then)
    lines = state.journal.lines() if state.journal else None
    return evidence_of(standing_at(content, lines or (), then, zone), content, lines, publications, zone)


def _publications(state: PluginState, content: Content) -> Publications | None:
    """What git knows of the notes; None where it knows nothing."""
    settings = state.settings
    pasts = note_pasts(settings.content, settings.timezone, content.inventory or Inventory()).by_path
    return publications_of(pasts) if pasts else None


def _moment(text: str, state: PluginState) -> datetime:
    try:
        return read_moment(text, zone=state.settings.timezone)[0].at
    except UnreadableError as error:
        raise click.BadParameter(f"{error}", param_hint="--as-of") from None
