"""Times as people write them: what is read, what is doubted, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.moments import Moment, read_moment
from status_plugin.core.times.zones import find_zone

EASTERN = ZoneInfo("America/New_York")
EVENING = datetime(2008, 9, 4, 17, 0, tzinfo=EASTERN)

READINGS = [
    ("5:33pm Eastern", "2008-09-04 17:33 EDT"),
    ("5:33pm Eastern Time", "2008-09-04 17:33 EDT"),
    ("5:33pm (Eastern)", "2008-09-04 17:33 EDT"),
    ("5:33pm US Eastern Daylight Time", "2008-09-04 17:33 EDT"),
    ("5:33 p.m. ET", "2008-09-04 17:33 EDT"),
    ("5:33 PM", "2008-09-04 17:33 EDT"),
    ("5:33p", "2008-09-04 17:33 EDT"),
    ("5.33pm", "2008-09-04 17:33 EDT"),
    ("5pm EDT", "2008-09-04 17:00 EDT"),
    ("12pm", "2008-09-04 12:00 EDT"),
    ("12:05am", "2008-09-05 00:05 EDT"),
    ("noon", "2008-09-04 12:00 EDT"),
    ("12 noon Central", "2008-09-04 12:00 CDT"),
    ("17:33 CDT", "2008-09-04 17:33 CDT"),
    ("17:33:20", "2008-09-04 17:33:20 EDT"),
    ("17h33", "2008-09-04 17:33 EDT"),
    ("17:33 Uhr CEST", "2008-09-04 17:33 CEST"),
    ("21:33Z", "2008-09-04 21:33 UTC"),
    ("21:33 GMT", "2008-09-04 21:33 UTC"),
    ("23:33 UTC+2", "2008-09-04 23:33 UTC+02:00"),
    ("17:33 -0400", "2008-09-04 17:33 UTC-04:00"),
    ("17:33 −04:00", "2008-09-04 17:33 UTC-04:00"),
    ("2008-09-04 17:33", "2008-09-04 17:33 EDT"),
    ("2008-09-04T17:33:00-04:00", "2008-09-04 17:33 UTC-04:00"),
    ("2008-09-04T21:33:00.123Z", "2008-09-04 21:33 UTC"),
    ("Sep 4 5:33pm EDT", "2008-09-04 17:33 EDT"),
    ("Sept. 4, 2008 at 5:33 pm Eastern", "2008-09-04 17:33 EDT"),
    ("September 4th 5:33pm", "2008-09-04 17:33 EDT"),
    ("4 September 2008 17:33", "2008-09-04 17:33 EDT"),
    ("the 4th of September, 17:33", "2008-09-04 17:33 EDT"),
    ("04-Sep-2008 17:33", "2008-09-04 17:33 EDT"),
    ("4 Sep 5pm", "2008-09-04 17:00 EDT"),
    ("Thursday, September 4th, 2008 5:33pm", "2008-09-04 17:33 EDT"),
    ("5:33pm on Thu, Sep 4", "2008-09-04 17:33 EDT"),
    ("Thu, 04 Sep 2008 17:33:00 -0400", "2008-09-04 17:33 UTC-04:00"),
    ("Thu Sep  4 17:33:00 EDT 2008", "2008-09-04 17:33 EDT"),
    ("2026-11-20 18:00 Europe/Berlin", "2026-11-20 18:00 CET"),
    ("2026-11-20 18:00 europe/berlin", "2026-11-20 18:00 CET"),
    ("2026-11-20 18:00 America/New York", "2026-11-20 18:00 EST"),
    ("2009-03-28 3:00am CDT", "2009-03-28 03:00 CDT"),
    ("5:33\N{NO-BREAK SPACE}pm\N{NARROW NO-BREAK SPACE}Eastern", "2008-09-04 17:33 EDT"),
    # Not exact: shown as written.
    ("2008-08-25", "2008-08-25 00:00 EDT about"),
    ("August 25, 2008", "2008-08-25 00:00 EDT about"),
    ("Aug 25", "2008-08-25 00:00 EDT about"),
    ("about 6pm", "2008-09-04 18:00 EDT about"),
    ("around 6pm Eastern", "2008-09-04 18:00 EDT about"),
    ("at approximately 5:20pm Eastern", "2008-09-04 17:20 EDT about"),
    ("approx. 5:20pm", "2008-09-04 17:20 EDT about"),
    ("ca. 5:20pm", "2008-09-04 17:20 EDT about"),
    ("~6pm", "2008-09-04 18:00 EDT about"),
    ("6pm-ish", "2008-09-04 18:00 EDT about"),
    ("6pm or so", "2008-09-04 18:00 EDT about"),
    ("shortly before 11am", "2008-09-04 11:00 EDT about"),
    ("Sep 3, 2008, around 6pm", "2008-09-03 18:00 EDT about"),
    ("Aug 7 2008, just after midnight Eastern", "2008-08-07 00:00 EDT about"),
    ("Aug 7 2008, just before midnight", "2008-08-07 23:59 EDT about"),
    ("October 15, 2008, in the morning", "2008-10-15 06:00 EDT about"),
    ("early on August 7, 2008", "2008-08-07 00:00 EDT about"),
]

ERRORS = [
    ("", "empty-time", "Write it like '5:33pm Eastern'"),
    ("   ", "empty-time", "Write it like '5:33pm Eastern'"),
    ("9/4", "numeric-date", "Write 'Sep 4' or 'Apr 9'."),
    ("9/4 5:33pm Eastern", "numeric-date", "'Sep 4 5:33pm Eastern' or 'Apr 9 5:33pm Eastern'"),
    ("09/04/2008", "numeric-date", "Write '2008-09-04' or '2008-04-09'."),
    ("09/25/2008", "numeric-date", "Write '2008-09-25'."),
    ("25.9.2008 17:33", "numeric-date", "Write '2008-09-25 17:33'."),
    ("04-09-2008", "numeric-date", "Write '2008-04-09' or '2008-09-04'."),
    ("2008/09/04", "numeric-date", "Write '2008-09-04'."),
    ("17.33", "numeric-date", "Write '17:33'."),
    ("now", "relative-time", "Write the time itself"),
    ("today 5pm", "relative-time", "Write the time itself"),
    ("midnight", "midnight", "Write '00:00' with the day that begins"),
    ("Sep 4 midnight", "midnight", "'11:59pm' with the day that ends"),
    ("around midnight", "midnight", "Write '00:00'"),
    ("Monday", "weekday-alone", "'2008-09-01' or '2008-09-08'"),
    ("Thursday 5pm", "weekday-alone", "'2008-08-28' or '2008-09-04'"),
    ("24:00", "impossible-time", "'00:00' of the next"),
    ("25:00", "impossible-time", "from 00 to 23"),
    ("5:61pm", "impossible-time", "from 00 to 59"),
    ("13:00pm", "impossible-time", "Write '13:00' or '1:00pm'."),
    ("0:30pm", "impossible-time", "Write '00:30' or '12:30am'."),
    ("31 February", "impossible-date", "Check day, month and year."),
    ("2009-02-29 5pm", "impossible-date", "Check day, month and year."),
    ("2008-13-01", "impossible-date", "Check day, month and year."),
    ("1733 EDT", "unreadable-time", "Write '17:33 EDT'."),
    ("5 Eastern", "unreadable-time", "Write '5am Eastern' or '5pm Eastern'."),
    ("5:33 in the evening", "unreadable-time", "am or pm"),
    ("5pm to 6pm", "unreadable-time", "Write it like"),
    ("2008-09-04 2008-09-05", "unreadable-time", "Write it like"),
    ("soon", "unreadable-time", "Write it like"),
    ("x" * 500, "unreadable-time", "Write it like"),
    ("5:33pm Estern", "unknown-zone", "Did you mean 'Eastern'?"),
    ("5:33pm Berlin", "unknown-zone", "Did you mean 'Europe/Berlin'?"),
    ("5:33pm server time", "unknown-zone", "Write a zone such as 'Eastern'"),
    ("5:33pm IST", "ambiguous-zone", "Write one of 'India', 'Europe/Dublin', 'Asia/Jerusalem'."),
]

DOUBTS = [
    ("2008-07-04 5pm EST", "zone-contradicts-date", "2008-07-04 17:00 EDT"),
    ("2008-12-04 5pm EDT", "zone-contradicts-date", "2008-12-04 17:00 EST"),
    ("2008-12-04 5pm BST", "zone-contradicts-date", "2008-12-04 17:00 GMT"),
    ("2008-07-04 5pm CET", "zone-contradicts-date", "2008-07-04 17:00 CEST"),
    ("2008-07-04 5pm Eastern Standard Time", "zone-contradicts-date", "2008-07-04 17:00 EDT"),
    ("Friday 2008-09-04 5pm", "weekday-contradicts-date", "2008-09-04 17:00 EDT"),
    ("5:33", "no-am-pm", "2008-09-04 05:33 EDT"),
    ("2026-03-08 2:30am Eastern", "skipped-hour", "2026-03-08 03:30 EDT"),
    ("2026-03-08 2:30am EST", "skipped-hour", "2026-03-08 03:30 EDT"),
    ("2026-03-08 2:30am EDT", "skipped-hour", "2026-03-08 03:30 EDT"),
    ("2026-11-01 1:30am Eastern", "doubled-hour", "2026-11-01 01:30 EDT"),
]


def written(moment: Moment) -> str:
    """A moment with its zone's name, without seconds that are zero."""
    text = f"{moment.local:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    return f"{text} {moment.local.tzname()}" + ("" if moment.exact else " about")


