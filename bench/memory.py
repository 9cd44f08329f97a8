"""The memory of a worker with many notes, and after many requests over all of its pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.servers import Server, gunicorn
from bench.sites import MEMORY

REQUESTS = 100_000
_AT_A_TIME = 20
"""Seconds of load after which it is seen how many requests are still to come."""

_SCRIPT = """\
local paths, at = {{}}, 0
for path in io.lines("{paths}") do paths[#paths + 1] = path end
function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
"""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Bytes before and after a number of requests; `begun` is with the first page alone."""

    begun: int
    after: int
    requests: int


def worker_memory(folder: Path) -> Memory:
    """The memory of one worker of gunicorn."""
    paths = folder / "paths.txt"
    paths.write_text("\n".join(_pages(folder)) + "\n", encoding="utf-8")
    script = folder / "all.lua"
    script.write_text(_SCRIPT.format(paths=paths), encoding="utf-8")
    with gunicorn(folder, "watched") as server:
        server.answer()
        begun = server.number(MEMORY)
        requests = _ask(server, script, REQUESTS)
        return Memory(begun=begun, after=server.number(MEMORY), requests=requests)


def _ask(server: Server, script: Path, requests: int) -> int:
    asked, rate = 0, 500.0
    while asked < requests:
        load = server.load(8, min(_AT_A_TIME, 1 + (requests - asked) // rate), script)
        asked, rate = asked + load.answers, load.rate
    return asked


def _pages(folder: Path) -> list[str]:
    """Every page of every note with those that list them between, each kind in the measure it has."""
    notes = [
        f"/status/{kind}/{note.stem}/"
        for kind in ("incidents", "maintenance")
        for note in (folder / "content" / kind).glob("*.md")
    ]
    lists = [f"/status/incidents/?page={page}" for page in range(1, len(notes) * 3 // 4 // 20)]
    lists += [f"/status/maintenance/?page={page}" for page in range(1, len(notes) // 4 // 20)]
    others = [
        "",
        "board.json",
        "feed.atom",
        "feed.json",
        "maintenance.ics",
        "badge.svg",
        "api/v2/summary.json",
    ]
    others += [f"components/srv{number}/" for number in range(1, 11)]
    pages = []
    for number, note in enumerate(notes):
        pages += [note, f"/status/{others[number // 8 % len(others)]}"] if number % 8 == 0 else [note]
        if number % 10 == 0:
            pages.append(lists[number // 10 % len(lists)])
    return pages
