"""Update lines: what staff type, and what is read from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.notes.updates import Body, Update, read_body
from status_plugin.core.problems import Problem, Severity
from status_plugin.core.times.moments import Moment, read_moment
from status_plugin.core.words import IncidentPhase, MaintenancePhase

TABLE = Path(__file__).parent / "golden" / "update_lines.txt"
EASTERN = ZoneInfo("America/New_York")
FIRST_LINE = 10
INVENTORY = Inventory(
    components=(
        Component(slug="srv3", name="Srv3", group="Shared hosting"),
        Component(slug="srv9", name="Srv9", group="Shared hosting"),
        Component(slug="ns3", name="ns3"),
    )
)
PHASES: dict[str, type[IncidentPhase] | type[MaintenancePhase]] = {
    "incident": IncidentPhase,
    "window": MaintenancePhase,
}
EVENING = "2008-09-04 5:00pm Eastern"


@dataclass(kw_only=True)
class Case:
    """One block of the table."""

    line: int
    given: dict[str, str] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The first line of the body, for the test's own name."""
        return f"{self.line}: {self.body[0]}"


def read_table() -> Iterator[Case]:
    """The cases of the table."""
    case = Case(line=1)
    for number, line in enumerate(f"{TABLE.read_text('utf-8')}\n".split("\n"), 1):
        goes_on = bool(case.expected) and case.expected[-1].endswith("\\")
        if goes_on:
            case.expected[-1] = f"{case.expected[-1][:-1]}\n{line}"
        elif line.startswith(">"):
            case.line = case.line if case.body else number
            case.body.append(line.removeprefix(">").removeprefix(" "))
        elif not line:
            if case.body:
                yield case
            case = Case(line=number)
        elif case.body:
            case.expected.append(line)
        elif not line.startswith("#"):
            key, _, value = line.partition(":")
            case.given[key] = value.strip()


def moment(text: str) -> Moment:
    """A time as people write it."""
    return read_moment(text, zone=EASTERN)[0]


def read(
    body: str,
    *,
    note: str = "incident",
    start: str = EVENING,
    clock: str = "2030-01-01 00:00 UTC",
    inventory: Inventory | None = INVENTORY,
) -> Body:
    """The body of a note, as the table's cases stand on it."""
    return read_body(
        body,
        path=f"{note}s/note.md",
        first_line=FIRST_LINE,
        phases=PHASES[note],
        start=moment(start) if start else None,
        zone=EASTERN,
        inventory=inventory,
        read_at=moment(clock).at,
    )


def written(update: Update) -> Iterator[str]:
    """An update as the table writes it."""
    yield f"at: {written_moment(update.at)}"
    if update.phase:
        yield f"phase: {update.phase}"
    if update.next_update:
        yield f"next: {written_moment(update.next_update)}"
    if update.since:
        yield f"since: {written_moment(update.since)}"
    if update.impact:
        yield f"impact: {update.impact}"
    if update.affects:
        yield f"affects: {', '.join(f'{slug} {state}' for slug, state in update.affects.items())}"
    yield f"text: {update.text}".rstrip(" ")


def written_moment(moment: Moment) -> str:
    """A moment in UTC, without seconds that are zero."""
    at = moment.at.astimezone(UTC)
    text = f"{at:%Y-%m-%dT%H:%M:%S}".removesuffix(":00")
    return f"{text}Z" if moment.exact else f"{text}Z about"


def written_body(body: Body) -> list[str]:
    """A whole body as the table writes it."""
    text = [f"body: {body.text}"] if body.text else []
    updates = [line for update in body.updates for line in written(update)]
    return text + updates + [f"{problem.severity}: {problem.rule}" for problem in body.problems]


CASES = list(read_table())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_line_of_the_table_is_read_as_the_table_says(case: Case) -> None:
    """What staff type is read as they mean it, or is an error and stays in the text."""
    given = {"note": "incident", "start": EVENING, "clock": "2030-01-01 00:00 UTC"} | case.given
    body = read("\n".join(case.body), note=given["note"], start=given["start"], clock=given["clock"])
    assert written_body(body) == case.expected


