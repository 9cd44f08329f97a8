"""Lengths of time as people write them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.spans import read_duration, read_span

SPANS = [
    ("under 30 min", 30),
    ("less than 30 minutes", 30),
    ("15-20 min", 20),
    ("15 – 20 minutes", 20),
    ("15 to 20 minutes", 20),
    ("between 15 and 20 minutes", 20),
    ("no longer than 15 – 20 minutes", 20),
    ("up to 1 hour", 60),
    ("1-2 hours", 120),
    ("1h-1h30", 90),
    ("about 20 min.", 20),
    ("half an hour", 30),
    ("twenty minutes", 20),
    ("1 hour, 30 min", 90),
    ("1½ hours", 90),
    ("approximately 5 minutes per server, one after the other", 5),
    ("at least 30 min, at most 2 hours", 120),
    ("no more than an hour", 60),
    ("45 seconds", 0.75),
    ("none", 0),
    ("No downtime expected.", 0),
    ("a few seconds", None),
    ("a moment or two", None),
    ("a minute or two", None),
    ("an hour and a half", None),
    ("measured in seconds", None),
    ("at least 30 min", None),
    ("more than an hour", None),
    ("30+ minutes", None),
    ("2 restarts of 3 servers", None),
    ("until 5pm", None),
    ("9999 weeks", None),
    ("", None),
]

DURATIONS = [
    ("2h", 120),
    ("2 h", 120),
    ("2 hours", 120),
    ("90 min", 90),
    ("90m", 90),
    ("90 minutes", 90),
    ("1 hour 30 minutes", 90),
    ("1 hour and 30 minutes", 90),
    ("1h30", 90),
    ("1h 30min", 90),
    ("1h30m", 90),
    ("1.5h", 90),
    ("1,5 hours", 90),
    ("half an hour", 30),
    ("an hour", 60),
    ("2 days", 2880),
    ("1 week", 10080),
    ("1 d 2 h", 1560),
    ("TWO HOURS", 120),
    ("30 s", 0.5),
]

NO_DURATIONS = [
    ("", "unreadable-duration"),
    ("soon", "unreadable-duration"),
    ("1:30", "unreadable-duration"),
    ("90", "unreadable-duration"),
    ("-5 min", "unreadable-duration"),
    ("15-20 min", "unreadable-duration"),
    ("about 2 hours", "unreadable-duration"),
    ("2 hours 3 hours", "unreadable-duration"),
    ("5 servers", "unreadable-duration"),
    ("30+ min", "unreadable-duration"),
    ("0 min", "impossible-duration"),
    ("0h", "impossible-duration"),
    ("999999 weeks", "impossible-duration"),
]


@pytest.mark.parametrize(("text", "minutes"), SPANS)
def test_a_span_is_read_in_anybodys_words(text: str, minutes: float | None) -> None:
    """The longest time that the words promise is found; words without a limit give none."""
    span = read_span(text)
    assert span.longest == (None if minutes is None else timedelta(minutes=minutes))
    assert span.written == text


@pytest.mark.parametrize(("text", "minutes"), DURATIONS)
def test_a_duration_is_read(text: str, minutes: float) -> None:
    """The ways in which people write an exact length of time are understood."""
    assert read_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(("text", "rule"), NO_DURATIONS)
def test_what_is_no_duration_says_what_to_write(text: str, rule: str) -> None:
    """A length that is not exact, not above zero or not a length is refused with an example."""
    with pytest.raises(UnreadableError) as caught:
        read_duration(text)
    assert caught.value.rule == rule
    assert "min" in caught.value.hint


def test_a_bare_number_is_shown_with_its_units() -> None:
    """Whoever writes `90` is asked: minutes or hours?"""
    with pytest.raises(UnreadableError) as caught:
        read_duration("90")
    assert caught.value.hint == "Write '90 min' or '90h'."


PIECES = "1 15 20 30 999999 0 ½ , . - – + : h m s min hours and a an half at least under to none é"
WORDS = st.lists(st.sampled_from(PIECES.split()), max_size=9)
TEXTS = st.one_of(st.text(), WORDS.map(" ".join), WORDS.map("".join))


def duration_or_rule(text: str) -> timedelta | str:
    """The length of time, or the rule by which it is refused; anything else is raised."""
    try:
        return read_duration(text)
    except UnreadableError as error:
        return error.rule


@settings(deadline=None)
@given(text=TEXTS)
def test_no_text_raises_anything_but_the_documented_error(text: str) -> None:
    """Whatever is typed where a length of time belongs, nothing else comes of it."""
    assert read_span(text).written == text.strip()
    length = duration_or_rule(text)
    if isinstance(length, timedelta):
        assert timedelta() < length <= timedelta(days=366)
    else:
        assert length in {"unreadable-duration", "impossible-duration"}


@settings(deadline=None)
@given(hours=st.integers(0, 99), minutes=st.integers(0, 59))
def test_hours_and_minutes_add_up(hours: int, minutes: int) -> None:
    """Every length of hours and minutes above zero comes back as it was written."""
    length = timedelta(hours=hours, minutes=minutes)
    if length:
        assert read_duration(f"{hours}h {minutes}min") == length
        assert read_duration(f"{hours} hours and {minutes} minutes") == length
