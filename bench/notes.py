"""Makes notes such as a web host writes them: as many as wanted, the same ones every time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

TEN_YEARS = timedelta(days=3650)
SERVERS = [f"Srv{number}" for number in range(1, 11)]
NAMESERVERS = ["ns3", "ns4"]

COMPONENTS = "\n".join(
    [
        "- group: Shared hosting",
        "  components:",
        *(f"    - {{name: {server}, checks: [Web, Mail, Database]}}" for server in SERVERS),
        "- group: Name servers",
        "  components:",
        *(f"    - {{name: {server}, checks: [DNS]}}" for server in NAMESERVERS),
        "",
    ]
)

TROUBLES = [
    ("is not responding", "major", "Websites and mail on {server} cannot be reached."),
    ("is slow", "degraded", "Pages on {server} take ten seconds and more to appear."),
    ("delivers mail late", "partial", "Mail to accounts on {server} arrives with a delay; nothing is lost."),
    ("refuses database connections", "partial", "Sites on {server} that use a database show an error."),
]

CAUSES = [
    "Only half of the memory is seen after a restart; a technician is on the way to the rack.",
    "One account was sending thousands of messages an hour. It has been stopped, the queue is draining.",
    "A disk of the array has failed. The array works without it, slower than usual, until it is rebuilt.",
    "The switch above this rack drops packets. Its maker is on the phone and a spare is being mounted.",
    "The database ran out of connections after last night's upgrade. We have doubled their number.",
]

WORKS = [
    ("kernel upgrade", "One restart. Sites and mail are away while the server comes back."),
    ("memory replacement", "The server is taken out of the rack, fitted with new memory and tested."),
    ("router upgrade", "Short interruptions while traffic moves to the second router and back."),
    ("database upgrade", "Sites that use a database show an error during the change."),
]


def write_notes(folder: Path, count: int, newest: datetime, over: timedelta = TEN_YEARS) -> None:
    """Fill a content folder with `count` notes of the time to `newest`, one in four of maintenance."""
    random = Random(count)
    apart = over / count
    (folder / "incidents").mkdir(parents=True)
    (folder / "maintenance").mkdir()
    (folder / "components.yml").write_text(COMPONENTS, encoding="utf-8")
    began = newest.astimezone(UTC).replace(second=0, microsecond=0) - timedelta(days=2)
    for number in range(count):
        kind, lines = ("maintenance", _window) if number % 4 == 3 else ("incidents", _incident)
        note = folder / kind / f"{began:%Y-%m-%d}-{number}.md"
        note.write_text("\n".join(lines(random, began)) + "\n", encoding="utf-8")
        began -= apart * random.uniform(0.1, 1.9)


def _incident(random: Random, began: datetime) -> Iterator[str]:
    server = random.choice(SERVERS)
    what, impact, text = random.choice(TROUBLES)
    yield from ("---", f"title: {server} {what}", f"started: {_written(began)}", f"impact: {impact}")
    yield from (f"affects: [{server.lower()}]", "---", _own(random, text.format(server=server)), "")
    told = began
    for phase in ("investigating", "identified", "monitoring")[: random.randint(1, 3)]:
        told += timedelta(minutes=random.randint(10, 90))
        yield from (f"Update @ {_written(told)} [{phase}]: {_own(random, random.choice(CAUSES))}", "")
    ended = told + timedelta(minutes=random.randint(10, 90))
    end = f"Update @ {_written(ended)} [resolved; since {_written(told)}]"
    yield _own(random, f"{end}: **Everything on {server} works again.**")


def _window(random: Random, starts: datetime) -> Iterator[str]:
    server = random.choice(SERVERS)
    what, text = random.choice(WORKS)
    ends = starts + timedelta(hours=random.randint(1, 3))
    yield from ("---", f"title: {server} {what}", f"starts: {_written(starts)}", f"ends: {_written(ends)}")
    yield from ("expected_downtime: 15-20 min", f"affects: [{server.lower()}]", "---", _own(random, text), "")
    yield from (_own(random, f"Update @ {_written(starts)} [in_progress]: The work has begun."), "")
    yield _own(random, f"Update @ {_written(ends)} [completed]: The work is done and {server} is back.")


def _own(random: Random, text: str) -> str:
    """A text that no other note has: each has to be read and rendered by itself."""
    return f"{text} Our number for it is {random.randrange(10**6)}."


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d} {moment.hour % 12 or 12}:{moment:%M%p} UTC".replace("AM", "am").replace(
        "PM", "pm"
    )
