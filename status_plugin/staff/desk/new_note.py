"""New notes: their text, which must read as it was meant, and a name that no other note has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path, PurePosixPath

from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.slugs import slugify
from status_plugin.core.notes.writing import STAFF_WORDS, FieldValue, note_text
from status_plugin.core.times.moments import Lean, Moment, Neighbour
from status_plugin.core.words import State
from status_plugin.sources.listing import NOTE_FOLDERS, list_folder
from status_plugin.staff.desk.edit import Reader, explain_lookalikes, plain_text
from status_plugin.staff.desk.refusal import RefusedError
from status_plugin.staff.desk.time_style import TimeStyle, time_text
from status_plugin.staff.desk.word import Word, word_text

_LONGEST_SLUG = 60
_SPARE_NAMES = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Showing:
    """When the public may see a note: at once, from a time on, or not before the draft is finished."""

    announced: Moment | None = None
    draft: bool = False

    def fields(self, style: TimeStyle, zone: tzinfo) -> dict[str, FieldValue]:
        """Its part of the front matter."""
        fields: dict[str, FieldValue] = {}
        if self.announced is not None:
            fields["announced"] = time_text(self.announced, style, zone=zone, beside=None)
        if self.draft:
            fields["draft"] = "true"
        return fields


@dataclass(frozen=True, kw_only=True, slots=True)
class NewIncident:
    """An incident that is to be written; `affects` maps slugs to states of their own, or to None."""

    title: str
    started: Moment
    impact: State
    affects: Mapping[str, State | None]
    word: Word
    showing: Showing

    def text(self, style: TimeStyle, zone: tzinfo, remark: str) -> str:
        """The file, with a comment."""
        states = {slug: state or self.impact for slug, state in self.affects.items()}
        entries = [
            slug if state is self.impact else {slug: STAFF_WORDS[state]} for slug, state in states.items()
        ]
        fields: dict[str, FieldValue] = {
            "title": self.title,
            "started": time_text(self.started, style, zone=zone, beside=None),
            "impact": STAFF_WORDS[self.impact],
            **({"affects": entries} if entries else {}),
            **self.showing.fields(style, zone),
        }
        above = Neighbour.of(self.started, Lean.ONWARD)
        updates = [word_text(self.word, style, zone=zone, above=above)]
        return note_text(fields, updates=updates, remark=remark)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewWindow:
    """A maintenance window that is to be written."""

    title: str
    starts: Moment
    ends: Moment
    affects: tuple[str, ...]
    downtime: str
    emergency: bool
    body: str
    showing: Showing

    def text(self, style: TimeStyle, zone: tzinfo, remark: str) -> str:
        """The file, with a comment."""
        beside = Neighbour.of(self.starts, Lean.ONWARD)
        fields: dict[str, FieldValue] = {
            "title": self.title,
            "starts": time_text(self.starts, style, zone=zone, beside=None),
            "ends": time_text(self.ends, style, zone=zone, beside=beside),
            **({"expected_downtime": self.downtime} if self.downtime else {}),
            **({"affects": list(self.affects)} if self.affects else {}),
            **({"emergency": "true"} if self.emergency else {}),
            **self.showing.fields(style, zone),
        }
        return note_text(fields, body=plain_text(self.body), remark=remark)


def read_back(text: str, new: NewIncident | NewWindow, path: str, by: Reader) -> Incident | Maintenance:
    """The note as the page will read it; raises RefusedError unless it says what was asked for."""
    kind = Incident if isinstance(new, NewIncident) else Maintenance
    # Of a draft the reader tells nothing: it is read as it will be without that line.
    shown = text.replace("\ndraft: true\n", "\n", 1) if new.showing.draft else text
    reading = by.read(shown.encode("utf-8"), path=path, kind=kind)
    for problem in reading.problems:
        explain_lookalikes(new.word.text if isinstance(new, NewIncident) else new.body)
        raise RefusedError(f"It would not be read as you mean it: {problem.message} {problem.hint}")
    if reading.note is None or not _says(reading.note, new):
        explain_lookalikes(new.word.text if isinstance(new, NewIncident) else new.body)
        raise RefusedError("It would not be read as you mean it. Write the note by hand.")
    return reading.note


def _says(note: Incident | Maintenance, new: NewIncident | NewWindow) -> bool:
    is_same = note.title == " ".join(new.title.split()) and set(note.affects) == set(new.affects)
    if isinstance(note, Incident) and isinstance(new, NewIncident):
        said = [(update.at.at, update.text, update.phase) for update in note.updates]
        meant = [(new.word.at.at, plain_text(new.word.text), new.word.phase)]
        return is_same and said == meant and _at(note.started) == new.started.at and note.impact is new.impact
    if isinstance(note, Maintenance) and isinstance(new, NewWindow):
        times = (_at(note.starts), _at(note.ends)) == (new.starts.at, new.ends.at)
        return is_same and times and not note.updates and note.text == plain_text(new.body)
    return False


def _at(moment: Moment | None) -> datetime | None:
    return moment.at if moment else None


def free_path(folder: str, title: str, day: datetime, zone: tzinfo, content: Content, root: Path) -> str:
    """A path for a new note among those of `folder`; no note of now or of old has its name."""
    names = {slugify(PurePosixPath(path).stem) for path in list_folder(root).notes}
    names |= {alias for note in (*content.incidents, *content.windows) for alias in note.aliases}
    stem = f"{day.astimezone(zone):%Y-%m-%d}-{_short_slug(title)}"
    for number in range(1, _SPARE_NAMES):
        name = stem if number == 1 else f"{stem}-{number}"
        if name not in names:
            return f"{folder}/{name}.md"
    raise RefusedError(f"There are very many notes called {stem}. Give this one another title.")


def _short_slug(title: str) -> str:
    slug = slugify(title)
    if len(slug) <= _LONGEST_SLUG:
        return slug
    return slug[: _LONGEST_SLUG + 1].rpartition("-")[0] or slug[:_LONGEST_SLUG]


INCIDENTS, MAINTENANCE = NOTE_FOLDERS
