"""Golden cases of the report: a YAML file with notes, what monitoring saw, commits, and the figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from board_cases import Case

from status_plugin.core.monitoring.journal import Check, Line, Told
from status_plugin.core.words import State
from status_plugin.staff.reporting.evidence import Evidence, evidence_of, standing_at
from status_plugin.staff.reporting.making import make_report
from status_plugin.staff.reporting.period import read_period
from status_plugin.staff.reporting.publications import Publications
from status_plugin.staff.reporting.report import IncidentAccount, Outcome, Report, Timed, WindowAccount

FOLDER = Path(__file__).parent / "golden" / "reports"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class ReportCase(Case):
    """One file; `seen` tells of each component when it became what, `-` is a time without looks."""

    @property
    def now(self) -> datetime:
        """The moment of the report."""
        return self.time(self.raw["now"])

    def lines(self) -> list[Line] | None:
        """The journal, None when the case has none."""
        if "seen" not in self.raw:
            return None
        changes: dict[datetime, dict[str, str]] = {}
        for slug, states in self.raw["seen"].items():
            for at, state in states.items():
                changes.setdefault(self.time(at).astimezone(UTC), {})[slug] = state
        return journal_lines(changes, self.now.astimezone(UTC))

    def evidence(self) -> Evidence:
        """What is known at the moment."""
        content, lines = self.content(), self.lines()
        stand = standing_at(content, lines or (), self.now, self.zone)
        return evidence_of(stand, content, lines, self._publications(), self.zone)

    def report(self) -> Report:
        """The report of the case's period."""
        named = {key: str(text) for key, text in self.raw.get("period", {}).items()}
        days = self.raw.get("notice_days")
        notice = timedelta(days=days) if days is not None else None
        return make_report(self.evidence(), read_period(self.zone, self.now, **named), notice)

    def _publications(self) -> Publications | None:
        if "commits" not in self.raw:
            return None
        times = {name: self.time(at).astimezone(UTC) for name, at in self.raw["commits"].items()}
        return Publications(
            notes={name: at for name, at in times.items() if "#" not in name},
            updates={tuple(name.split("#")): at for name, at in times.items() if "#" in name},  # type: ignore[misc]
        )


def journal_lines(changes: dict[datetime, dict[str, str]], now: datetime) -> list[Line]:
    """A journal in which looks found these states at these times, and went on to now unless they stopped."""
    lines: list[Line] = []
    known: dict[str, Told] = {}
    after: datetime | None = None
    for at, states in sorted(changes.items()):
        if "-" in states.values():
            if after is not None and after < at:
                lines.append(Line(at=at, after=after))
            after = None
            continue
        told = {slug: _told(State(state), at) for slug, state in states.items()}
        known |= told
        lines.append(Line(at=at, after=after, seen=told if after else dict(known)))
        after = at
    if after is not None and after < now:
        lines.append(Line(at=now, after=after))
    return lines


def _told(state: State, since: datetime) -> Told:
    """A component all of whose checks are as it is."""
    checks = dict.fromkeys(("Web", "Mail", "Database", "DNS"), Check(state=state, since=since))
    return Told(state=state, since=since, checks=checks)


def load_reports() -> list[ReportCase]:
    """Every case in the folder."""
    return [ReportCase(path.stem, yaml.safe_load(path.read_text())) for path in sorted(FOLDER.glob("*.yml"))]


def told_incident(one: IncidentAccount) -> str:
    """An incident in the words of the golden files; lengths are in minutes."""
    parts = [f"detected by {_timed(one.detected)}", f"first word by {_timed(one.first_word)}"]
    if one.wait:
        about = "about " if one.wait.is_about else ""
        parts.append(f"wait {about}{_minutes(one.wait.after_detection)}/{_minutes(one.wait.after_start)}")
        parts += ["without word"] if one.wait.is_without_word else []
    parts.append(f"silence {_minutes(one.longest_silence)}")
    parts.append(f"lasted {_minutes(one.lasted)}")
    for outcome in Outcome:
        found = [promise for promise in one.promises if promise.outcome is outcome]
        late = "+".join(_minutes(promise.late) for promise in found if promise.late)
        parts += [f"{outcome} {len(found)}{late and f' by {late}'}"] if found else []
    if one.called_over_after is not None:
        parts.append(f"called over after {_minutes(one.called_over_after)}")
    parts += [f"contradictions {len(one.contradictions)}"] if one.contradictions else []
    return ", ".join([*parts, f"post-mortem {one.post_mortem.debt}"])


def told_window(one: WindowAccount) -> str:
    """A window in the words of the golden files; lengths are in minutes."""
    parts = [one.life.value, f"announced by {_timed(one.announced)}", f"notice {_minutes(one.notice)}"]
    parts += [word for word, is_so in (("short", one.is_short), ("emergency", one.is_emergency)) if is_so]
    parts.append(f"overran {_minutes(one.overran)}")
    if one.downtime:
        parts.append(f"down {'' if one.downtime.is_whole else 'at least '}{_minutes(one.downtime.length)}")
    parts += ["longer than expected"] if one.is_longer_than_expected else []
    parts += [f"contradictions {len(one.contradictions)}"] if one.contradictions else []
    return ", ".join(parts)


def _timed(timed: Timed | None) -> str:
    return f"{timed.by}{' about' if timed.is_about else ''}" if timed else "-"


def _minutes(length: timedelta | None) -> str:
    return "-" if length is None else f"{length / MINUTE:g}"
