"""An entry of the board as Statuspage tells one: a life in updates, of which there is at least one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from status_plugin.core.board.incidents import claims_after
from status_plugin.core.board.items import AlertItem, IncidentItem, Item
from status_plugin.core.notes.updates import Update
from status_plugin.core.sayings import saying
from status_plugin.core.words import IncidentPhase, State
from status_plugin.web.faces import phase_name
from status_plugin.web.statuspage.times import NOBODY_KNOWS
from status_plugin.web.statuspage.words import IMPACT
from status_plugin.web.times import vague_text

OPENING = "opening"
CLOSING = "closing"


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryUpdate:
    """One word to visitors: a writer's Markdown `text`, and sentences of our own `before` and behind it.

    `key` names it inside its story, `edited` is when it was changed later, if it was. `claims` maps the
    slugs that are affected afterwards to their states.
    """

    key: str
    at: datetime
    status: str
    edited: datetime | None = None
    before: str = ""
    text: str = ""
    sentences: tuple[str, ...] = ()
    claims: Mapping[str, State] = field(default_factory=dict)

    @property
    def updated(self) -> datetime:
        """When it was said, or last changed."""
        return max(self.at, self.edited) if self.edited else self.at


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """`updates` run oldest first. `scheduled` is a window's plan, from when until when."""

    item: Item
    status: str
    impact: str
    started: datetime
    updates: tuple[StoryUpdate, ...]
    monitoring: datetime | None = None
    resolved: datetime | None = None
    scheduled: tuple[datetime, datetime] | None = None

    @property
    def created(self) -> datetime:
        """When the first word was said."""
        return self.updates[0].at

    @property
    def affected(self) -> frozenset[str]:
        """The slugs of all that it ever touched."""
        return frozenset(self.item.affects).union(*(update.claims for update in self.updates))

    @property
    def updated(self) -> datetime:
        """When the latest word was said, or a word was changed."""
        return max(self.updates[-1].at, *(update.updated for update in self.updates))


def incident_story(item: IncidentItem) -> Story:
    """An incident; the note's own text is its first update."""
    told = [shown.update for shown in reversed(item.updates)]
    is_vague = item.note.started is not None and not item.note.started.exact
    updates = [_opening(item, told)] if item.note.text or is_vague or not told else []
    claims: Mapping[str, State] = item.note.affects
    phase = IncidentPhase.INVESTIGATING
    for update in told:
        claims = claims_after(claims, update)
        phase = update.phase if isinstance(update.phase, IncidentPhase) else phase
        updates.append(_told_update(update, phase, {} if phase.is_ended else claims))
    if phase is not item.phase:
        updates.append(_closing(item, updates[-1].at))
    watched = [update.since or update.at for update in told if update.phase is IncidentPhase.MONITORING]
    resolved = (item.ended.at if item.ended else updates[-1].at) if item.phase.is_ended else None
    return Story(
        item=item,
        status=item.phase.value,
        impact=IMPACT[item.impact],
        started=_began(item),
        updates=tuple(updates),
        monitoring=watched[-1].at if watched else None,
        resolved=resolved,
    )


def alert_story(item: AlertItem) -> Story:
    """What only monitoring saw, as an incident that nobody has looked into yet."""
    first = StoryUpdate(
        key=OPENING,
        at=item.started,
        status=IncidentPhase.INVESTIGATING.value,
        sentences=(sentence(item.title), *(item.remarks if item.ended is None else ())),
        claims=item.affects,
    )
    updates = [first]
    if item.ended is not None:
        last = StoryUpdate(
            key=CLOSING,
            at=item.ended,
            status=IncidentPhase.RESOLVED.value,
            sentences=item.remarks or (sentence(phase_name(IncidentPhase.RESOLVED)),),
        )
        updates.append(last)
    return Story(
        item=item,
        status=updates[-1].status,
        impact=IMPACT[item.impact],
        started=item.started,
        updates=tuple(updates),
        resolved=item.ended,
    )


def sentence(words: str) -> str:
    """Words with a full stop behind them."""
    return saying("{words}.", words=words)


def _told_update(update: Update, phase: IncidentPhase, claims: Mapping[str, State]) -> StoryUpdate:
    """What staff wrote; where they only changed the phase its name is the word."""
    return StoryUpdate(
        key=str(update.number),
        at=update.at.at,
        edited=update.edit.at if update.edit else None,
        status=phase.value,
        text=update.text,
        sentences=() if update.text else (sentence(phase_name(phase)),),
        claims=claims,
    )


def _opening(item: IncidentItem, told: list[Update]) -> StoryUpdate:
    started = item.note.started
    sentences: tuple[str, ...] = () if item.note.text else (sentence(item.title),)
    if started is not None and not started.exact:
        sentences += (saying("Began: {time}.", time=vague_text(started)),)
    return StoryUpdate(
        key=OPENING,
        at=min([_began(item), *(update.at.at for update in told)]),
        edited=item.note.edit.at if item.note.edit else None,
        status=IncidentPhase.INVESTIGATING.value,
        text=item.note.text,
        sentences=sentences,
        claims=item.note.affects,
    )


def _closing(item: IncidentItem, latest: datetime) -> StoryUpdate:
    """What the front matter alone says: that it is over."""
    return StoryUpdate(
        key=CLOSING,
        at=max(latest, item.ended.at) if item.ended else latest,
        status=item.phase.value,
        sentences=(sentence(phase_name(item.phase)),),
    )


def _began(item: IncidentItem) -> datetime:
    moment = item.started or item.note.announced or item.ended
    return moment.at if moment else NOBODY_KNOWS
