"""Cards of notes: what lists need to know of a note that need not be read for it.

A site of many years has thousands of notes and shows a handful. Each is kept packed and read again
when somebody wants it; where it stands among the others its card tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Generic, NamedTuple, Protocol, TypeVar, cast, overload

from status_plugin.core.board import order
from status_plugin.core.board.incidents import incident_item
from status_plugin.core.board.items import IncidentItem, Item, WindowItem
from status_plugin.core.board.publication import turning_points
from status_plugin.core.board.remarks import window_remarks
from status_plugin.core.board.windows import CURRENT, Surveillance, end_of, window_item, window_turning_points
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.note_text import note_of

AnyNote = Incident | Maintenance
NoteItem = IncidentItem | WindowItem
NoteT = TypeVar("NoteT", Incident, Maintenance)

_IN_THE_END = datetime(9999, 1, 1, tzinfo=UTC)
"""A time at which everything that was ever written has come."""

_NOTHING_SEEN = Surveillance()


class NoteSource(Protocol):
    """What a note is made of, again and again."""

    def read(self) -> AnyNote:
        """The note."""


class Card(NamedTuple):
    """One note's card.

    `touched` are the components that the note or one of its updates names, `affected` those that its
    entry among the past ones is about. `began` and `ended` are its places in the order of those, and
    since `over_since` nothing but monitoring changes how it stands; None when that has no end.
    `last_word` is the latest time in it, in seconds; infinite when it tells none. The note itself is
    read from its `source`, for most its packed form.
    """

    kind: type[Incident] | type[Maintenance]
    slug: str
    path: str
    aliases: tuple[str, ...]
    redacted: bool
    is_marked: bool
    touched: tuple[str, ...]
    affected: tuple[str, ...]
    began: datetime
    ended: datetime
    over_since: datetime | None
    last_word: float
    source: bytes | NoteSource

    def by_end(self) -> tuple[datetime, str, str]:
        """Its place among what is past."""
        return self.ended, self.slug, self.kind.__name__

    def note(self) -> AnyNote:
        """The note, read anew."""
        return note_of(self.source) if isinstance(self.source, bytes) else self.source.read()

    def item(self) -> NoteItem:
        """How the note stands once it is over for good."""
        return _item_in_the_end(self.note())


@dataclass(frozen=True, slots=True)
class WrittenOut:
    """A note that is kept as it is."""

    note: AnyNote

    def read(self) -> AnyNote:
        """The note."""
        return self.note


class Filed(Sequence[NoteT], Generic[NoteT]):
    """Notes of one kind that are read when they are wanted; `cards` has one for each."""

    __slots__ = ("cards",)

    def __init__(self, cards: Iterable[Card] = ()) -> None:
        self.cards = tuple(cards)

    def __len__(self) -> int:
        return len(self.cards)

    @overload
    def __getitem__(self, index: int) -> NoteT: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[NoteT]: ...
    def __getitem__(self, index: int | slice) -> NoteT | Sequence[NoteT]:
        if isinstance(index, slice):
            return Filed(self.cards[index])
        return cast(NoteT, self.cards[index].note())

    def __iter__(self) -> Iterator[NoteT]:
        return (cast(NoteT, card.note()) for card in self.cards)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


def shown(place: NoteItem | Card) -> NoteItem:
    """The entry itself."""
    return place.item() if isinstance(place, Card) else place


def began(place: Item | Card) -> datetime:
    """When an entry began, as the order of archives has it, for what may be a card yet."""
    return place.began if isinstance(place, Card) else order.began(place)


def by_beginning(place: Item | Card) -> tuple[datetime, str]:
    """The key of an archive, which runs newest first, for what may be a card yet."""
    return began(place), place.slug


def cards_of(notes: Sequence[AnyNote]) -> Sequence[Card]:
    """A card for each note."""
    return notes.cards if isinstance(notes, Filed) else [card_of(note) for note in notes]


def card_of(note: AnyNote, source: bytes | NoteSource | None = None) -> Card:
    """The note's card; without a source the note itself is kept."""
    item = _item_in_the_end(note)
    return Card(
        kind=type(note),
        slug=note.slug,
        path=note.path,
        aliases=note.aliases,
        redacted=note.redacted,
        is_marked=note.is_marked,
        touched=shared_slugs(tuple(sorted(touched(note)))),
        affected=shared_slugs(tuple(sorted({*item.affects, *note.affects}))),
        began=order.began(item),
        ended=order.ended(item),
        over_since=_over_since(item),
        last_word=_last_word(note),
        source=source or WrittenOut(note),
    )


def touched(note: AnyNote) -> set[str]:
    """The components that a note or one of its updates names."""
    return {*note.affects, *(slug for update in note.updates for slug in update.affects)}


@lru_cache(maxsize=4096)
def shared_slugs(slugs: tuple[str, ...]) -> tuple[str, ...]:
    """The slugs, in one tuple for all notes that name the same."""
    return slugs


def _item_in_the_end(note: AnyNote) -> NoteItem:
    """The entry when all that is written has come, and monitoring says nothing."""
    if isinstance(note, Incident):
        return incident_item(note, _IN_THE_END, _IN_THE_END)
    item = window_item(note, _NOTHING_SEEN, _IN_THE_END, _IN_THE_END)
    return replace(item, remarks=window_remarks(item, _NOTHING_SEEN, (), UTC, _IN_THE_END))


def _over_since(item: NoteItem) -> datetime | None:
    points = turning_points(item.note, _IN_THE_END)
    if isinstance(item, IncidentItem):
        is_over = item.phase.is_ended and item.ended is not None
    else:
        points |= window_turning_points(item.note)
        is_over = item.life not in CURRENT and bool(end_of(item.note) or item.ended)
    points |= {item.ended.at} if item.ended else set()
    return max(points) if is_over and points else None


def _last_word(note: AnyNote) -> float:
    """The latest time in a note; one that tells none may have been written just now."""
    begun = note.started if isinstance(note, Incident) else note.starts
    over = note.resolved if isinstance(note, Incident) else None
    moments = [begun, over, note.announced, *(update.at for update in note.updates)]
    return max((moment.at.timestamp() for moment in moments if moment), default=float("inf"))