def read(text: str, **known: datetime) -> str:
    """A text without doubts, read by people in the East."""
    moment, doubts = read_moment(text, zone=EASTERN, **known)
    assert doubts == ()
    return written(moment)


@pytest.mark.parametrize(("text", "expected"), READINGS)
def test_a_time_is_read_as_it_is_meant(text: str, expected: str) -> None:
    """What people write about the evening of 4 September 2008 means what they mean."""
    assert read(text, previous=EVENING) == expected


@pytest.mark.parametrize(("text", "rule", "hint"), ERRORS)
def test_what_cannot_be_read_says_what_to_write(text: str, rule: str, hint: str) -> None:
    """A text that means no time, or two, is refused with the text to write instead."""
    with pytest.raises(UnreadableError) as caught:
        read_moment(text, zone=EASTERN, previous=EVENING)
    assert caught.value.rule == rule
    assert hint in caught.value.hint


@pytest.mark.parametrize(("text", "rule", "expected"), DOUBTS)
def test_what_is_odd_is_read_and_reported(text: str, rule: str, expected: str) -> None:
    """A contradiction in the words costs nothing but a warning."""
    moment, doubts = read_moment(text, zone=EASTERN, previous=EVENING)
    assert written(moment) == expected
    assert [doubt.rule for doubt in doubts] == [rule]


