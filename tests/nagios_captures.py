"""Status files of real monitors, the time at which each was read, and a map that watches them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.sources.monitor_map import MonitorMap, read_monitor_map
from status_plugin.sources.monitors import Source, SourceTerms, open_sources

FOLDER = Path(__file__).parent / "captures" / "nagios"

# A test that reads a capture has to set the clock to the time at which it was taken.
CAPTURED = {
    name: datetime.fromtimestamp(int(seconds), UTC)
    for name, seconds in (line.split("\t") for line in (FOLDER / "captured.tsv").read_text().splitlines())
}

LABELS = {
    "HTTP": "Web",
    "MySQL": "Database",
    "SSH": "Shell",
    "DNS": "Names",
    "SMTP": "Mail",
    "IMAP": "Mailboxes",
    "Mail queue": "Queue",
}
CHECKS = {
    "srv1": ["HTTP", "MySQL", "SSH"],
    "srv2": ["HTTP", "MySQL"],
    "srv3": ["HTTP", "MySQL"],
    "srv4": ["HTTP", "MySQL"],
    "ns3": ["DNS"],
    "ns4": ["DNS"],
    "mail1": ["SMTP", "IMAP", "Mail queue"],
}
MONITOR_MAP = {
    host: {"nagios": {"host": host, "checks": {LABELS[check]: check for check in checks}}}
    for host, checks in CHECKS.items()
}
MAX_AGE = timedelta(seconds=300)

EVERYTHING = frozenset(
    f"{slug}/{label}" if label else slug
    for slug, kinds in MONITOR_MAP.items()
    for label in ["", *kinds["nagios"]["checks"]]
)
CHECKED_SO_FAR = {"ns3", "mail1"}

# What differs from "operational" in each situation.
GOLDEN = {
    "01-pending": dict.fromkeys(EVERYTHING - CHECKED_SO_FAR, "unknown"),
    "02-all-ok": {},
    "03-srv3-down": dict.fromkeys(["srv3", "srv3/Web", "srv3/Database"], "major_outage"),
    "04-warning-critical": {"srv2/Web": "degraded_performance", "mail1/Mail": "major_outage"},
    "05-acknowledged": {
        "srv2/Web": "degraded_performance",
        "mail1/Mail": "major_outage",
        **dict.fromkeys(["srv3", "srv3/Web", "srv3/Database"], "major_outage"),
    },
    "06-downtime": {
        **dict.fromkeys(["srv4", "srv4/Web", "srv4/Database"], "major_outage in downtime"),
        "ns3/Names": "operational in downtime",
    },
    "07-flapping": {"srv1/Shell": "degraded_performance", "ns3": "degraded_performance"},
    "08-soft": {},
    "09-unreachable": dict.fromkeys(
        ["srv4", "srv4/Web", "srv4/Database", "ns4", "ns4/Names"], "unknown unreachable"
    ),
    "10-private-problems": {},
    "11-unknown": {"srv1/Database": "unknown", "mail1/Mailboxes": "unknown"},
    "12-checks-off": dict.fromkeys(EVERYTHING, "unknown"),
    "13-passive": {"ns4": "unknown"},
    "14-killed-stale": {"srv3": "major_outage"},
    "icinga2-05-downtime": dict.fromkeys(["srv4", "srv4/Web", "srv4/Database"], "major_outage in downtime"),
    "icinga2-06-unreachable": dict.fromkeys(
        ["srv4", "srv4/Web", "srv4/Database", "ns4", "ns4/Names"], "unknown unreachable"
    ),
    "icinga2-10-killed-stale": {"srv1/Shell": "degraded_performance"},
    "naemon-03-problems": {
        "srv2/Web": "degraded_performance",
        "mail1/Mail": "major_outage",
        "srv3": "major_outage",
        "ns4": "unknown unreachable",
    },
}
NO_READING = {"16-truncated", "17-empty"}


def capture(name: str) -> bytes:
    """The status file of a situation."""
    return (FOLDER / f"{name}.status.dat").read_bytes()


def source_of(path: Path, monitor_map: MonitorMap | None = None) -> Source:
    """The source that reads a status file, of all public hosts unless another map is given."""
    watched = monitor_map or read_monitor_map(MONITOR_MAP)
    return open_sources(f"nagios:{path}", watched, SourceTerms(max_age=MAX_AGE))["nagios"]


def read_capture(name: str, *, later: timedelta = timedelta()) -> Reading:
    """What a situation says, at the time at which it was captured or later."""
    return source_of(FOLDER / f"{name}.status.dat").read(CAPTURED[name] + later)


def edited(data: bytes, check: str, **fields: object) -> bytes:
    """The file with some fields of one host or "host/service" changed."""
    host, _, service = check.partition("/")
    head = f"servicestatus {{\n\thost_name={host}\n\tservice_description={service}\n"
    head = head if service else f"hoststatus {{\n\thost_name={host}\n"
    start = data.index(head.encode())
    end = data.index(b"\n\t}\n", start)
    lines = data[start:end].split(b"\n")
    for name, value in fields.items():
        mark = f"\t{name}=".encode()
        (number,) = (n for n, line in enumerate(lines) if line.startswith(mark))
        lines[number] = mark + (value if isinstance(value, bytes) else str(value).encode())
    return data[:start] + b"\n".join(lines) + data[end:]


def replaced(data: bytes, old: str, new: str) -> bytes:
    """The file with one line changed that is in it once."""
    assert data.count(f"\n\t{old}\n".encode()) == 1
    return data.replace(f"\n\t{old}\n".encode(), f"\n\t{new}\n".encode())


def observations(reading: Reading) -> dict[str, Observation]:
    """Everything that a reading says, by "slug" for the host and "slug/label" for a check."""
    return {
        name: observation
        for slug, seen in reading.components.items()
        for name, observation in _named(slug, seen)
    }


def _named(slug: str, seen: Seen) -> list[tuple[str, Observation]]:
    host = [(slug, seen.host)] if seen.host else []
    return [*host, *((f"{slug}/{label}", observation) for label, observation in seen.checks.items())]


def words(observation: Observation) -> str:
    """An observation in a few words."""
    words = [observation.state.value]
    words += ["unreachable"] if observation.unreachable else []
    words += ["in downtime"] if observation.downtime_since else []
    return " ".join(words)