def test_the_table_is_whole() -> None:
    """The table is read to its end and holds what it promises."""
    assert len(CASES) > 130
    assert all(case.expected for case in CASES)
    assert sum(len(case.body) for case in CASES) == sum(
        line.startswith(">") for line in TABLE.read_text("utf-8").split("\n")
    )


def test_a_problem_says_where_it_is_and_what_to_write() -> None:
    """Path, line, column, field, message and hint lead straight to the mistake."""
    body = read("Text.\n\nUpdate @ 5:33pm [resolvd; affects srv3: ok, srv4: down]: x\nUpdate @ 9/4: y")
    wrong_word, unknown, numeric = body.problems
    assert str(wrong_word) == (
        "incidents/note.md:12:18: error: update: 'resolvd' is not understood here."
        " Did you mean 'resolved'? [wrong-word]"
    )
    assert (unknown.line, unknown.column) == (12, 45)
    assert numeric == Problem(
        rule="numeric-date",
        path="incidents/note.md",
        message="'9/4' is not a date that everybody reads alike.",
        hint="Write 'Sep 4' or 'Apr 9'.",
        severity=Severity.ERROR,
        line=13,
        column=10,
        field="update",
    )


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("UPDATE @5:33pm Eastern Srv3 is back", "Write 'Update @ 5:33pm Eastern: Srv3 is back'."),
        ("Update @ 5:33pm Eastern:Srv3 is back", "Write 'Update @ 5:33pm Eastern: Srv3 is back'."),
        ("Update 5:33pm: Srv3 is back", "Write 'Update @ 5:33pm: Srv3 is back'."),
        ("Upate @ 5:33pm: Srv3 is back", "Write 'Update @ 5:33pm: Srv3 is back'."),
        ("### Update @ 5:33pm: Srv3 is back", "Write 'Update @ 5:33pm: Srv3 is back'."),
        ("Update: Srv3 is back", "Write it like 'Update @ 5:33pm Eastern: text'."),
        ("Update @ 1733 Eastern: Srv3 is back", "Write '17:33 Eastern'."),
        ("Update @ 5 Eastern: Srv3 is back", "Write '5am Eastern' or '5pm Eastern'."),
        ("Update @ Monday: Srv3 is back", "Write the date instead: '2008-09-01' or '2008-09-08'."),
        ("Update @ 6pm [next update tomorrow 9am]: x", "Write the date: '2008-09-05 9am'."),
        ("Update @ 6pm [affects srv3 ok]: x", "Write it like 'affects srv3: ok'."),
        ("Update @ 6pm [major]: x", "Did you mean 'impact major'?"),
    ],
)
def test_an_error_shows_the_line_to_write_instead(line: str, hint: str) -> None:
    """Whoever reads the error can copy the remedy from it."""
    assert [problem.hint for problem in read(line).problems] == [hint]


def test_columns_count_what_stands_before_the_time() -> None:
    """The column of a wrong time is where the time begins, however the line begins."""
    columns = [
        read(line).problems[0].column
        for line in ("Update @ 9/4: x", "- **Update #2 @ 9/4:** x", "Update at 25:00: x", "  Update 5pm: x")
    ]
    assert columns == [10, 17, 11, 3]


def test_doubts_are_warnings_and_cost_nothing() -> None:
    """A time that is odd and could be read all the same is published, and a warning says why."""
    body = read("Update @ Sep 4 5:33pm EST: x")
    assert [update.text for update in body.updates] == ["x"]
    assert [(p.severity, p.line, p.column, p.field) for p in body.problems] == [
        (Severity.WARNING, FIRST_LINE, 10, "update")
    ]


