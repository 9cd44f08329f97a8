"""The journal's lines: what monitoring said when it said something new, as JSON text.

A journal is a header and one JSON object a line, oldest first:

    {"journal":"status_plugin","version":1,"begun":"2026-11-20T22:00:00Z"}
    {"at":"2026-11-20T22:00:00Z","seen":{"srv3":{"state":"operational","since":"2026-11-19T08:00:00Z"}}}
    {"at":"2026-11-20T22:05:00Z","after":"2026-11-20T22:00:00Z"}
    {"at":"2026-11-20T22:07:30Z","after":"2026-11-20T22:05:00Z","still":"2026-11-20T22:07:00Z","seen":{...}}

Nothing private can be in it: it is made of slugs, check labels, states and times.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from status_plugin.core.monitoring.word import CheckRow, HostRow, Word
from status_plugin.core.words import State

VERSION = 1
"""Raised whenever a line of old would be misread."""

SIGNATURE = f'{{"journal":"status_plugin","version":{VERSION},'
"""How the first line of every journal begins."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One check of a component, or its server, as it was seen, and since when it has been so."""

    state: State
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One component as it was seen.

    `since` is when the state began and `trouble_since` when lesser trouble before it did. `known_until`
    is set where monitoring fell silent: the last time at which it had said anything. `host` is the
    server itself, None where nobody told of it, as in lines of old.
    """

    state: State
    since: datetime
    trouble_since: datetime | None = None
    known_until: datetime | None = None
    unreachable: bool = False
    host: Check | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)

    def says_the_same(self, other: Told | None) -> bool:
        """Whether nothing has changed between the two but the time."""
        if other is None or (self.state, self.unreachable) != (other.state, other.unreachable):
            return False
        if (self.host and self.host.state) is not (other.host and other.host.state):
            return False
        return {k: v.state for k, v in self.checks.items()} == {k: v.state for k, v in other.checks.items()}

    def word(self, at: datetime) -> Word:
        """What monitoring said then."""
        return Word(
            state=self.state,
            since=self.since,
            trouble_since=self.trouble_since,
            facts_at=self.known_until or at,
            unreachable=self.unreachable,
            host=HostRow(state=self.host.state, since=self.host.since) if self.host else None,
            checks=tuple(
                CheckRow(name=name, state=check.state, since=check.since)
                for name, check in self.checks.items()
            ),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of the journal, written `at` a look at monitoring.

    `after` is the time of the line before: looks came without a break from then on, and found all as
    it was there, the last time at `still`. Without it the line begins anew and tells of every
    component. `seen` holds the components that changed, with None for those no longer watched.
    """

    at: datetime
    after: datetime | None = None
    still: datetime | None = None
    seen: Mapping[str, Told | None] = field(default_factory=dict)

    @property
    def is_heartbeat(self) -> bool:
        """Whether it says nothing but that looks went on."""
        return self.after is not None and not self.seen


def header_text(begun: datetime) -> str:
    """The first line, without a line's end, of a file that is begun, or written anew, at some time."""
    return f'{SIGNATURE}"begun":"{_text(begun)}"}}'


def line_text(line: Line) -> str:
    """The line as JSON text without a line's end."""
    seen = {slug: _plain(told) if told else None for slug, told in line.seen.items()}
    parts = {"at": _text(line.at), "after": _text(line.after), "still": _text(line.still), "seen": seen}
    return json.dumps({key: value for key, value in parts.items() if value}, separators=(",", ":"))


def read_line(text: str) -> Line | None:
    """The line that was written, None if the text is anything else."""
    try:
        parts = json.loads(text)
        line = Line(
            at=_moment(parts.pop("at")),
            after=_optional(parts.pop("after", None)),
            still=_optional(parts.pop("still", None)),
            seen={slug: _told(told) if told else None for slug, told in parts.pop("seen", {}).items()},
        )
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError):
        return None
    return line if not parts and _is_in_order(line) else None


def _is_in_order(line: Line) -> bool:
    times = [time for time in (line.after, line.still, line.at) if time]
    return times == sorted(times) and (line.after is not None or line.still is None)


def _plain(told: Told) -> dict[str, Any]:
    parts = {
        "state": told.state.value,
        "since": _text(told.since),
        "trouble_since": _text(told.trouble_since),
        "known_until": _text(told.known_until),
        "unreachable": told.unreachable,
        "host": _pair(told.host) if told.host else None,
        "checks": {name: _pair(check) for name, check in told.checks.items()},
    }
    return {key: value for key, value in parts.items() if value}


def _pair(check: Check) -> list[str | None]:
    return [check.state.value, _text(check.since)]


def _check(pair: list[Any]) -> Check:
    state, since = pair
    return Check(state=State(state), since=_optional(since))


def _told(parts: dict[str, Any]) -> Told:
    host = parts.get("host")
    return Told(
        state=State(parts["state"]),
        since=_moment(parts["since"]),
        trouble_since=_optional(parts.get("trouble_since")),
        known_until=_optional(parts.get("known_until")),
        unreachable=parts.get("unreachable", False) is True,
        host=None if host is None else _check(host),
        checks={name: _check(pair) for name, pair in parts.get("checks", {}).items()},
    )


def _text(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _optional(text: Any) -> datetime | None:
    return None if text is None else _moment(text)


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("no zone")
    return at.astimezone(UTC)