def test_the_writers_own_text_is_kept() -> None:
    """`written` is what was typed, without the blanks around it."""
    moment, _ = read_moment("  Sept. 3,  around 6PM ", zone=EASTERN, previous=EVENING)
    assert moment.written == "Sept. 3,  around 6PM"


def test_of_a_doubled_hour_the_abbreviation_names_one() -> None:
    """Half past one comes twice when summer time ends; EDT is the first, EST the second."""
    assert read("2026-11-01 1:30am EDT") == "2026-11-01 01:30 EDT"
    assert read("2026-11-01 1:30am EST") == "2026-11-01 01:30 EST"
    first, second = (read_moment(f"2026-11-01 1:30am {zone}", zone=UTC)[0].at for zone in ("EDT", "EST"))
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)


def test_the_hours_around_a_change_of_the_clocks_are_not_doubted() -> None:
    """Only the hour that was skipped or doubled is odd."""
    assert read("2026-03-08 1:59am Eastern") == "2026-03-08 01:59 EST"
    assert read("2026-03-08 3:00am Eastern") == "2026-03-08 03:00 EDT"
    assert read("2026-11-01 12:59am Eastern") == "2026-11-01 00:59 EDT"
    assert read("2026-11-01 2:00am Eastern") == "2026-11-01 02:00 EST"


def test_without_a_neighbour_date_and_year_must_be_written() -> None:
    """Nothing is guessed: no date and no year, no time."""
    for text, rule in (("5:33pm", "no-date"), ("Sep 4 5:33pm", "no-year"), ("Monday", "weekday-alone")):
        with pytest.raises(UnreadableError) as caught:
            read_moment(text, zone=EASTERN)
        assert caught.value.rule == rule
    assert read("2008-09-04 5:33pm") == "2008-09-04 17:33 EDT"