def test_without_an_inventory_nothing_is_affected_and_one_error_says_so() -> None:
    """While components.yml cannot be read, updates are published without what they affect."""
    lines = "Update @ 6pm [affects srv3: ok; identified]: a\nUpdate @ 7pm [affects srv9: down, ns3: ok]: b"
    assert [bool(update.affects) for update in read(lines).updates] == [True, True]
    body = read(lines, inventory=None)
    assert [(update.text, dict(update.affects)) for update in body.updates] == [("a", {}), ("b", {})]
    assert body.updates[0].phase is IncidentPhase.IDENTIFIED
    assert [problem.rule for problem in body.problems] == ["unchecked-components"]


def test_anchors_are_the_time_in_utc_and_never_collide() -> None:
    """An update's permanent id is its time; a second one of that time gets a number."""
    body = read("Update @ 7pm: c\nUpdate @ 6pm: a\nUpdate @ 22:00 UTC: b\nUpdate @ 6:00:01pm Eastern: d")
    assert [(update.text, update.anchor) for update in body.updates] == [
        ("a", "update-20080904T220000Z"),
        ("b", "update-20080904T220000Z-2"),
        ("d", "update-20080904T220001Z"),
        ("c", "update-20080904T230000Z"),
    ]


def test_an_update_knows_its_line_in_the_file() -> None:
    """Lines count from the first line of the file, not of the body."""
    body = read("Text\n\nUpdate @ 5:33pm: a\nmore\n\nUpdate @ 5:40pm: b")
    assert [update.line for update in body.updates] == [12, 15]


def test_line_ends_of_windows_change_nothing() -> None:
    """A file with CR LF reads like the same file with LF."""
    lines = "Text\n\nUpdate @ 5:33pm [identified]:\nmore\n\n```\nUpdate @ 6pm: code\n```\nUpdate @ 5:40pm: b"
    assert read(lines.replace("\n", "\r\n")) == read(lines)


def test_hard_line_breaks_behind_the_head_are_kept() -> None:
    """Two blanks at a line's end mean a line break in Markdown, in an update's first line too."""
    assert read("Update @ 5:33pm: a  \nb").updates[0].text == "a  \nb"


@pytest.mark.parametrize(
    ("note", "word", "phase"),
    [
        *(("incident", phase.value, phase) for phase in IncidentPhase),
        *(("window", phase.value, phase) for phase in MaintenancePhase),
        *(("window", phase.value.replace("_", " ").upper(), phase) for phase in MaintenancePhase),
    ],
)
def test_every_phase_can_be_written(note: str, word: str, phase: IncidentPhase | MaintenancePhase) -> None:
    """All phases are understood in the notes that they belong to, in any case."""
    body = read(f"Update @ 5:33pm [{word}]: x", note=note)
    assert (body.updates[0].phase, body.problems) == (phase, ())


def test_a_relative_next_update_is_exact_and_counts_real_minutes() -> None:
    """`in 30 min` is half an hour of real time, also while the clocks go back."""
    body = read("Update @ 2026-11-01 1:50am EDT [next update in about 30 min]: x")
    (update,) = body.updates
    assert update.next_update is not None
    assert f"{update.next_update.local:%H:%M}" == "01:20", "the clock on the wall goes back"
    assert update.next_update.at - update.at.at == timedelta(minutes=30)
    assert update.next_update.exact


@pytest.mark.parametrize(
    ("since", "utc"),
    [
        ("2:01am", "2008-09-04T06:01Z"),
        ("8:00am", "2008-09-04T12:00Z"),
        ("8:01am", None),
        ("2:00pm", None),
        ("2:01pm", "2008-09-03T18:01Z"),
        ("11:50pm", "2008-09-04T03:50Z"),
    ],
)
def test_since_lies_before_its_update(since: str, utc: str | None) -> None:
    """A time later than its update by over 6 hours was the day before; by less, it is a mistake."""
    (update,) = read(f"Update @ 8:00am [since {since}]: x").updates
    assert (update.since and written_moment(update.since)) == utc


