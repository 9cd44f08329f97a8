"""A site of cState on disk, read into the shape of any other status page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path, PurePosixPath

from status_plugin.core.notes.textfile import decode, normalize
from status_plugin.core.problems import Problem, Severity
from status_plugin.sources.first_commits import first_commits
from status_plugin.staff.importing.cstate.config import CStateConfig, read_config
from status_plugin.staff.importing.cstate.issue import IssueFile, read_issue
from status_plugin.staff.importing.foreign_head import read_foreign_head
from status_plugin.staff.importing.foreign_site import (
    ForeignComponent,
    ForeignNote,
    ForeignSite,
    ForeignSiteError,
    ImportTerms,
)
from status_plugin.staff.importing.foreign_values import told

_CONTENT = "content"
_ISSUES = "issues"
_AFFECTED = "affected"
_PAGES = (".md", ".markdown")
_IS_ISSUE = re.compile(r"""^["']?section["']?\s*[:=]\s*["']?issue\b""", re.IGNORECASE | re.MULTILINE)
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[a-z]{2,4})?")


def read_cstate(root: Path, terms: ImportTerms) -> ForeignSite:
    """All of a site whose folder is `root`; raises ForeignSiteError."""
    config = read_config(root)
    content = root / _CONTENT
    if config is None or not content.is_dir():
        raise ForeignSiteError(
            f"{root} is no site of cState: it needs a config.yml and a folder 'content'. "
            "Name the folder that holds both."
        )
    return _Reader(root, config, terms).read()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Page:
    """A file below `content`; `key` is the same for all languages of one issue."""

    path: str
    text: str
    name: str
    language: str
    key: str


class _Reader:
    def __init__(self, root: Path, config: CStateConfig, terms: ImportTerms) -> None:
        self._root = root
        self._config = config
        self._terms = terms
        self._zone = terms.zone or config.zone or UTC
        self._doubts: list[Problem] = list(config.problems)

    def read(self) -> ForeignSite:
        """The site."""
        pages = sorted(self._pages(), key=lambda page: page.path)
        written = first_commits(self._root / _CONTENT, "written") or {}
        is_any_naive = False
        notes: list[ForeignNote] = []
        for file in self._issue_files(pages):
            reading = read_issue(
                replace(file, written=written.get(file.path.removeprefix(f"{_CONTENT}/"))),
                zone=self._zone,
                now=self._terms.now,
                is_known_window=file.path in self._terms.windows,
            )
            notes.append(reading.note)
            self._doubts += reading.problems
            is_any_naive = is_any_naive or reading.is_any_naive
        if is_any_naive and self._terms.zone is None and self._config.zone is None:
            message = "Times of the issues name no zone, and neither does the configuration."
            made = "They are read as UTC; --zone names another."
            self._doubt(self._config.path, "zone-assumed", message, made)
        return ForeignSite(
            identity=self._config.identity,
            zone=self._zone,
            components=tuple(self._components()),
            notes=tuple(notes),
            doubts=tuple(self._doubts),
        )

    def _pages(self) -> Iterator[_Page]:
        """The issues, in whatever folder; other pages are named and left."""
        for file in sorted((self._root / _CONTENT).rglob("*")):
            inside = file.relative_to(self._root / _CONTENT)
            if not file.is_file() or inside.parts[0].lower() == _AFFECTED:
                continue
            path = f"{_CONTENT}/{inside.as_posix()}"
            is_among_issues = _ISSUES in [part.lower() for part in inside.parts[:-1]]
            if file.suffix.lower() not in _PAGES:
                if is_among_issues and not file.name.startswith("."):
                    self._doubt(path, "not-a-page", "This file is no page.", "It is not copied.")
                continue
            text = self._text(file, path)
            if text is None:
                continue
            is_issue = is_among_issues and not file.name.startswith("_index.")
            if is_issue or _IS_ISSUE.search(text):
                yield self._page(path, text, PurePosixPath(inside))
            else:
                self._doubt(path, "not-an-issue", "This page is no issue.", "It is not imported.")

    def _text(self, file: Path, path: str) -> str | None:
        if not file.resolve().is_relative_to(self._root.resolve()):
            self._doubt(path, "link", "The link leads out of the site.", "It is not followed.")
            return None
        try:
            data = file.read_bytes()
        except OSError as error:
            message = f"The file cannot be opened: {error.strerror}."
            self._doubt(path, "unreadable-file", message, "It is not imported.", Severity.ERROR)
            return None
        text = decode(data, path=path)
        if isinstance(text, str):
            return text
        if text.rule == "too-large":
            self._doubts.append(replace(text, hint="It is not imported."))
            return None
        made = "Its letters are read as Latin-1; check them."
        self._doubts.append(replace(text, severity=Severity.WARNING, hint=made))
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "replace")

    def _page(self, path: str, text: str, inside: PurePosixPath) -> _Page:
        # A page may be a folder, with what belongs to it beside its text.
        is_bundle = inside.stem.partition(".")[0].lower() == "index" and inside.parent.name
        base = inside.parent if is_bundle else inside.with_suffix("")
        stem, _, suffix = (inside.stem if is_bundle else base.name).rpartition(".")
        language = suffix.lower() if stem and self._is_language(suffix.lower(), path) else ""
        name = base.name if is_bundle or not language else stem
        folders = list(base.parent.parts)
        if folders and not language and folders[0].lower() in self._config.languages:
            language = folders.pop(0).lower()
        key = "/".join([*folders, name])
        return _Page(path=path, text=text, name=name, language=language, key=key)

    def _is_language(self, code: str, path: str) -> bool:
        if code in self._config.languages:
            return True
        # Nobody has named the languages, but the same page without the code is there.
        file = self._root / path
        twin = file.with_name(f"{file.stem.rpartition('.')[0]}{file.suffix}")
        return _LANGUAGE.fullmatch(code) is not None and twin.is_file()

    def _issue_files(self, pages: Sequence[_Page]) -> Iterator[IssueFile]:
        default = self._config.languages[0] if self._config.languages else ""
        originals = {page.key: page for page in pages if page.language in ("", default)}
        for page in pages:
            original = originals.get(page.key)
            is_translation = original is not None and page.language not in ("", default)
            name = f"{page.name}-{page.language}" if is_translation else page.name
            prefix = f"/{page.language}" if page.language not in ("", default) else ""
            yield IssueFile(
                path=page.path,
                text=normalize(page.text, path=page.path)[0],
                name=name,
                address=f"{prefix}/{page.key.lower().replace(' ', '-')}/",
                translates=original.path if original and is_translation else None,
            )

    def _components(self) -> Iterator[ForeignComponent]:
        """The systems, each with what its own page says of it."""
        pages = dict(self._affected_pages())
        for component in self._config.components:
            path, said = pages.pop(component.name.casefold(), ("", ""))
            if said:
                message = f"There is a page about '{component.name}'."
                self._doubt(path, "component-page", message, "It is kept as a comment in components.yml.")
                remarks = [line for line in said.split("\n") if line.strip()]
                component = replace(component, remarks=(*component.remarks, *remarks))
            yield component
        for path, _ in pages.values():
            message = "This page is about no system of the configuration."
            self._doubt(path, "component-page", message, "It is not imported.")

    def _affected_pages(self) -> Iterator[tuple[str, tuple[str, str]]]:
        folder = self._root / _CONTENT / _AFFECTED
        for file in sorted(folder.rglob("*.md")):
            path = f"{_CONTENT}/{file.relative_to(self._root / _CONTENT).as_posix()}"
            text = self._text(file, path)
            if text is None:
                continue
            head = read_foreign_head(text, path=path)
            field = (head.fields or {}).get("title")
            title = told(field.value) if field else ""
            is_folder = file.stem.partition(".")[0] in ("_index", "index")
            name = file.parent.name if is_folder else file.stem
            yield (title or name).casefold(), (path, head.body.strip())

    def _doubt(
        self, path: str, rule: str, message: str, made: str, severity: Severity = Severity.WARNING
    ) -> None:
        self._doubts.append(
            Problem(rule=rule, path=path, message=message, hint=made, severity=severity, line=1, column=1)
        )
