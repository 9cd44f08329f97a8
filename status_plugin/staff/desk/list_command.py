"""`flask status list`: what is open, and what is planned."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.board.publication import is_public
from status_plugin.core.times.moments import Moment
from status_plugin.staff.desk.at_hand import NoteItem, NotesAtHand, is_ahead, is_open
from status_plugin.web.addresses import item_address
from status_plugin.web.faces import standing
from status_plugin.web.state import PluginState, current_state
from status_plugin.web.times import Times, duration_text


@click.command("list", short_help="List what is open, running or planned.")
@click.option("--all", "is_all", is_flag=True, help="Also what is over.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@with_appcontext
def list_command(is_all: bool, form: str) -> None:
    """List open incidents, and windows that run or are planned, with the next update if it is overdue."""
    state = current_state()
    notes = NotesAtHand.of(state).seen_by(state.station.edition())
    sections: dict[str, list[NoteItem]] = {
        "Open incidents": [i for i in notes.items if isinstance(i, IncidentItem) and is_open(i)],
        "Running windows": [i for i in notes.items if isinstance(i, WindowItem) and is_open(i)],
        "Planned windows": sorted(filter(is_ahead, notes.items), key=_begins),
    }
    if is_all:
        over = [item for item in notes.items if not is_open(item) and not is_ahead(item)]
        sections["Over"] = sorted(over, key=_begins, reverse=True)
    if form == "json":
        told = [_as_data(item, state, notes) for items in sections.values() for item in items]
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for line in _as_text(sections, state, notes):
        click.echo(line)
    for path in notes.drafts:
        click.echo(f"Draft: {_from_here(state, path)}")


def _as_text(sections: dict[str, list[NoteItem]], state: PluginState, notes: NotesAtHand) -> Iterator[str]:
    times = Times(zone=state.settings.timezone, now=notes.now)
    for heading, items in sections.items():
        yield heading
        if not items:
            yield "  None"
        for item in items:
            yield f"  {item.title}"
            yield f"    {'; '.join(_facts(item, times, notes))}"
            yield f"    {_from_here(state, item.note.path)}"


def _facts(item: NoteItem, times: Times, notes: NotesAtHand) -> Iterator[str]:
    yield standing(item)
    if isinstance(item, WindowItem):
        yield times.span(item.note.starts, item.note.ends).striptags()
    elif item.started:
        yield f"began {times.text(item.started, short=True)}{_ago(item.started, notes)}"
    if item.updates:
        said = item.updates[0].update.at
        yield f"last word {times.text(said, short=True)}{_ago(said, notes)}"
    elif is_open(item):
        yield "no update yet"
    if item.next_update:
        late = notes.now - item.next_update.at.at
        overdue = f", overdue for {duration_text(late)}" if item.next_update.overdue else ""
        yield f"next update {times.text(item.next_update.at, short=True)}{overdue}"
    if not is_public(item.note, notes.content.read_at, notes.now):
        yield "not public yet"


def _ago(moment: Moment, notes: NotesAtHand) -> str:
    passed = notes.now - moment.at
    return f" ({duration_text(passed)} ago)" if moment.exact and passed.total_seconds() >= 0 else ""


def _as_data(item: NoteItem, state: PluginState, notes: NotesAtHand) -> dict[str, Any]:
    times = Times(zone=state.settings.timezone, now=notes.now)

    def at(moment: Moment | None) -> str | None:
        return times.machine(moment.at) if moment and moment.exact else None

    if isinstance(item, WindowItem):
        kind, begins, ends = "maintenance", item.note.starts, item.note.ends
    else:
        kind, begins, ends = "incident", item.started, item.ended
    last = item.updates[0].update.at if item.updates else None
    promised = item.next_update
    with current_app.test_request_context(
        base_url=f"{state.settings.site_url}/" if state.settings.site_url else None
    ):
        url = item_address(item, absolute=bool(state.settings.site_url))
    return {
        "kind": kind,
        "slug": item.slug,
        "title": item.title,
        "phase": str(item.phase),
        "standing": standing(item),
        "open": is_open(item),
        "begins": at(begins),
        "ends": at(ends),
        "last_update": at(last),
        "next_update": {"at": at(promised.at), "overdue": promised.overdue} if promised else None,
        "affects": {slug: str(state) for slug, state in item.affects.items()},
        "public": is_public(item.note, notes.content.read_at, notes.now),
        "path": _from_here(state, item.note.path),
        "url": url,
    }


def _begins(item: NoteItem) -> float:
    begins = item.note.starts if isinstance(item, WindowItem) else item.started
    return begins.at.timestamp() if begins else 0.0


def _from_here(state: PluginState, path: str) -> str:
    return Path(os.path.relpath(state.settings.content / path)).as_posix()