@pytest.mark.parametrize(
    ("following", "utc"),
    [
        ("8:01pm", "2008-09-05T00:01Z"),
        ("8:00pm", None),
        ("2:00pm", None),
        ("1:59pm", "2008-09-05T17:59Z"),
        ("1am", "2008-09-05T05:00Z"),
    ],
)
def test_the_next_update_lies_behind_its_update(following: str, utc: str | None) -> None:
    """A time earlier than its update by over 6 hours is the next day's; by less, it is a mistake."""
    (update,) = read(f"Update @ 8:00pm [next update {following}]: x").updates
    assert (update.next_update and written_moment(update.next_update)) == utc


def test_a_long_line_of_anything_is_read_in_no_time() -> None:
    """No line that somebody types or pastes keeps the page waiting."""
    began = datetime.now(UTC)
    for text in ("#" * 50_000, "Update @ " + "[" * 50_000, "Update @ 5pm " + "[]" * 25_000, "- " * 50_000):
        read(text)
    read(
        "Update @ 5pm: "
        + "".join("`" * (number % 200 + 1) + " " for number in range(400))
        + "\nUpdate @ 6pm: x"
    )
    read("\n".join("`" * (3 + number % 300) + "x" for number in range(600)))
    assert datetime.now(UTC) - began < timedelta(seconds=20)


PIECES = """
    Update update Updated Upate @ at : - – #2 2 5:33pm 5:33 17:33 Eastern EDT EST Nowhere Sep 4 2008
    2008-09-04 9/4 now midnight noon about ~ Monday 31 25:00 [ ] ; , identified resolvd since next in 30 min
    affects srv3 ** * _ ` ``` ~~~ <!-- --> <pre> </pre> ( ) ![ http://x text
"""
WORDS = st.sampled_from(PIECES.split())
BLANKS = st.sampled_from([" ", " ", " ", "", "\n", "\n\n", "\n    ", "\n- ", "\t"])
BODIES = st.one_of(
    st.text(),
    st.lists(st.one_of(WORDS, BLANKS), max_size=80).map("".join),
    st.lists(st.sampled_from([case_line for case in CASES for case_line in case.body]), max_size=12).map(
        "\n".join
    ),
)


def squeezed(text: str) -> str:
    """A text without its blanks."""
    return re.sub(r"\s", "", text)


@settings(deadline=None)
@given(body=BODIES, note=st.sampled_from(sorted(PHASES)), start=st.sampled_from(["", EVENING, "2008-09-04"]))
def test_no_text_raises_and_no_character_is_lost(body: str, note: str, start: str) -> None:
    """Whatever stands in a note: it is read without an exception, and every word of it is published."""
    found = read(body, note=note, start=start)
    lines = body.split("\n")
    updates = sorted(found.updates, key=lambda update: update.line)
    heads = [update.line - FIRST_LINE for update in updates]
    assert squeezed(found.text) == squeezed("".join(lines[: heads[0]] if heads else lines))
    for update, head, end in zip(updates, heads, [*heads, len(lines)][1:], strict=True):
        following = squeezed("".join(lines[head + 1 : end]))
        text = squeezed(update.text)
        assert text.endswith(following)
        behind_head = text.removesuffix(following) if following else text
        # Of a line that is bold as a whole, the mark before "Update" moves to the text.
        whole = squeezed(lines[head])
        assert whole.endswith((behind_head, behind_head.lstrip("*_")))
        assert re.match(r"[*_-]*update", whole, re.IGNORECASE)
    assert [update.at.at.astimezone(UTC) for update in found.updates] == sorted(
        update.at.at.astimezone(UTC) for update in updates
    )
    assert len({update.anchor for update in updates}) == len(updates)
    assert all(
        problem.line and 1 <= problem.line - FIRST_LINE + 1 <= len(lines) for problem in found.problems
    )
