"""Every monitoring system of which there are captures, as a site would be connected to it.

A new system is one entry of SYSTEMS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import icinga2_captures
import livestatus_captures
import nagios_captures
import prometheus_captures
import zabbix_captures
from faulty_server import Answerer, FaultyServer
from livestatus_server import livestatus_at_a_path
from nagios_web import PATH, CapturedWeb

Opened = tuple[str, datetime]
"""The value of STATUS_MONITOR, and the time at which the situation was captured."""


@dataclass(frozen=True, kw_only=True)
class System:
    """`opens` lets it say again what it said in one of its `situations`, while a test looks."""

    kind: str
    situations: tuple[str, ...]
    opens: Callable[[str], Iterator[Opened]]
    monitor_map: Mapping[str, Mapping[str, Any]]


def watched_by(kind: str) -> dict[str, dict[str, Any]]:
    """The map of all public hosts for a system that knows hosts and their services."""
    return {slug: {kind: entry["nagios"]} for slug, entry in nagios_captures.MONITOR_MAP.items()}


def _file(folder: Path, ending: str, captured: Mapping[str, datetime]) -> Callable[[str], Iterator[Opened]]:
    return lambda name: iter([(f"nagios:{folder / name}{ending}", captured[name])])


def _web(kind: str, answer_of: Callable[[str], Answerer], captured: Mapping[str, datetime], path: str = "/",
         user: str = "") -> Callable[[str], Iterator[Opened]]:  # fmt: skip
    def opens(name: str) -> Iterator[Opened]:
        with FaultyServer(answer_of(name)) as server:
            yield f"{kind}+{server.url(path, user=user) if user else server.url(path)}", captured[name]

    return opens


def _livestatus(name: str) -> Iterator[Opened]:
    with livestatus_at_a_path(livestatus_captures.captured_livestatus(name)) as server:
        yield server.setting, livestatus_captures.CAPTURED[name]


def _names(folder: Path, ending: str, but: Iterable[str] = ()) -> tuple[str, ...]:
    found = (path.name.removesuffix(ending) for path in folder.glob(f"[0-9]*{ending}"))
    return tuple(sorted(set(found) - set(but)))


_N, _I, _L = nagios_captures, icinga2_captures, livestatus_captures
_P, _Z = prometheus_captures, zabbix_captures
_TRAPS = ("15-enumerate", "15-no-authorisation")
"""Answers to a question that is not asked, and to a user who may see nothing."""

_DEAD = _P.CAPTURED["08-prometheus-dead.after-270s"]
_ALERTS_TAKEN = _P.CAPTURED | {
    f"08-prometheus-dead.{name}": _DEAD - before * _P.ONE_MINUTE
    for name, before in {"before": 4.5, "after-20s": 250 / 60}.items()
}
_ALERTS = _names(_P.FOLDER, ".alertmanager-alerts.json")

SYSTEMS = {
    "nagios status.dat": System(
        kind="nagios",
        situations=_names(_N.FOLDER, ".status.dat"),
        opens=_file(_N.FOLDER, ".status.dat", _N.CAPTURED),
        monitor_map=watched_by("nagios"),
    ),
    "nagios web": System(
        kind="nagios",
        situations=_names(_N.FOLDER, ".hostlist.json", _TRAPS),
        opens=_web("nagios", CapturedWeb, _N.CAPTURED, PATH),
        monitor_map=watched_by("nagios"),
    ),
    "icinga2 api": System(
        kind="icinga2",
        situations=tuple(_I.GOLDEN),
        opens=_web("icinga2", _I.CapturedApi, _I.CAPTURED),
        monitor_map=watched_by("icinga2"),
    ),
    "icinga2 status.dat": System(
        kind="nagios",
        situations=_names(_I.FOLDER, ".status.dat"),
        opens=_file(_I.FOLDER, ".status.dat", _I.CAPTURED),
        monitor_map=watched_by("nagios"),
    ),
    "livestatus": System(
        kind="livestatus",
        situations=tuple(_L.GOLDEN),
        opens=_livestatus,
        monitor_map=watched_by("livestatus"),
    ),
    "naemon status.dat": System(
        kind="nagios",
        situations=_names(_L.FOLDER, ".naemon-status.dat"),
        opens=_file(
            _L.FOLDER,
            ".naemon-status.dat",
            {name.removeprefix(_L.NAEMON): time for name, time in _L.CAPTURED.items()},
        ),
        monitor_map=watched_by("nagios"),
    ),
    "prometheus": System(
        kind="prometheus",
        situations=_names(_P.FOLDER, ".query-up.json"),
        opens=_web("prometheus", _P.CapturedPrometheus, _P.CAPTURED),
        monitor_map=_P.QUERIES,
    ),
    "alertmanager": System(
        kind="alertmanager",
        situations=_ALERTS,
        opens=_web(
            "alertmanager",
            # Four minutes after the last word of Prometheus the watchdog had ended with all other alerts.
            lambda name: _P.CapturedAlertmanager(name, _ALERTS_TAKEN[name], watchdog="270s" not in name),
            _ALERTS_TAKEN,
        ),
        monitor_map=_P.ALERTS,
    ),
    "zabbix": System(
        kind="zabbix",
        situations=_names(_Z.FOLDER, ".host.get.json"),
        opens=_web("zabbix", _Z.CapturedZabbix, _Z.CAPTURED, "/zabbix/", f"{_Z.USER}:{_Z.PASSWORD}"),
        monitor_map=_Z.MONITOR_MAP,
    ),
}
"""All of them, by the words for each."""


@contextmanager
def saying(system: str, situation: str) -> Iterator[Opened]:
    """The system says what it said in that situation."""
    yield from SYSTEMS[system].opens(situation)
