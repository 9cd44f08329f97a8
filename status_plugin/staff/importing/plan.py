"""What an import would do to the folder of notes: which files it writes, and which it leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path, PurePosixPath

from status_plugin.core.notes.findings import Findings
from status_plugin.core.notes.slugs import slugify
from status_plugin.core.problems import Problem, Severity
from status_plugin.sources.listing import COMPONENTS, list_folder
from status_plugin.staff.importing.component_list import ComponentList, merge_components
from status_plugin.staff.importing.foreign_site import ForeignNote, ForeignSite, ForeignSiteError
from status_plugin.staff.importing.note_writer import NoteWriter
from status_plugin.staff.importing.origins import Origin, Origins, digest_of
from status_plugin.staff.importing.read_back import differences


class Verdict(StrEnum):
    """What becomes of one file."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "unchanged"
    LEFT = "left"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One note: the file that it is, or would be, and its text."""

    note: ForeignNote
    file: str
    text: str
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """All that an import would do; `problems` of sources have their paths, those of our files ours."""

    steps: tuple[Step, ...]
    components: ComponentList
    origins: Origins
    problems: tuple[Problem, ...]


@dataclass(kw_only=True, slots=True)
class Folder:
    """The folder of notes as it is: which slugs are taken, by folder, and by which file."""

    root: Path
    taken: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def at(cls, root: Path) -> Folder:
        """The folder, which need not be there yet."""
        listing = list_folder(root)
        taken = {
            (path.partition("/")[0], slugify(PurePosixPath(path).stem)): path
            for path in sorted(listing.notes)
        }
        return cls(root=root, taken=taken)

    def data(self, file: str) -> bytes | None:
        """What a file holds, None when it is not there."""
        try:
            return (self.root / file).read_bytes()
        except FileNotFoundError:
            return None


def make_plan(site: ForeignSite, folder: Folder, earlier: Origins, *, zone: tzinfo, now: datetime) -> Plan:
    """What to do with a site's notes; raises ForeignSiteError when the folder holds those of another."""
    if earlier.notes and earlier.site != site.identity:
        raise ForeignSiteError(
            f"The folder holds the notes of '{earlier.site}', and this is '{site.identity}'. Import it "
            "into a folder of its own with --into; if it has only moved, correct 'site' in the hidden file."
        )
    components = merge_components(folder.data(COMPONENTS), site.components, earlier.components)
    planner = _Planner(folder, earlier, components, site.zone, zone, now)
    steps = tuple(planner.steps(site))
    gone = _gone(site, earlier)
    return Plan(
        steps=steps,
        components=components,
        origins=planner.origins(site, steps),
        problems=(*site.doubts, *planner.problems, *components.problems, *gone),
    )


