"""The text of our note for a note of another page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from status_plugin.core.notes.findings import Findings
from status_plugin.core.notes.update_details import Spot
from status_plugin.core.notes.update_lines import read_update_line, update_column
from status_plugin.core.notes.verbatim import closer_of, find_verbatim
from status_plugin.core.notes.writing import STAFF_WORDS, FieldValue, note_text, update_text
from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.writing import written
from status_plugin.core.words import State
from status_plugin.staff.importing.foreign_site import ForeignNote, ForeignUpdate, Time

_NOT_AN_UPDATE = "<!-- -->"
"""Stands before a word that only looks like the beginning of an update; visitors do not see it."""


class NoteWriter:
    """Writes notes; `slugs` gives for the other page's name of a component the slug that it has here."""

    def __init__(self, *, zone: tzinfo, slugs: Mapping[str, str]) -> None:
        self._zone = zone
        self._slugs = dict(slugs)
        self._by_fold = {name.casefold(): name for name in slugs}

    def write(self, note: ForeignNote, findings: Findings) -> str:
        """The text; what is in doubt about it goes to `findings`."""
        affects, unknown = self._affects(note, findings)
        body = [_harmless(note.text, note.text_line, findings)]
        if unknown:
            body.append(f"Also affected: {', '.join(unknown)}.")
        return note_text(
            self._fields(note, affects),
            body="\n\n".join(part for part in body if part.strip()),
            updates=[self._update(update, findings) for update in note.updates],
            remark="\n# ".join(line for remark in note.remarks for line in remark.splitlines()),
        )

    def _fields(self, note: ForeignNote, affects: Sequence[str | Mapping[str, str]]) -> dict[str, FieldValue]:
        began, ended = ("starts", "ends") if note.is_window else ("started", "resolved")
        fields: dict[str, FieldValue] = {"title": note.title}
        if note.began is not None:
            fields[began] = self._time(note.began)
        if note.ended is not None:
            fields[ended] = self._time(note.ended)
        if not note.is_window:
            fields["impact"] = STAFF_WORDS[note.impact]
        if affects:
            fields["affects"] = affects
        if note.announced is not None:
            fields["announced"] = self._time(note.announced)
        if note.tags:
            fields["tags"] = note.tags
        if note.aliases:
            fields["aliases"] = note.aliases
        if note.is_draft:
            fields["draft"] = "true"
        return fields

    def _affects(
        self, note: ForeignNote, findings: Findings
    ) -> tuple[list[str | Mapping[str, str]], list[str]]:
        """What the note affects by our slugs, and the names that nobody knows."""
        entries: list[str | Mapping[str, str]] = []
        unknown: list[str] = []
        at = Spot(line=note.affects_line, column=1)
        for name, state in note.affects.items():
            slug = self._slug(name, findings, at)
            if slug is None:
                message = f"'{name}' is none of the components."
                made = "It is named in the text; no component shows it."
                findings.warning("unknown-component", message, made, at=at, field="affected")
                unknown.append(name)
            elif state is None or note.is_window or state is note.impact:
                entries.append(slug)
            else:
                entries.append({slug: STAFF_WORDS[state]})
        return list(_each_once(entries)), unknown

    def _slug(self, name: str, findings: Findings, at: Spot) -> str | None:
        if name in self._slugs:
            return self._slugs[name]
        meant = self._by_fold.get(" ".join(name.casefold().split()))
        if meant is None:
            return None
        message = f"'{name}' is written otherwise than '{meant}'."
        findings.warning("component-spelling", message, "It is taken for the same.", at=at, field="affected")
        return self._slugs[meant]

    def _update(self, update: ForeignUpdate, findings: Findings) -> str:
        details = [str(update.phase).replace("_", " ")] if update.phase else []
        if update.since is not None:
            details.append(f"since {self._time(update.since)}")
        states = [f"{self._slugs[name]}: {STAFF_WORDS[state]}" for name, state in self._known(update)]
        if states:
            details.append(f"affects {', '.join(states)}")
        text = _harmless(update.text, update.line, findings)
        return update_text(self._time(update.at), text.strip(), details=details).rstrip()

    def _known(self, update: ForeignUpdate) -> Iterator[tuple[str, State]]:
        return ((name, state) for name, state in update.affects.items() if name in self._slugs)

    def _time(self, at: Time) -> str:
        return written(at, self._zone) if isinstance(at, datetime) else at.isoformat()


def _each_once(entries: Sequence[str | Mapping[str, str]]) -> Iterator[str | Mapping[str, str]]:
    seen: set[str] = set()
    for entry in entries:
        name = entry if isinstance(entry, str) else next(iter(entry))
        if name not in seen:
            seen.add(name)
            yield entry


def _harmless(text: str, first_line: int, findings: Findings) -> str:
    """The text as one in which nothing is taken for an update, and that hides nothing below it."""
    lines = text.strip("\n").split("\n")
    verbatim = find_verbatim(lines)
    at = Spot(line=first_line, column=1)
    shown = [
        line if inside else _plain(line, at, findings)
        for line, inside in zip(lines, verbatim.inside, strict=True)
    ]
    for unclosed in verbatim.unclosed:
        message = f"'{unclosed.opener}' is not closed."
        findings.warning("unclosed-block", message, "It is closed at the end of this text.", at=at)
        shown.append(closer_of(unclosed.opener))
    return "\n".join(shown).rstrip()


def _plain(line: str, at: Spot, findings: Findings) -> str:
    try:
        is_update = read_update_line(line) is not None
    except UnreadableError:
        is_update = True
    else:
        if is_update:
            message = f"'{line.strip()[:60]}' looks like an update of ours."
            made = "It stays text; delete '<!-- -->' if it is one."
            findings.warning("looks-like-update", message, made, at=at)
    if not is_update:
        return line
    index = update_column(line) - 1
    return f"{line[:index]}{_NOT_AN_UPDATE}{line[index:]}"
