"""Whether an issue of cState is planned work: it has no kind of its own for that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_LONGEST_OFFSET = timedelta(hours=14)
"""An issue written earlier than this before its time was written in advance, whatever its zone is."""

_WORK = re.compile(
    r"""maintenance | maintenence | planned | scheduled | upgrade | migration | wartung | geplant | umzug
    | planifi | programm[ée] | mantenimiento | manuten | onderhoud | gepland | migraci
    | konserwacj | údržb""",
    re.IGNORECASE | re.VERBOSE,
)
_NO_WORK = re.compile(r"unplanned|unscheduled|ungeplant|emergency outage|non planifi", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What tells planned work from trouble; `heard` are the times at which the issue was known of."""

    severity: str
    title: str
    text: str
    began: datetime | None
    has_end: bool
    heard: Sequence[datetime]


def is_planned(evidence: Evidence) -> tuple[bool, str]:
    """Whether it is planned work, and a sentence on why it is taken for that if it may be seen otherwise."""
    if "maintenance" in evidence.severity:
        return True, ""
    is_named = _names_work(evidence.title)
    is_ahead = evidence.began is not None and any(
        at < evidence.began - _LONGEST_OFFSET for at in evidence.heard
    )
    if evidence.severity == "notice":
        return _of_notice(evidence, is_named=is_named, is_ahead=is_ahead)
    if is_named and is_ahead:
        return True, "It was written ahead of its time and its title names planned work."
    return False, ""


def _of_notice(evidence: Evidence, *, is_named: bool, is_ahead: bool) -> tuple[bool, str]:
    if is_named or is_ahead:
        return True, "" if is_named else "It was written ahead of its time."
    if evidence.has_end and _names_work(evidence.text):
        return True, "Its text names planned work."
    return False, ""


def _names_work(text: str) -> bool:
    return _WORK.search(text) is not None and _NO_WORK.search(text) is None