def test_the_zone_is_the_neighbours_before_it_is_the_sites() -> None:
    """A zone that was left out is that of the entry before, at last that of the site."""
    central = datetime(2008, 9, 4, 16, 0, tzinfo=ZoneInfo("America/Chicago"))
    assert read("2008-09-04 17:33") == "2008-09-04 17:33 EDT"
    assert read("2008-09-04 17:33", previous=central) == "2008-09-04 17:33 CDT"
    assert read("17:33", nearest_to=central) == "2008-09-04 17:33 CDT"
    assert read("17:33 Pacific", previous=central) == "2008-09-04 17:33 PDT"


@pytest.mark.parametrize(
    ("previous", "text", "expected"),
    [
        # Twelve hours back are a slip, a second more is the next day.
        ("2008-09-04T17:33:00-04:00", "5:33am", "2008-09-04 05:33 EDT"),
        ("2008-09-04T17:33:01-04:00", "5:33am", "2008-09-05 05:33 EDT"),
        ("2008-09-04T23:59:59-04:00", "12:00am", "2008-09-05 00:00 EDT"),
        ("2008-09-04T23:59:59-04:00", "11:59am", "2008-09-05 11:59 EDT"),
        ("2008-09-04T00:00:00-04:00", "11:59pm", "2008-09-04 23:59 EDT"),
        # In the night when the clocks go forward, 13 hours on the wall are 12 hours.
        ("2026-03-08T14:30:00-04:00", "1:30am", "2026-03-08 01:30 EST"),
        ("2026-03-08T14:30:01-04:00", "1:30am", "2026-03-09 01:30 EDT"),
        # In the night when they go back, 11 hours on the wall are 12 hours.
        ("2026-11-01T12:30:00-05:00", "1:30am EDT", "2026-11-01 01:30 EDT"),
        ("2026-11-01T13:30:00-05:00", "1:30am EST", "2026-11-01 01:30 EST"),
        ("2026-11-01T13:30:01-05:00", "2:30am", "2026-11-01 02:30 EST"),
        # The day is the one where the zone is.
        ("2008-09-04T22:00:00-04:00", "2:30am UTC", "2008-09-05 02:30 UTC"),
        ("2008-09-04T22:00:00-04:00", "7:30pm Pacific", "2008-09-04 19:30 PDT"),
        ("2008-12-31T23:30:00-05:00", "12:10am", "2009-01-01 00:10 EST"),
    ],
)
def test_the_date_rolls_only_when_time_would_run_back_by_over_twelve_hours(
    previous: str, text: str, expected: str
) -> None:
    """An omitted date is that of the entry before, and rolls over midnight by UTC, not by the wall."""
    assert read(text, previous=datetime.fromisoformat(previous).astimezone(EASTERN)) == expected


@pytest.mark.parametrize(
    ("starts", "text", "expected"),
    [
        ("2008-09-05T00:30:00-04:00", "11:50pm", "2008-09-04 23:50 EDT"),
        ("2008-09-05T00:30:00-04:00", "12:40am", "2008-09-05 00:40 EDT"),
        ("2008-09-04T23:30:00-04:00", "12:40am", "2008-09-05 00:40 EDT"),
        ("2008-09-04T16:00:00-05:00", "5:33pm Eastern", "2008-09-04 17:33 EDT"),
    ],
)
def test_a_windows_first_update_is_on_the_day_nearest_to_its_start(
    starts: str, text: str, expected: str
) -> None:
    """Work that begins a little early or late is not a day off."""
    assert read(text, nearest_to=datetime.fromisoformat(starts).astimezone(EASTERN)) == expected


def test_an_omitted_year_is_the_nearest() -> None:
    """A month and a day around New Year belong to the year that they are close to."""
    new_year = datetime(2008, 12, 31, 23, 0, tzinfo=EASTERN)
    assert read("Jan 1 1am", previous=new_year) == "2009-01-01 01:00 EST"
    assert read("Dec 30 1am", previous=new_year) == "2008-12-30 01:00 EST"
    assert read("Feb 29 1am", previous=datetime(2009, 1, 5, tzinfo=EASTERN)) == "2008-02-29 01:00 EST"
    with pytest.raises(UnreadableError) as caught:
        read_moment("Feb 29 1am", zone=EASTERN, previous=datetime(2010, 1, 5, tzinfo=EASTERN))
    assert caught.value.rule == "impossible-date"


def test_every_zone_of_the_world_is_known_by_its_name() -> None:
    """All IANA names are read, in any case."""
    names = {name for name in available_timezones() if "/" in name}
    assert len(names) > 400
    for name in names:
        assert find_zone(name.lower()).info == ZoneInfo(name)


