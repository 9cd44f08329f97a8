"""Statuspage's public JSON, as saved from `/api/v2/`: one file, or a folder of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from status_plugin.core.notes.findings import Findings
from status_plugin.core.notes.slugs import slugify
from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.zones import find_zone
from status_plugin.core.words import IncidentPhase, MaintenancePhase, Phase, State, read_state
from status_plugin.staff.importing.foreign_site import (
    ForeignComponent,
    ForeignNote,
    ForeignSite,
    ForeignSiteError,
    ForeignUpdate,
    ImportTerms,
    Time,
    instant,
)
from status_plugin.staff.importing.foreign_times import read_foreign_time

_IMPACTS = {
    "none": State.OPERATIONAL,
    "maintenance": State.DEGRADED_PERFORMANCE,
    "major": State.PARTIAL_OUTAGE,
}
_PUT_TOGETHER = ("incidents", "scheduled_maintenances", "components")


def read_statuspage(path: Path, terms: ImportTerms) -> ForeignSite:
    """All that saved answers hold; raises ForeignSiteError."""
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    answers = [_answer(file) for file in files]
    found = {key: _by_id(answer.get(key) for answer in answers) for key in _PUT_TOGETHER}
    page = next((answer["page"] for answer in answers if isinstance(answer.get("page"), Mapping)), None)
    if page is None:
        raise ForeignSiteError(
            f"{path} holds no answer of Statuspage. Save them first: curl -O "
            "https://status.example.com/api/v2/incidents.json, and scheduled-maintenances.json and "
            "components.json likewise."
        )
    findings = Findings(files[0].name)
    zone = terms.zone or _zone(_text(page, "time_zone"), findings)
    notes, problems = [], list(findings.problems)
    for key in ("incidents", "scheduled_maintenances"):
        for one in found[key].values():
            reader = _Reader(one, zone, is_window=key != "incidents" or "scheduled_for" in one)
            notes.append(reader.note())
            problems += reader.findings.problems
    return ForeignSite(
        identity=_text(page, "url") or _text(page, "id"),
        zone=zone,
        components=tuple(_components(found["components"])),
        notes=tuple(notes),
        doubts=tuple(problems),
    )


def _answer(file: Path) -> Mapping[str, Any]:
    try:
        answer = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise ForeignSiteError(f"{file} cannot be read as JSON: {error}. Save it again.") from None
    return answer if isinstance(answer, Mapping) else {}


def _by_id(lists: Iterable[Any]) -> dict[str, Mapping[str, Any]]:
    """Everything that several answers list, each once; the one that was updated last counts."""
    found: dict[str, Mapping[str, Any]] = {}
    for one in (item for items in lists if isinstance(items, list) for item in items):
        if not isinstance(one, Mapping) or not _text(one, "id"):
            continue
        known = found.get(_text(one, "id"))
        if known is None or _text(known, "updated_at") < _text(one, "updated_at"):
            found[_text(one, "id")] = one
    return found


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    return "" if value is None else str(value).strip()


def _zone(name: str, findings: Findings) -> tzinfo:
    try:
        return find_zone(name).info if name else UTC
    except UnreadableError as error:
        findings.warning(error.rule, error.message, "Times are written in UTC.", field="time_zone")
        return UTC


def _components(found: Mapping[str, Mapping[str, Any]]) -> Iterator[ForeignComponent]:
    """The components in their order; a group is the heading of those in it."""
    groups = {key: _text(one, "name") for key, one in found.items() if one.get("group")}
    order = {key: number for number, key in enumerate(groups)}
    singles = [one for one in found.values() if not one.get("group")]
    for one in sorted(singles, key=lambda one: order.get(_text(one, "group_id"), len(order))):
        yield ForeignComponent(
            name=_text(one, "id"),
            title=_text(one, "name") or _text(one, "id"),
            group=groups.get(_text(one, "group_id"), ""),
            description=_text(one, "description"),
        )


class _Reader:
    """Reads one incident or window; what is in doubt about it goes to `findings`."""

    def __init__(self, values: Mapping[str, Any], zone: tzinfo, *, is_window: bool) -> None:
        self._values = values
        self._zone = zone
        self._is_window = is_window
        self.findings = Findings(_text(values, "id"))

    def note(self) -> ForeignNote:
        """The note."""
        values, is_window = self._values, self._is_window
        began = self._time(values, "scheduled_for" if is_window else "started_at")
        created = self._time(values, "created_at")
        # They come newest first; of two of the same moment the one below was said first.
        said = reversed(list(self._updates()))
        updates = tuple(sorted(said, key=lambda update: instant(update.at, self._zone)))
        is_over = any(update.phase in _ENDS for update in updates)
        ended = self._time(values, "scheduled_until" if is_window else "resolved_at")
        began = began or created
        day = f"{began:%Y-%m-%d}-" if began else ""
        return ForeignNote(
            source=_text(values, "id"),
            name=slugify(f"{day}{_text(values, 'name')}")[:80].strip("-"),
            is_window=is_window,
            title=_text(values, "name") or _text(values, "id"),
            began=began,
            ended=ended if is_window or not is_over else None,
            impact=State.UNDER_MAINTENANCE if is_window else self._impact(),
            affects=dict.fromkeys(_text(one, "id") for one in _mappings(values, "components")),
            updates=updates,
            announced=created if is_window and created and began and created < began else None,
            old_addresses=(f"/incidents/{_text(values, 'id')}",),
        )

    def _updates(self) -> Iterator[ForeignUpdate]:
        for one in _mappings(self._values, "incident_updates"):
            at = self._time(one, "display_at") or self._time(one, "created_at")
            if at is None:
                body = _text(one, "body")
                self.findings.error(
                    "update-without-time", f"An update has no time: {body}", "It is left out."
                )
                continue
            yield ForeignUpdate(
                at=at,
                text=_text(one, "body"),
                phase=self._phase(_text(one, "status")),
                affects={} if self._is_window else dict(self._states(one)),
            )

    def _states(self, update: Mapping[str, Any]) -> Iterator[tuple[str, State]]:
        """What an update changes for each component."""
        for one in _mappings(update, "affected_components"):
            state = read_state(_text(one, "new_status"))
            is_new = _text(one, "new_status") != _text(one, "old_status")
            if state is not None and state is not State.UNDER_MAINTENANCE and is_new:
                yield _text(one, "code"), state

    def _phase(self, status: str) -> Phase | None:
        phases: type[IncidentPhase] | type[MaintenancePhase]
        phases = MaintenancePhase if self._is_window else IncidentPhase
        if status in set(phases):
            return phases(status)
        self.findings.warning(
            "unknown-status", f"'{status}' is no status of Statuspage's.", "It is left out."
        )
        return None

    def _impact(self) -> State:
        impact = _text(self._values, "impact")
        state = _IMPACTS.get(impact) or read_state(impact)
        if state is None:
            message = f"'{impact}' is no impact of Statuspage's."
            self.findings.warning("severity", message, "'degraded' is taken.", field="impact")
        return state or State.DEGRADED_PERFORMANCE

    def _time(self, values: Mapping[str, Any], key: str) -> Time | None:
        text = _text(values, key)
        if not text:
            return None
        try:
            return read_foreign_time(text, self._zone).at
        except UnreadableError as error:
            self.findings.error(error.rule, error.message, "It is left out.", field=key)
            return None


_ENDS = (IncidentPhase.RESOLVED, IncidentPhase.POSTMORTEM)


def _mappings(values: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = values.get(key)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
