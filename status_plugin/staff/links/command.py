"""`flask status links`: prints the addresses of the forge's editor, or writes a page of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
from flask import render_template
from flask.cli import with_appcontext

from status_plugin.core.board.board import Board
from status_plugin.core.notes.components import Component
from status_plugin.core.notes.forge import Forge
from status_plugin.staff.links.bookmarks import Bookmark, edit_bookmarks, new_bookmarks, update_line
from status_plugin.staff.links.note_template import NO_TIMES, TemplateTimes, times_at
from status_plugin.web.state import PluginState, current_state

_TOKENS = TemplateTimes(day="QdayQ", now="QnowQ", later="QlaterQ")
"""What the page's script replaces by the times of the tap."""

_MAY_BE_EMPTY = "If the editor opens empty, paste this:"


@click.command("links", short_help="Print the addresses of the forge's editor, for bookmarks.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "html"]),
    default="text",
    show_default=True,
    help="For now, or to be kept as bookmarks.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to a file.")
@with_appcontext
def links_command(form: str, output: Path | None) -> None:
    """Print where notes are begun and changed in the forge's editor, for a phone or a strange computer.

    No page has these addresses. Text has the times of now filled in; what is kept leaves them to be filled.
    """
    state = current_state()
    forge = state.settings.edit_url
    if forge is None:
        raise click.ClickException(
            "STATUS_EDIT_URL is not set, so there is no editor to lead to. Example: "
            "STATUS_EDIT_URL = 'https://github.com/example/site/edit/main/content/'"
        )
    edition = state.station.renew()
    components = edition.content.inventory.components if edition.content.inventory else ()
    if form == "html":
        text = _page(state, forge, edition.board, components)
    elif form == "markdown":
        text = "\n".join(_markdown(forge, edition.board, components))
    else:
        text = "\n".join(_text(state, forge, edition.board, components))
    if output is None:
        click.echo(text)
        return
    try:
        output.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from None
    click.echo(f"Written: {output}. It is for staff; keep it off the site.")


def _text(state: PluginState, forge: Forge, board: Board, components: tuple[Component, ...]) -> Iterator[str]:
    now, zone = state.station.now(), state.settings.timezone
    for bookmark in new_bookmarks(forge, times_at(now, zone), components):
        yield from (bookmark.name, bookmark.address)
        if forge.kind == "gitlab":
            yield from (_MAY_BE_EMPTY, "", bookmark.text)
        yield ""
    for bookmark in edit_bookmarks(forge, board):
        yield from (bookmark.name, bookmark.address, "")
    yield from ("An update begins like this:", update_line(now, zone))


def _markdown(forge: Forge, board: Board, components: tuple[Component, ...]) -> Iterator[str]:
    for bookmark in (*new_bookmarks(forge, NO_TIMES, components), *edit_bookmarks(forge, board)):
        name = re.sub(r"([\\\[\]<>*_`])", r"\\\1", bookmark.name)
        yield f"- [{name}]({bookmark.address})"


def _page(state: PluginState, forge: Forge, board: Board, components: tuple[Component, ...]) -> str:
    """A page that needs nothing but itself; its script fills in the times when an address is followed."""
    kept: list[Bookmark] = list(new_bookmarks(forge, NO_TIMES, components))
    live = [bookmark.address for bookmark in new_bookmarks(forge, _TOKENS, components)]
    return render_template(
        "status/staff/links.html",
        begun=list(zip(kept, live, strict=True)),
        edits=list(edit_bookmarks(forge, board)),
        zone=getattr(state.settings.timezone, "key", ""),
        made=state.station.now().astimezone(state.settings.timezone),
        may_be_empty=_MAY_BE_EMPTY if forge.kind == "gitlab" else "",
    )
