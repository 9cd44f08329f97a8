"""All sources are asked at once, and none keeps the others, or the page, waiting."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from status_plugin.core.monitoring.summary import Reading
from status_plugin.sources.inquiry import Inquiry
from status_plugin.sources.monitors import SourceError

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NOTHING = Reading(written_at=NOON, fresh_until=NOON + timedelta(minutes=5))


@dataclass
class Slow:
    """A source that keeps no time: it answers when its gate is open, or fails then."""

    gate: threading.Event = field(default_factory=threading.Event)
    error: str = ""
    asked: int = 0

    def read(self, now: datetime) -> Reading:
        """Nothing of note, once the gate is open."""
        self.asked += 1
        self.gate.wait(30)
        if self.error:
            raise SourceError(self.error, "db7.internal.example:5665")
        return NOTHING


@pytest.fixture
def slow() -> Iterator[Slow]:
    """A source that hangs until it is told not to."""
    source = Slow()
    yield source
    source.gate.set()


@pytest.fixture
def quick() -> Slow:
    """A source that answers at once."""
    source = Slow()
    source.gate.set()
    return source


def eventually_asked(inquiry: Inquiry, name: str) -> dict[str, Reading]:
    """What is heard as soon as this source is heard again."""
    deadline = time.monotonic() + 10
    while name not in (readings := inquiry.readings(NOON)):
        assert time.monotonic() < deadline
    return readings


def test_one_that_hangs_does_not_cost_the_others(
    slow: Slow, quick: Slow, caplog: pytest.LogCaptureFixture
) -> None:
    """The others are heard in time; the one that hangs is named once, and not asked on top of that."""
    inquiry = Inquiry({"slow": slow, "quick": quick}, timedelta(seconds=0.1))
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            assert inquiry.readings(NOON) == {"quick": NOTHING}
        assert (slow.asked, quick.asked) == (1, 3)
        assert [record.getMessage() for record in caplog.records] == [
            "Monitoring source slow: It does not answer in time; its last good word stands until it ages."
        ]
        slow.gate.set()
        assert eventually_asked(inquiry, "slow") == {"slow": NOTHING, "quick": NOTHING}
    assert slow.asked == 2, "its late answer is not taken for one of now"
    assert caplog.records[-1].getMessage() == "Monitoring source slow can be read again."


def test_a_failure_is_said_once(quick: Slow, caplog: pytest.LogCaptureFixture) -> None:
    """A source that cannot be read is named once, without its private detail, and again when it can be."""
    inquiry = Inquiry({"quick": quick}, timedelta(seconds=5))
    with caplog.at_level(logging.INFO):
        for quick.error in ("", "It refuses", "It refuses", ""):
            inquiry.readings(NOON)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "db7" not in caplog.text


def test_many_that_hang_cost_the_patience_of_one(slow: Slow) -> None:
    """Twenty dead monitors are waited for together."""
    begun = time.monotonic()
    assert Inquiry({str(number): slow for number in range(20)}, timedelta(seconds=0.2)).readings(NOON) == {}
    assert time.monotonic() - begun < 3
    assert slow.asked == 20
