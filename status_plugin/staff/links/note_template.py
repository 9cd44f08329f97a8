"""The text with which a new note begins in the forge's editor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from status_plugin.core.notes.components import Component
from status_plugin.core.times.writing import written

KINDS = ("incident", "maintenance")
_WHEN = "# such as 2026-11-20 6:00pm Eastern"
FOLDERS = {"incident": "incidents", "maintenance": "maintenance"}


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateTimes:
    """The times in a template: the day of the file's name, the time of now, and a later one."""

    day: str
    now: str
    later: str


def times_at(now: datetime, zone: tzinfo) -> TemplateTimes:
    """The times as they are right at `now`; planned work is set for the same hour tomorrow."""
    minute = now.astimezone(zone).replace(second=0, microsecond=0)
    tomorrow = minute.replace(minute=0) + timedelta(days=1)
    return TemplateTimes(day=f"{minute:%Y-%m-%d}", now=written(minute, zone), later=written(tomorrow, zone))


NO_TIMES = TemplateTimes(day="new", now="", later="")
"""For an address that is kept, and whose times would be wrong later on: they are left for the writer."""


def template_path(kind: str, times: TemplateTimes) -> str:
    """Where the note goes, relative to the folder; the writer gives it a better name."""
    return f"{FOLDERS[kind]}/{times.day}-{kind}.md"


def template_text(kind: str, times: TemplateTimes, components: Sequence[Component]) -> str:
    """The note, to be filled in: a title, what is affected, and what customers notice."""
    known = ", ".join(component.slug for component in components) or "the names in components.yml"
    affects = f"affects: []  # of {known}, or all"
    if kind == "incident":
        head = [
            "title: # such as Srv3 is not responding",
            f"started: {times.now or _WHEN}",
            "impact: degraded  # or partial, or major",
            affects,
        ]
        said = [f"Update @ {times.now} [investigating; next update in 30 min]: We are looking into it."]
        body = ["What customers notice.", *(["", *said] if times.now else [])]
    else:
        head = [
            "title: # such as Memory replacement in Srv3",
            f"starts: {times.later or _WHEN}",
            "duration: 2h  # or ends: and a time",
            "# expected_downtime: under 30 min",
            affects,
        ]
        body = ["What customers will notice, and why the work is done."]
    return "\n".join(["---", *head, "---", *body, ""])
