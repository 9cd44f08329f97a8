"""What the Livestatus of a real Naemon and of a real Icinga 2 said, and a Livestatus that says it again.

Not all columns that are asked for today were captured; what is missing is what the same monitor told at
the same time in another way: Naemon in its status file, Icinga in its API.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import icinga2_captures
from livestatus_server import answer_of
from nagios_captures import EVERYTHING

FOLDER = Path(__file__).parent / "captures" / "livestatus"
ICINGA = "icinga2/"
NAEMON = "naemon/"

Row = dict[str, Any]
Tables = Mapping[str, list[Row]]

# A test that reads a capture has to set the clock to the time at which it was taken.
CAPTURED = {
    NAEMON + name: datetime.fromtimestamp(int(seconds), UTC)
    for name, seconds in (line.split("\t") for line in (FOLDER / "captured.tsv").read_text().splitlines())
} | {ICINGA + name: time for name, time in icinga2_captures.CAPTURED.items()}

_TROUBLE = {
    "srv2/Web": "degraded_performance",
    "mail1/Mail": "major_outage",
    "srv3": "major_outage",
    "ns4": "unknown unreachable",
}
_PLANNED = {
    **_TROUBLE,
    "srv3": "major_outage in downtime",
    "srv3/Web": "operational in downtime",
    "srv3/Database": "operational in downtime",
}

# What differs from "operational" in each situation.
GOLDEN = {
    NAEMON + "01-pending": {},
    NAEMON + "02-all-ok": {},
    NAEMON + "03-problems": _TROUBLE,
    NAEMON + "04-acknowledged-downtime": _PLANNED,
    # What is soft there is none yet, and strange output is nobody's business.
    NAEMON + "05-soft-unknown-odd": _PLANNED,
    NAEMON + "07-checks-off": {
        what: "unknown in downtime" if what.startswith("srv3") else "unknown" for what in EVERYTHING
    },
} | {ICINGA + name: expected for name, expected in icinga2_captures.GOLDEN.items()}

# Where status.dat and Icinga's API have what a column tells.
_IN_STATUS_DAT = {
    "check_interval": "check_interval",
    "check_type": "check_type",
    "accept_passive_checks": "passive_checks_enabled",
    "last_hard_state_change": "last_hard_state_change",
    "last_time_up": "last_time_up",
    "last_time_ok": "last_time_ok",
    "next_check": "next_check",
}


def rows_of(answer: bytes) -> list[Row]:
    """The rows of a captured answer, by the names of its columns."""
    names, *rows = json.loads(answer[16:])
    return [dict(zip(names, row, strict=True)) for row in rows]


@cache
def tables(name: str) -> Tables:
    """All that a monitor has to tell in a situation, by table."""
    kind, _, situation = name.partition("/")
    return _naemon(situation) if f"{kind}/" == NAEMON else _icinga(situation)


def _naemon(name: str) -> Tables:
    told = {
        table: rows_of((FOLDER / f"{name}.{table}.txt").read_bytes())
        for table in ("hosts", "services", "downtimes", "status")
    }
    blocks = _blocks((FOLDER / f"{name}.naemon-status.dat").read_text())
    for row in [*told["hosts"], *told["services"]]:
        block = blocks[row.get("name") or row["host_name"], row.get("description", "")]
        more: Row = {
            column: float(block[field]) for column, field in _IN_STATUS_DAT.items() if field in block
        }
        more["check_command"] = block["check_command"]
        row |= more | row
    told["status"][0] |= {"accept_passive_host_checks": 1, "accept_passive_service_checks": 1}
    return told


def _blocks(text: str) -> dict[tuple[str, str], dict[str, str]]:
    """The host and service blocks of a status.dat."""
    blocks = {}
    for lines in (block.strip("\n").split("\n") for block in text.split("\n\t}\n")):
        if lines[0] in ("hoststatus {", "servicestatus {"):
            fields = dict(line.strip().split("=", 1) for line in lines[1:])
            blocks[fields["host_name"], fields.get("service_description", "")] = fields
    return blocks


def _icinga(name: str) -> Tables:
    told: dict[str, list[Row]] = {}
    for table in ("hosts", "services"):
        told[table] = rows_of((icinga2_captures.FOLDER / f"{name}.live-{table}.txt").read_bytes())
        objects = {found["__name"]: found for found in icinga2_captures.attributes(name, table)}
        for row in told[table]:
            full_name = f"{row['host_name']}!{row['description']}" if table == "services" else row["name"]
            row |= _as_livestatus(objects[full_name]) | row
    told["downtimes"] = [
        {
            "host_name": found["host_name"],
            "service_description": found["service_name"] or None,
            "fixed": found["fixed"],
            "start_time": int(found["start_time"]),
            "end_time": int(found["end_time"]),
            "author": found["author"],
            "comment": found["comment"],
        }
        for found in icinga2_captures.attributes(name, "downtimes")
    ]
    (status,) = (
        result["status"]["icingaapplication"]["app"]
        for result in icinga2_captures.captured_json(name, "status")["results"]
        if result["name"] == "IcingaApplication"
    )
    program = {"program_start": int(status["program_start"]), "program_version": status["version"]}
    switches = ("execute_host_checks", "execute_service_checks")
    passive = ("accept_passive_host_checks", "accept_passive_service_checks")
    told["status"] = [program | dict.fromkeys([*switches, *passive], 1)]
    return told


def _as_livestatus(found: dict[str, Any]) -> Row:
    """What Icinga's Livestatus makes of an object's attributes."""
    return {
        "check_command": f"check_{found['check_command']}!",
        "check_interval": found["check_interval"] / 60,
        "check_type": int(not found["enable_active_checks"]),
        "active_checks_enabled": int(found["enable_active_checks"]),
        "accept_passive_checks": int(found["enable_passive_checks"]),
        "last_hard_state_change": int(found["last_hard_state_change"]),
        "last_time_up": int(found.get("last_state_up", 0)),
        "last_time_ok": int(found.get("last_state_ok", 0)),
        "next_check": int(found["next_check"]),
    }


@dataclass(frozen=True, kw_only=True)
class CapturedLivestatus:
    """Answers from tables, with the manners of Icinga's Livestatus or of the others'."""

    tables: Tables
    is_icinga: bool = False

    def __call__(self, question: str) -> bytes:
        """The answer to a question."""
        command, *headers = question.split("\n")
        method, _, table = command.partition(" ")
        if method != "GET":
            return b"Invalid request method\n"
        if table not in self.tables:
            return answer_of(f"Invalid GET request, no such table '{table}'".encode(), 404)
        columns: list[str] = []
        stack: list[set[int]] = []
        rows = self.tables[table]
        for name, _, value in (header.partition(": ") for header in headers):
            if name == "Columns":
                columns = value.split(" ")
            elif name == "Filter":
                column, operator, wanted = value.split(" ", 2)
                assert operator == "="
                stack.append({number for number, row in enumerate(rows) if row[column] == wanted})
            elif name in ("And", "Or"):
                last = [stack.pop() for _ in range(int(value))]
                stack.append(set.intersection(*last) if name == "And" else set.union(*last))
            else:
                assert f"{name}: {value}" in _FORM
        found = [row for number, row in enumerate(rows) if all(number in chosen for chosen in stack)]
        return self._answer(columns, found)

    def _answer(self, columns: list[str], rows: list[Row]) -> bytes:
        if self.is_icinga:
            unknown = [column for row in rows for column in columns if column not in row]
            if unknown:
                return answer_of(f"Error: Column '{unknown[0]}' does not exist in table".encode(), 452)
            if not rows:
                return answer_of(b"[]")
        whole = [columns, *([row.get(column, "") for column in columns] for row in rows)]
        return answer_of(json.dumps(whole, separators=(",", ":")).encode())


_FORM = {"OutputFormat: json", "ColumnHeaders: on", "ResponseHeader: fixed16"}


def captured_livestatus(name: str) -> CapturedLivestatus:
    """The Livestatus of a captured situation."""
    return CapturedLivestatus(tables=tables(name), is_icinga=name.startswith(ICINGA))


def tables_of_now(is_well: bool, now: datetime) -> Tables:
    """What a Naemon has to tell that finds all well or not, with every time moved to that of now."""
    name = f"{NAEMON}02-all-ok" if is_well else f"{NAEMON}03-problems"
    by = (now - CAPTURED[name]).total_seconds()
    return {
        table: [{column: _later(value, by) for column, value in row.items()} for row in rows]
        for table, rows in tables(name).items()
    }


def _later(value: Any, by: float) -> Any:
    return value + by if isinstance(value, int | float) and value > 10**9 else value