@pytest.mark.parametrize(
    ("name", "offset_in_july", "expects_dst"),
    [
        ("Eastern", -4, None), ("ET", -4, None), ("EST", -4, False), ("EDT", -4, True), ("Central", -5, None),
        ("CST", -5, False), ("Mountain", -6, None), ("MDT", -6, True), ("Pacific", -7, None),
        ("PST", -7, False), ("UTC", 0, None), ("GMT", 0, None), ("Z", 0, None), ("BST", 1, True),
        ("CET", 2, False), ("CEST", 2, True), ("EEST", 3, True), ("JST", 9, None), ("AEST", 10, False),
        ("NZST", 12, False), ("U.S. Eastern", -4, None), ("Pacific Standard Time", -7, False),
        ("GMT-3", -3, None),
    ],
)  # fmt: skip
def test_zones_are_known_by_the_names_people_use(
    name: str, offset_in_july: int, expects_dst: bool | None
) -> None:
    """Names and abbreviations mean the place's own time, and say which season they hold in."""
    zone = find_zone(name)
    assert datetime(2026, 7, 1, tzinfo=zone.info).utcoffset() == timedelta(hours=offset_in_july)
    assert zone.expects_dst is expects_dst


def test_offsets_are_bounded_and_need_minutes_or_a_prefix() -> None:
    """`17-18` is a range of hours, not an offset."""
    assert find_zone("+05:30").info == timezone(timedelta(hours=5, minutes=30))
    assert find_zone("UTC+14").info == timezone(timedelta(hours=14))
    for text in ("-18", "+15:00", "-04:60", "UTC+99", "+", "04:00"):
        with pytest.raises(UnreadableError):
            find_zone(text)


PIECES = """
    5 33 : pm am p.m. 5:33pm 17:33 25:00 2008 2008-09-04 9/4 4 Sep Sept. September 31 Feb th , . - + – / T Z
    @ at on the about ~ ish noon midnight after before just Monday now Eastern EST EDT UTC IST +02:00
    Europe/Berlin morning in 99 00 é
"""
FRAGMENTS = st.lists(st.sampled_from(PIECES.split()), max_size=9)
TEXTS = st.one_of(st.text(max_size=200), FRAGMENTS.map(" ".join), FRAGMENTS.map("".join))
TIMES = st.none() | st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - the strategy gives it a zone
    max_value=datetime(2098, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, EASTERN, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("America/Sao_Paulo")]),
)


def read_or_refuse(text: str, **known: datetime | None) -> Moment | UnreadableError:
    """What comes of a text: a moment or the documented error; anything else is raised."""
    try:
        return read_moment(text, zone=EASTERN, **known)[0]
    except UnreadableError as error:
        return error


@settings(deadline=None)
@given(text=TEXTS, previous=TIMES, nearest_to=TIMES)
def test_no_text_raises_anything_but_the_documented_error(
    text: str, previous: datetime | None, nearest_to: datetime | None
) -> None:
    """Whatever is typed where a time belongs: it is a moment, or sentences say why not and what to do."""
    result = read_or_refuse(text, previous=previous, nearest_to=nearest_to)
    if isinstance(result, Moment):
        assert result.at.utcoffset() is not None
        assert result.written == text.strip()
    else:
        assert result.message.endswith(".")
        assert result.hint.endswith((".", "?"))


@settings(deadline=None)
@given(at=st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2098, 1, 1)))  # noqa: DTZ001
def test_what_we_write_is_read_again(at: datetime) -> None:
    """Times in ISO 8601 and in the house style come back as they were."""
    moment = at.replace(microsecond=0, tzinfo=UTC)
    assert read_moment(moment.isoformat(), zone=EASTERN)[0].at == moment
    assert read_moment(f"{moment:%b %-d %Y %-I:%M:%S%p} UTC", zone=EASTERN)[0].at == moment


def zone_or_rule(text: str) -> str:
    """The rule by which a zone is refused, or "read"."""
    try:
        return "read" if find_zone(text).info else ""
    except UnreadableError as error:
        return error.rule


@settings(deadline=None)
@given(text=TEXTS)
def test_no_zone_raises_anything_but_the_documented_error(text: str) -> None:
    """Whatever is typed where a zone belongs: it is a zone, or a sentence says why not."""
    assert zone_or_rule(text) in {"read", "unknown-zone", "ambiguous-zone"}
