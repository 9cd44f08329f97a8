"""Times as visitors read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from status_plugin.core.times.moments import Moment
from status_plugin.web.times import Times, duration_text, vague_text

NEW_YORK = ZoneInfo("America/New_York")
TIMES = Times(zone=NEW_YORK, now=datetime(2008, 9, 4, 21, 52, tzinfo=UTC))


def exact(text: str, zone: ZoneInfo = NEW_YORK) -> Moment:
    """A time that was written exactly."""
    return Moment(at=datetime.fromisoformat(text).replace(tzinfo=zone), written=text)


def vague(text: str, written: str, zone: ZoneInfo = NEW_YORK) -> Moment:
    """A time that was written vaguely."""
    return Moment(at=datetime.fromisoformat(text).replace(tzinfo=zone), written=written, exact=False)


def test_a_time_is_told_in_the_sites_zone_with_its_name() -> None:
    """Whatever zone a time comes in, the visitor reads the site's, by name and with the day."""
    assert TIMES.full(datetime(2008, 9, 4, 21, 33, tzinfo=UTC)) == "Thu 4 Sep 2008, 17:33 EDT"
    assert TIMES.full(datetime(2008, 12, 4, 22, 33, tzinfo=UTC)) == "Thu 4 Dec 2008, 17:33 EST"


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2008-09-04T17:33", "17:33 EDT"),
        ("2008-09-04T00:00", "00:00 EDT"),
        ("2008-09-03T23:59", "Wed 3 Sep, 23:59 EDT"),
        ("2008-09-05T00:00", "Fri 5 Sep, 00:00 EDT"),
        ("2007-09-04T17:33", "Tue 4 Sep 2007, 17:33 EDT"),
    ],
)
def test_the_short_form_leaves_out_only_what_the_page_says(at: str, text: str) -> None:
    """The day is left out only on that very day, the year only in that very year."""
    assert TIMES.short(exact(at).at) == text


def test_a_zone_without_a_name_is_told_by_its_distance() -> None:
    """ "-03" beside a clock time is no zone that anybody recognises."""
    sao_paulo = Times(zone=ZoneInfo("America/Sao_Paulo"), now=TIMES.now)
    assert sao_paulo.clock(TIMES.now) == "18:52 UTC−03"
    assert (
        Times(zone=timezone(timedelta(hours=5, minutes=30)), now=TIMES.now)
        .clock(TIMES.now)
        .endswith("UTC+05:30")
    )


def test_the_doubled_hour_is_told_apart_by_its_zone() -> None:
    """In the night the clocks go back, 01:30 comes twice and has two names."""
    first, second = datetime(2008, 11, 2, 5, 30, tzinfo=UTC), datetime(2008, 11, 2, 6, 30, tzinfo=UTC)
    assert (TIMES.clock(first), TIMES.clock(second)) == ("01:30 EDT", "01:30 EST")


def test_a_window_of_one_day_names_the_day_once() -> None:
    """A window inside a day reads as people say it."""
    span = TIMES.span(exact("2008-09-04T17:00"), exact("2008-09-04T19:00")).striptags()
    assert span == "Thu 4 Sep 2008, 17:00 to 19:00 EDT"


def test_a_window_over_midnight_names_both_days() -> None:
    """Nobody has to guess on which side of midnight a window ends."""
    span = TIMES.span(exact("2008-09-13T23:30"), exact("2008-09-14T01:00")).striptags()
    assert span == "Sat 13 Sep 2008, 23:30 EDT to Sun 14 Sep 2008, 01:00 EDT"


def test_a_window_over_the_change_of_clocks_names_both_zones() -> None:
    """In the night of the change both ends have their own zone."""
    end = Moment(at=datetime(2008, 11, 2, 8, 0, tzinfo=UTC), written="3am")
    span = TIMES.span(exact("2008-11-02T00:30"), end).striptags()
    assert span == "Sun 2 Nov 2008, 00:30 EDT to Sun 2 Nov 2008, 03:00 EST"


