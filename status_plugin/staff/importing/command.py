"""`flask status import`: brings over the notes of another status page, as often as it is run."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path

import click
from flask.cli import with_appcontext

from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.zones import find_zone
from status_plugin.staff.importing.foreign_site import ForeignSiteError, ImportTerms
from status_plugin.staff.importing.origins import origins_file, read_origins
from status_plugin.staff.importing.plan import Folder, Plan, make_plan
from status_plugin.staff.importing.report import as_json, as_text, doubts, needs_a_hand, redirects
from status_plugin.staff.importing.systems import SYSTEMS
from status_plugin.staff.importing.writing_out import carry_out
from status_plugin.web.state import PluginState, current_state

_FORMATS = {"text": as_text, "json": as_json}


@click.command("import", short_help="Import the notes and components of another status page.")
@click.argument("system", type=click.Choice(list(SYSTEMS)))
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of notes, if not STATUS_CONTENT.",
)
@click.option("--zone", metavar="ZONE", help="The zone of times that name none, such as Europe/Paris.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--format", "form", type=click.Choice(list(_FORMATS)), default="text", show_default=True)
@click.option(
    "--redirects",
    "redirects_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write each old address with its new one into a file.",
)
@with_appcontext
def import_command(
    system: str,
    path: Path,
    into: Path | None,
    zone: str | None,
    dry_run: bool,
    form: str,
    redirects_file: Path | None,
) -> None:
    """Import the notes and components of another status page, and name everything that is in doubt.

    Run again it brings over what has changed there; what you have changed here stays as it is. Exits with 1
    when something needs your hand, with 0 when at most something is doubtful.
    """
    state = current_state()
    folder = into or state.settings.content
    file = origins_file(folder, system)
    try:
        plan = _plan(state, system, path, folder, file, _zone(zone))
        if not dry_run:
            carry_out(plan, folder, file)
        if redirects_file is not None and not dry_run:
            lines = "".join(f"{line}\n" for line in redirects(plan, state.settings.url_prefix))
            redirects_file.write_text(lines, encoding="utf-8")
    except ForeignSiteError as error:
        raise click.ClickException(f"{error}") from None
    except OSError as error:
        raise click.ClickException(
            f"{error.filename} cannot be read or written: {error.strerror}. Put that right and run this "
            "again; what is written already is kept."
        ) from None
    problems = doubts(plan, path, folder)
    for line in _FORMATS[form](plan, problems, is_rehearsal=dry_run):
        click.echo(line)
    if needs_a_hand(problems):
        raise click.exceptions.Exit(1)


def _plan(state: PluginState, system: str, path: Path, folder: Path, file: Path, zone: tzinfo | None) -> Plan:
    now = state.station.now()
    earlier = read_origins(file)
    terms = ImportTerms(zone=zone, now=now, windows=earlier.windows)
    site = SYSTEMS[system](path, terms)
    return make_plan(site, Folder.at(folder), earlier, zone=state.settings.timezone, now=now)


def _zone(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    try:
        return find_zone(name).info
    except UnreadableError as error:
        raise click.BadParameter(f"{error}", param_hint="--zone") from None