class _Planner:
    def __init__(
        self,
        folder: Folder,
        earlier: Origins,
        components: ComponentList,
        site_zone: tzinfo,
        zone: tzinfo,
        now: datetime,
    ) -> None:
        self._folder = folder
        self._earlier = earlier
        self._components = components
        self._writer = NoteWriter(zone=site_zone, slugs=components.slugs)
        self._zone = zone
        self._now = now
        self.problems: list[Problem] = []

    def steps(self, site: ForeignSite) -> Iterator[Step]:
        """A step for each note, in their order."""
        # Those that are there already keep their names, whatever new ones would like to be called.
        reserved = {origin.file for origin in self._earlier.notes.values()}
        files: list[str] = []
        found = [Findings(note.source) for note in site.notes]
        for note, findings in zip(site.notes, found, strict=True):
            files.append(self._file_of(note, {*files}, reserved, findings))
        claimed = {_address(file) for file in files}
        for note, file, findings in zip(site.notes, files, found, strict=True):
            yield self._step(_with_free_aliases(note, file, claimed, findings), file, site.zone, findings)
            self.problems += findings.problems

    def _step(self, note: ForeignNote, file: str, site_zone: tzinfo, findings: Findings) -> Step:
        text = self._writer.write(note, findings)
        verdict = self._verdict(note, file, text, findings)
        findings.problems += differences(
            note,
            text,
            file=file,
            inventory=self._components.inventory,
            site_zone=site_zone,
            zone=self._zone,
            now=self._now,
        )
        return Step(note=note, file=file, text=text, verdict=verdict)

    def origins(self, site: ForeignSite, steps: tuple[Step, ...]) -> Origins:
        """What is to be remembered of this run; what is left stays remembered as it was."""
        notes = dict(self._earlier.notes)
        for step in steps:
            if step.verdict is not Verdict.LEFT:
                notes[step.note.source] = Origin(file=step.file, digest=digest_of(step.text.encode()))
        slugs = {name: self._components.slugs[name] for name in self._components.added}
        return replace(
            self._earlier,
            site=site.identity,
            notes=notes,
            components={**self._earlier.components, **slugs},
        )

    def _file_of(self, note: ForeignNote, used: set[str], reserved: set[str], findings: Findings) -> str:
        origin = self._earlier.notes.get(note.source)
        if origin is not None:
            return origin.file
        kind = "maintenance" if note.is_window else "incidents"
        base = slugify(note.name)
        for number in range(1, 10_000):
            slug = base if number == 1 else f"{base}-{number}"
            file = f"{kind}/{slug}.md"
            if file not in used and file not in reserved:
                break
        if slug != base:
            message = f"Another note is called '{base}' already."
            findings.warning("name-taken", message, f"This one is {file}.")
        return file

    def _verdict(self, note: ForeignNote, file: str, text: str, findings: Findings) -> Verdict:
        origin = self._earlier.notes.get(note.source)
        present = self._folder.data(file)
        if present is not None and present == text.encode():
            return Verdict.SAME
        if origin is None:
            return self._of_stranger(file, findings)
        if origin.digest == digest_of(text.encode()):
            # The other page says what it said; whatever staff made of it since is theirs.
            return Verdict.LEFT if present is None or digest_of(present) != origin.digest else Verdict.SAME
        if present is None:
            made = "It is not written again; delete its entry in the hidden file of this import to have it."
            findings.warning("deleted-here", f"It has changed, and {file} is not there any more.", made)
            return Verdict.LEFT
        if digest_of(present) == origin.digest:
            return Verdict.CHANGED
        message = f"It has changed, and so has {file}."
        findings.error("edited-here", message, "The file stays as it is: bring over by hand what is new.")
        return Verdict.LEFT

    def _of_stranger(self, file: str, findings: Findings) -> Verdict:
        """Whether a note may be written where no import has written before."""
        stranger = self._folder.taken.get(_address(file))
        if stranger is None and self._folder.data(file) is None:
            return Verdict.NEW
        message = f"{stranger or file} is there, and no import has written it."
        made = "It stays as it is, and this note is not imported. Rename one of the two."
        findings.error("file-of-others", message, made)
        return Verdict.LEFT


def _address(file: str) -> tuple[str, str]:
    """The folder and the slug of a note, which no other may have."""
    return file.partition("/")[0], PurePosixPath(file).stem


def _with_free_aliases(
    note: ForeignNote, file: str, claimed: set[tuple[str, str]], findings: Findings
) -> ForeignNote:
    """The note without earlier names that are another's; those that it keeps are claimed."""
    free = []
    for alias in note.aliases:
        address = (_address(file)[0], alias)
        if address not in claimed:
            claimed.add(address)
            free.append(alias)
        elif address != _address(file):
            message = f"Another note is, or was, called '{alias}'."
            findings.warning("alias-taken", message, "This one is left without that earlier name.")
    return replace(note, aliases=tuple(free))


def _gone(site: ForeignSite, earlier: Origins) -> Iterator[Problem]:
    present = {note.source for note in site.notes}
    for source, origin in earlier.notes.items():
        if source not in present:
            yield Problem(
                rule="source-gone",
                path=source,
                message=f"It is not there any more, and {origin.file} came from it.",
                hint="That file stays as it is.",
                severity=Severity.WARNING,
                line=1,
                column=1,
            )
