"""The period that a report is about, as staff name it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from status_plugin.staff.reporting.period import PeriodError, read_period

EASTERN = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("named", "begin", "end"),
    [
        ({}, "2026-08-23 00:00", "2026-11-20 13:00"),
        ({"month": "2026-11"}, "2026-11-01 00:00", "2026-12-01 00:00"),
        ({"month": "2026-2"}, "2026-02-01 00:00", "2026-03-01 00:00"),
        ({"month": "2026-12"}, "2026-12-01 00:00", "2027-01-01 00:00"),
        ({"year": "2008"}, "2008-01-01 00:00", "2009-01-01 00:00"),
        ({"since": "2026-11-01"}, "2026-11-01 00:00", "2026-11-20 13:00"),
        ({"since": "2026-11-01", "until": "2026-11-03"}, "2026-11-01 00:00", "2026-11-04 00:00"),
        ({"since": "2026-11-20 6pm CST", "until": "2026-11-20 8pm"}, "2026-11-20 19:00", "2026-11-20 20:00"),
        ({"until": "2026-11-03"}, "2026-08-07 00:00", "2026-11-04 00:00"),
    ],
)
def test_periods(named: dict[str, str], begin: str, end: str) -> None:
    """Days, months and years are those of the site's zone; a day at the end counts to its end."""
    found = read_period(EASTERN, NOW, **named)
    shown = [f"{at.astimezone(EASTERN):%Y-%m-%d %H:%M}" for at in (found.begin, found.end)]
    assert shown == [begin, end]


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"month": "11/2026"}, "'11/2026' is not a month. Write it like '2026-11'."),
        ({"month": "2026-13"}, "'2026-13' is not a month."),
        ({"month": "2026"}, "'2026' is not a month."),
        ({"year": "26"}, "'26' is not a year. Write it like '2026'."),
        ({"year": "2026-11"}, "'2026-11' is not a year."),
        ({"since": "yesterday"}, "yesterday"),
        ({"since": "11/1"}, "Write"),
        ({"since": "2026-11-02", "until": "2026-11-01"}, "--since must be earlier than --until"),
        ({"month": "2026-11", "year": "2026"}, "not two of them"),
        ({"month": "2026-11", "since": "2026-11-01"}, "not two of them"),
    ],
)
def test_what_is_no_period_is_said(named: dict[str, str], said: str) -> None:
    """A person's mistake gets a sentence with what to write instead."""
    with pytest.raises(PeriodError) as refused:
        read_period(EASTERN, NOW, **named)
    assert said in str(refused.value)
