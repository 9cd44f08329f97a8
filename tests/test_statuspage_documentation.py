"""docs/api.md says what the API does."""

from __future__ import annotations

import re
from datetime import UTC

import pytest
from board_samples import board, incident, window
from statuspage_answers import ADDRESSES, SCHEMA, everything
from system_parts import PARTS
from test_documentation import PAGES, first_cells, part

from status_plugin.core.board.windows import LIMIT_WITHOUT_END
from status_plugin.core.words import State
from status_plugin.web.answer import AT_THE_EDGE
from status_plugin.web.statuspage.answers import MOST_RECENT
from status_plugin.web.statuspage.times import NOBODY_KNOWS, stamp_in
from status_plugin.web.statuspage.views import PREFIX
from status_plugin.web.statuspage.words import COMPONENT_STATUS, IMPACT, INDICATOR

PAGE = PAGES["api.md"]


def rows(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, cell by cell, without backquotes."""
    lines = [line for line in part(PAGE, heading).splitlines() if line.startswith("|")][2:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def test_every_address_is_there() -> None:
    """The eight addresses, and no other."""
    assert first_cells(part(PAGE, "## Addresses")) == [f"{PREFIX}/{address}" for address in ADDRESSES]


def test_the_words() -> None:
    """Each state is told as the table says."""
    assert rows("## How our words map") == [
        [state.value, COMPONENT_STATUS[state], INDICATOR[state], IMPACT[state]] for state in State
    ]


def test_the_figures() -> None:
    """A figure on the page is the one that counts."""
    assert f"The {MOST_RECENT} most recent incidents" in PAGE
    assert f"The {MOST_RECENT} most recent windows" in PAGE
    assert f"for {AT_THE_EDGE} seconds" in PAGE
    assert f"{LIMIT_WITHOUT_END.total_seconds() / 3600:.0f} hours after the beginning" in PAGE
    assert f"`{stamp_in(UTC)(NOBODY_KNOWS)}`" in PAGE


def test_every_time_is_there() -> None:
    """Every time that Statuspage has is explained, and those that may be null are those of the schema."""
    told = dict(
        re.findall(r"^\| `(\w+)` \| (.+) \|$", part(PAGE, "## Times that nobody knows"), re.MULTILINE)
    )
    properties = SCHEMA["$defs"]["maintenance"]["properties"]
    kinds = {name: kind["$ref"] for name, kind in properties.items() if "$ref" in kind}
    times = {name: kind for name, kind in kinds.items() if kind.endswith("time")}
    assert set(told) == set(times)
    nullable = {name for name, kind in times.items() if kind.endswith("maybe_time")}
    assert nullable == {name for name, text in told.items() if text.startswith("Null ")}


@pytest.mark.parametrize(
    ("key", "constant"),
    [
        ("deliver_notifications", True),
        ("custom_tweet", None),
        ("tweet_id", None),
        ("reminder_intervals", None),
        ("showcase", False),
        ("only_show_if_degraded", False),
        ("start_date", None),
    ],
)
def test_what_is_always_the_same(key: str, constant: object) -> None:
    """What the page calls constant is it, wherever it stands."""
    word = {True: "true", False: "false", None: "null"}[constant]  # type: ignore[index]
    assert re.search(rf"`{key}`[^.]*(are|is) always {word}", " ".join(PAGE.split()))
    told = str(everything(board(current=(incident(),), scheduled=(window(),))))
    assert set(re.findall(rf"'{key}': (\w+)", told)) == {str(constant)}


def test_the_programs() -> None:
    """The programs on the page are those that the tests run, in the same versions."""
    told = {re.sub(r"[`]|^(npm|PyPI) ", "", row[0]) for row in rows("## Programs that read it")}
    tested = PARTS["statuspage clients"]
    wanted = {name.replace("==", " ") for name in tested.pypi} | {
        " ".join(name.rsplit("@", 1)) for name in tested.npm
    }
    assert told == wanted
