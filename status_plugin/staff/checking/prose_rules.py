"""Words that do harm in a note."""

from __future__ import annotations

import re
from collections.abc import Iterator

from status_plugin.core.notes.update_details import Spot
from status_plugin.staff.checking.folder import Folder, TextFile, field_spot, update_spot
from status_plugin.staff.checking.rule import Chapter, Finding, doubt

_FLAGS = re.IGNORECASE | re.VERBOSE | re.MULTILINE
_NUMBER = r"""(?: \d+ (?: \s?[-–]\s?\d+ )? | an? | one | two | three | four | five | six | ten | a\ few
    | a\ couple\ of | half\ an )"""
_WHEN = rf"""(?:
    (?:in|within) \s+ (?: (?: about | around | approximately | less\ than | the\ next ) \s+ )? {_NUMBER}? \s*
        (?: minutes? | mins?\b | hours? | hrs?\b | h\b | days? | moments? )
    | (?:by|before|at|until|around|about) \s+ (?: (?:about|around) \s+ )?
        (?: \d{{1,2}} (?: :\d\d | \s?[ap]\.?m\b ) \S* | noon\b | midnight\b | tonight\b | tomorrow\b | today\b
        | this\s (?:morning|afternoon|evening) | (?:mon|tues|wednes|thurs|fri|satur|sun)day )
    | tonight\b | tomorrow\b | shortly\b | momentarily\b | soon\b )"""
_REPAIRED = r"""(?: fixed | repaired | resolved | solved | restored | back | online | up\ and\ running
    | working\ again | available\ again )"""
_WILL = r"""(?: (?:will|should|shall) \s+ (?:all\s+)? (?:be|have) | ['’]ll\ (?:be|have)
    | (?: expect(?:ed|s|ing)? | hope ) (?:\s+\w+){0,5}? \s+ (?:be|have|in) )"""
_PROMISE = re.compile(
    rf"""(?: \b | (?=['’]) ) {_WILL} \b [^.!?\n]{{0,40}}? \b {_REPAIRED} \b [^.!?\n]{{0,30}}? \b {_WHEN}
    | (?: ^\s* | [.!?:] \s+ ) (?: \w+ \s+ )? back \s+ (?: (?:up|online|again) \s+ )? {_WHEN}
    | \b (?: estimated | expected ) \s+ (?: time\ (?:of|to)\ )? (?: repair | recovery | resolution | fix ) \b
    | \b ETA \b""",
    _FLAGS,
)
_CASED = re.compile(r"\bETA\b")
_MIDNIGHT = re.compile(r"\bmidnight\b", re.IGNORECASE)
_EMPTY_WORDS = frozenset(
    {
        *("a", "an", "our", "some", "the", "and", "of"),
        *("emergency", "planned", "scheduled", "urgent", "status", "notice", "update"),
        *("network", "server", "servers", "system", "service", "services"),
        *("incident", "issue", "issues", "outage", "outages", "problem", "problems", "trouble"),
        *("maintenance", "downtime"),
    }
)


def promised_repair(folder: Folder) -> Iterator[Finding]:
    """A time of repair that nobody can know, and that clients will hold us to."""
    for incident in folder.incidents:
        for found in _PROMISE.finditer(incident.file.prose):
            if found[0].strip().lower() == "eta" and not _CASED.search(found[0]):
                continue
            yield Finding(
                path=incident.file.path,
                at=_spot(incident.file, found),
                message="This promises when it will work again, which nobody can know.",
                hint="Say what is being done and when you will write again.",
            )


def midnight(folder: Folder) -> Iterator[Finding]:
    """The one time of day that has two dates."""
    for note in folder.notes:
        for found in _MIDNIGHT.finditer(note.file.prose):
            yield Finding(
                path=note.file.path,
                at=_spot(note.file, found),
                message="'midnight' may be the beginning of a day or its end.",
                hint="Write 11:59pm or 0:00 and the date.",
            )


def empty_update(folder: Folder) -> Iterator[Finding]:
    """An update without words."""
    for note in folder.notes:
        for update in note.item.note.updates:
            if not update.text.strip():
                yield Finding(
                    path=note.file.path,
                    at=update_spot(note.file, update),
                    field="update",
                    message="The update says nothing.",
                    hint="Say in a sentence what has changed for customers.",
                )


def empty_title(folder: Folder) -> Iterator[Finding]:
    """A title that would fit any note."""
    for note in folder.notes:
        words = re.findall(r"\w+", note.item.title.casefold())
        if words and _EMPTY_WORDS.issuperset(words):
            yield Finding(
                path=note.file.path,
                at=field_spot(note.file, "title"),
                field="title",
                message="The title does not say what is wrong, or what is planned.",
                hint="Write it like 'Srv3 is not responding'.",
            )


def _spot(file: TextFile, found: re.Match[str]) -> Spot:
    return file.spot(found.start() + len(found[0]) - len(found[0].lstrip(" .!?:\n")))


CHAPTER = Chapter(
    title="Words",
    rules=(
        doubt("promised-repair", "The text promises when it will work again.", promised_repair),
        doubt("midnight-in-text", "'midnight' stands in the text, and may be either end of a day.", midnight),
        doubt("empty-update", "An update has no text.", empty_update),
        doubt("empty-title", 'The title would fit any note ("Outage").', empty_title),
    ),
)
"""In the order of the documentation."""