def test_a_window_written_elsewhere_is_told_in_the_sites_zone() -> None:
    """4 to 6pm in Dallas is 17:00 to 19:00 for a site in New York."""
    dallas = ZoneInfo("America/Chicago")
    span = TIMES.span(exact("2008-09-04T16:00", dallas), exact("2008-09-04T18:00", dallas)).striptags()
    assert span == "Thu 4 Sep 2008, 17:00 to 19:00 EDT"


def test_a_window_that_nobody_knows_the_end_of_says_so() -> None:
    """An end that could not be read is not invented."""
    assert (
        TIMES.span(exact("2008-09-04T17:00"), None).striptags() == "Thu 4 Sep 2008, 17:00 EDT, end not known"
    )


def test_a_day_that_alone_is_known_is_named_once() -> None:
    """What began and ended on "August 29, 2008" was on that day."""
    day = vague("2008-08-29T00:00", "August 29, 2008")
    assert TIMES.span(day, day).striptags() == "August 29, 2008"
    assert TIMES.span(None, None) == "not known"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("September 3, 2008, about 6pm Eastern", "September 3, 2008, about 6pm Eastern"),
        ("2008-09-03", "2008-09-03"),
        ("about 6pm", "about 6pm (Wed 3 Sep 2008, EDT)"),
        ("about 6pm Eastern", "about 6pm Eastern (Wed 3 Sep 2008)"),
        ("about 6pm EDT on Sep 3", "about 6pm EDT on Sep 3"),
        ("just after midnight", "just after midnight (Wed 3 Sep 2008)"),
        ("Sep 3, around 18:00", "Sep 3, around 18:00 (EDT)"),
        ("Sep 3, around 18:00 America/New_York", "Sep 3, around 18:00 America/New_York"),
    ],
)
def test_a_vague_time_stays_as_written(written: str, text: str) -> None:
    """The writer's words stand, with the day or the zone behind them where the words name none."""
    moment = vague("2008-09-03T18:00", written)
    assert vague_text(moment) == text
    assert TIMES.tag(moment) == f'<time datetime="2008-09-03">{text}</time>'


def test_an_exact_time_is_an_element_that_programs_read() -> None:
    """Programs get the offset and the seconds."""
    tag = TIMES.tag(exact("2008-09-04T17:33"), short=True)
    assert tag == '<time datetime="2008-09-04T17:33:00-04:00">17:33 EDT</time>'


def test_a_time_that_nobody_knows_is_no_time() -> None:
    """An unknown time is words, not an element with an empty date."""
    assert TIMES.tag(None) == TIMES.text(None) == "not known"


def test_a_vague_time_is_escaped() -> None:
    """What staff typed is text."""
    assert "<b>" not in TIMES.tag(vague("2008-09-03T18:00", "<b>about</b> Sep 3"))


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=1, minutes=12), "1 h 12 min"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=3, hours=4, minutes=59), "3 days 4 h"),
    ],
)
def test_a_length_of_time_is_told_in_its_two_largest_units(length: timedelta, text: str) -> None:
    """Nobody needs the minutes of an outage of three days."""
    assert duration_text(length) == text


@pytest.mark.parametrize(
    ("day", "text"), [("2026-03-08", "3 h"), ("2026-07-05", "4 h"), ("2026-11-01", "5 h")]
)
def test_a_length_is_real_time_in_the_nights_in_which_the_clocks_change(day: str, text: str) -> None:
    """From midnight to 4am are three hours in spring, five in autumn, whoever names the two times."""
    begin, end = exact(f"{day}T00:00"), exact(f"{day}T04:00")
    assert TIMES.length(begin, end) == text
    assert TIMES.length(begin.local, end.local) == text


def test_a_length_needs_two_exact_ends() -> None:
    """From a vague time no length is computed."""
    begin = exact("2008-09-04T17:00")
    assert TIMES.length(begin, exact("2008-09-04T18:12")) == "1 h 12 min"
    assert TIMES.length(vague("2008-09-04T17:00", "about 5pm"), exact("2008-09-04T18:12")) == ""
    assert TIMES.length(begin, None) == ""
    assert TIMES.length(exact("2008-09-04T18:12"), begin) == ""
