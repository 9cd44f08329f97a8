"""The feeds: one entry for each word that was said, of everything or of one component."""

from __future__ import annotations

from flask import Response, abort, request, url_for

from status_plugin.core.board.messages import Message, alert_messages, beginning_of_day
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.web import atom, json_feed
from status_plugin.web.addresses import complete_address, component_address, page_address, site_address
from status_plugin.web.blueprint import blueprint, compact, current_times, finished
from status_plugin.web.edition import Edition
from status_plugin.web.facts import Facts
from status_plugin.web.feed_entries import EntryWriter, Feed, copy_line
from status_plugin.web.prose import Prose
from status_plugin.web.state import current_edition, current_state

ENTRIES = 30
"""How many entries a feed has."""


@blueprint.get("/feed.atom")
@finished
def feed_atom() -> Response:
    """Everything, as Atom."""
    return _atom(_feed())


@blueprint.get("/feed.json")
@finished
def feed_json() -> Response:
    """Everything, as JSON Feed."""
    return _json(_feed())


@blueprint.get("/components/<slug>/feed.atom")
@finished
def component_feed_atom(slug: str) -> Response:
    """One component, as Atom."""
    return _atom(_feed(slug))


@blueprint.get("/components/<slug>/feed.json")
@finished
def component_feed_json(slug: str) -> Response:
    """One component, as JSON Feed."""
    return _json(_feed(slug))


def _atom(feed: Feed) -> Response:
    return Response(atom.atom(feed), content_type=f"{atom.MEDIA_TYPE}; charset=utf-8")


def _json(feed: Feed) -> Response:
    return Response(compact(json_feed.json_feed(feed)) + "\n", content_type=json_feed.MEDIA_TYPE)


def _feed(component: str | None = None) -> Feed:
    """The feed at the address that was asked for; without the component, there is none."""
    state = current_state()
    edition = current_edition()
    row = next((row for row in edition.board.rows if row.component.slug == component), None)
    if component is not None and row is None:
        abort(404)
    times = current_times()
    language = times.language
    copy = complete_address(state.settings.copy_url)
    writer = EntryWriter(
        prose=Prose(edition=edition, site=site_address()),
        facts=Facts(times=times, rows=edition.board.rows),
        copy=copy,
    )
    entries = tuple(writer.entry(message) for message in _messages(edition, component))
    title = language.say("Network Status of {host}", host=request.host)
    if row:
        description = language.say(
            "Incidents and maintenance of {name}: each update as it is published.", name=row.component.name
        )
    else:
        description = language.say(
            "Incidents and maintenance of our servers: each update as it is published."
        )
    return Feed(
        title=f"{row.component.name}: {title}" if row else title,
        description=f"{description} {copy_line(copy, language)}" if copy else description,
        page=component_address(component, absolute=True) if component else page_address(absolute=True),
        address=url_for(request.endpoint or "", slug=component, _external=True),
        updated=max(
            (entry.updated for entry in entries),
            default=beginning_of_day(times.now, times.zone),
        ),
        entries=entries,
        language=language.code,
    )


def _messages(edition: Edition, component: str | None) -> list[Message]:
    """The last messages, newest first."""
    state, board = current_state(), edition.board
    chronicle = state.chronicles.of(edition.content)
    items = {Incident: edition.notes["incident"], Maintenance: edition.notes["maintenance"]}
    found = chronicle.latest(component, items, ENTRIES, board.now, state.settings.timezone)
    alerts = [item for item in board.alerts if component is None or component in item.affects]
    found += alert_messages(alerts, board.now)
    return sorted(found, key=lambda message: message.order, reverse=True)[:ENTRIES]
