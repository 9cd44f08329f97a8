"""Statuspage's API against golden cases: what it tells of notes and monitoring at each moment."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from board_cases import FOLDER, Case
from statuspage_answers import everything

from status_plugin.web.statuspage.ids import component_id

CASES = [
    Case(path.stem, yaml.safe_load(path.read_text("utf-8")))
    for path in sorted((FOLDER.parent / "statuspage").glob("*.yml"))
]
MOMENTS = [(case, at) for case in CASES for at in case.raw["expect"]]
TIMES = [
    "created_at", "started_at", "updated_at", "monitoring_at", "resolved_at",
    "scheduled_for", "scheduled_until",
]  # fmt: skip


def described(case: Case, at: str) -> dict[str, Any]:
    """All eight answers in the words of the golden files."""
    values = everything(case.board(at))
    incidents = values["incidents.json"]["incidents"]
    maintenances = values["scheduled-maintenances.json"]["scheduled_maintenances"]
    entries = {_slug(entry): entry for entry in (*incidents, *maintenances)}
    changes = {slug: _changes(entry, case) for slug, entry in entries.items()}
    return values["status.json"]["status"] | {
        "page_updated_at": values["status.json"]["page"]["updated_at"],
        "components": {part["name"]: part["status"] for part in values["components.json"]["components"]},
        "unresolved": _listed(values["incidents/unresolved.json"]["incidents"]),
        "incidents": _listed(incidents),
        "active": _listed(values["scheduled-maintenances/active.json"]["scheduled_maintenances"]),
        "upcoming": _listed(values["scheduled-maintenances/upcoming.json"]["scheduled_maintenances"]),
        "maintenances": _listed(maintenances),
        "updates": {slug: _updates(entry) for slug, entry in entries.items()},
        "changes": changes,
        "changes_of_newest": {slug: told[0] for slug, told in changes.items()},
        "times": {
            slug: {key: entry[key] for key in TIMES if key in entry} for slug, entry in entries.items()
        },
    }


def _slug(entry: dict[str, Any]) -> str:
    return str(entry["shortlink"].rstrip("/").rsplit("/", 1)[-1])


def _listed(entries: list[dict[str, Any]]) -> list[str]:
    return [f"{_slug(entry)} {entry['status']} {entry['impact']}" for entry in entries]


def _updates(entry: dict[str, Any]) -> list[str]:
    return [
        f"{told['created_at'][11:16]} {told['status']}: " + told["body"].replace("\n", " / ")
        for told in entry["incident_updates"]
    ]


def _changes(entry: dict[str, Any], case: Case) -> list[str | None]:
    slugs = {component_id(slug): slug for slug in case.raw["components"] or ()}
    return [
        ", ".join(f"{slugs[one['code']]} {one['old_status']} > {one['new_status']}" for one in told)
        if (told := update["affected_components"]) is not None
        else None
        for update in entry["incident_updates"]
    ]


@pytest.mark.parametrize(
    ("case", "at"), MOMENTS, ids=lambda part: part.name if isinstance(part, Case) else part
)
def test_golden_moment(case: Case, at: str) -> None:
    """At each moment of a golden case the API tells just what the case says."""
    found = described(case, at)
    for key, wanted in case.raw["expect"][at].items():
        shown = found[key]
        if key in ("updates", "changes", "changes_of_newest", "times"):
            shown = {slug: shown.get(slug) for slug in wanted}
        assert {key: shown} == {key: wanted}
