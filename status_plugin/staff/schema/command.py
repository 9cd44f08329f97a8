"""`flask status schema`: prints the schema of a kind of file, or writes all of them into the folder."""

from __future__ import annotations

import json
from typing import Any

import click
from flask.cli import with_appcontext

from status_plugin.core.notes.components import Inventory
from status_plugin.staff.schema.file_schemas import FOLDER, KINDS, schema
from status_plugin.web.state import current_state


@click.command("schema", short_help="Print the JSON Schema of a note, for editors.")
@click.argument("kind", type=click.Choice(KINDS), required=False)
@click.option(
    "--write", "is_written", is_flag=True, help=f"Write all of them into {FOLDER}/ beside the notes."
)
@with_appcontext
def schema_command(kind: str | None, is_written: bool) -> None:
    """Print the JSON Schema of a note's front matter or of components.yml, for editors.

    It knows the components by name, so it is written anew when they change.
    """
    if (kind is None) != is_written:
        raise click.UsageError(f"Name one of {', '.join(KINDS)}, or say --write for all of them.")
    state = current_state()
    inventory = state.station.renew().content.inventory or Inventory()
    if kind is not None:
        click.echo(_text(schema(kind, inventory)), nl=False)
        return
    folder = state.settings.content / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        for each in KINDS:
            found = schema(each, inventory)
            # What editors bring often knows no newer dialect than draft 7, to which all of it means the same.
            del found["$schema"]
            (folder / f"{each}.json").write_text(_text(found), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}.") from None
    click.echo(f"Written: {', '.join(f'{FOLDER}/{each}.json' for each in KINDS)} in the folder of notes.")


def _text(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
