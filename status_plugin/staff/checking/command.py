"""`flask status check`, and `status-check` for notes that lie apart from the site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from flask.cli import with_appcontext

from status_plugin import setting_values
from status_plugin.core.problems import Problem
from status_plugin.sources.commits import CommitError
from status_plugin.sources.git import GitMissingError
from status_plugin.sources.monitor_entry import MonitorMapError
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.private_names import PrivateNames
from status_plugin.staff.checking.check import Places, Terms, find_problems
from status_plugin.staff.checking.deny_list import DenyListError, read_deny_list
from status_plugin.staff.checking.registry import RuleNameError, switched_off
from status_plugin.staff.checking.report import FORMATS, has_errors
from status_plugin.staff.checking.site import terms_of
from status_plugin.staff.checking.staged import staged_problems
from status_plugin.web.state import current_state

_NO_CHECK = 2
_FORM = click.Choice(list(FORMATS))
_STAGED = "Check what git has staged for the next commit, not the files as they lie there."


class NoCheckError(click.ClickException):
    """The notes could not be checked, so nothing is known of them."""

    exit_code = _NO_CHECK


@click.command("check", short_help="Name everything that is wrong or doubtful in the notes.")
@click.option("--format", "form", type=_FORM, default="text", show_default=True)
@click.option("--staged", is_flag=True, help=_STAGED)
@with_appcontext
def check_command(form: str, staged: bool) -> None:
    """Name everything that is wrong or doubtful in the notes and in what is to be watched.

    Exits with 1 when anything is wrong, with 0 when at most something is doubtful, and with 2 when the
    check could not be made.
    """
    state = current_state()
    try:
        terms = terms_of(state, datetime.now(UTC))
    except DenyListError as error:
        raise NoCheckError(f"STATUS_DENY_LIST: {error}") from None
    _check(Places.of(state.settings.content, state.settings.blog), terms, form, staged=staged)


@click.command("status-check")
@click.argument("content", type=click.Path(exists=True, file_okay=False, path_type=Path), default="content")
@click.option(
    "--timezone", "zone", default="UTC", show_default=True, help="The zone of times that name none."
)
@click.option(
    "--monitor-map", type=click.Path(path_type=Path), help="The monitor map, for its private names."
)
@click.option("--deny-list", type=click.Path(path_type=Path), help="A file of names that must not be public.")
@click.option(
    "--notice",
    type=click.IntRange(0, 8784),
    default=0,
    show_default=True,
    help="Hours before its start by which a window is announced.",
)
@click.option("--off", multiple=True, metavar="RULE", help="A rule not to be told; may be given again.")
@click.option("--format", "form", type=_FORM, default="text", show_default=True)
@click.option("--staged", is_flag=True, help=_STAGED)
def status_check(
    content: Path,
    zone: str,
    monitor_map: Path | None,
    deny_list: Path | None,
    notice: int,
    off: Sequence[str],
    form: str,
    staged: bool,
) -> None:
    """Name everything that is wrong or doubtful in a folder of notes, without the site that shows it.

    Exits with 1 when anything is wrong, with 0 when at most something is doubtful, and with 2 when the
    check could not be made.
    """
    try:
        terms = Terms(
            zone=setting_values.zone(zone),
            now=datetime.now(UTC),
            private=PrivateNames.of(read_monitor_map(monitor_map)),
            denied=read_deny_list(deny_list),
            notice=timedelta(hours=notice),
            off=switched_off(off),
        )
    except (DenyListError, MonitorMapError) as error:
        raise NoCheckError(str(error)) from None
    except RuleNameError as error:
        raise click.BadParameter(str(error), param_hint="--off") from None
    except ValueError as error:
        raise click.BadParameter(f"{error}, not {zone!r}.", param_hint="--timezone") from None
    _check(Places.of(content, None), terms, form, staged=staged)


def _check(places: Places, terms: Terms, form: str, *, staged: bool) -> None:
    """Look, tell what was found, and exit as is due."""
    problems = _found(places, terms, staged=staged)
    for line in FORMATS[form](problems):
        click.echo(line)
    if terms.off:
        click.echo(f"Switched off: {', '.join(sorted(terms.off))}.", err=True)
    if has_errors(problems):
        raise click.exceptions.Exit(1)


def _found(places: Places, terms: Terms, *, staged: bool) -> list[Problem]:
    if not staged:
        return find_problems(places, terms)
    try:
        return staged_problems(places, terms)
    except (CommitError, GitMissingError) as error:
        raise NoCheckError(str(error)) from None
