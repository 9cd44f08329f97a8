"""The door of monitoring: built-in sources and strangers' are opened and held to the same promises."""

from __future__ import annotations

import configparser
import traceback
from datetime import UTC, datetime, timedelta
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, ClassVar

import pytest

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State
from status_plugin.sources import monitors
from status_plugin.sources.monitor_map import read_monitor_map
from status_plugin.sources.monitors import (
    BUILT_IN,
    GROUP,
    MonitorSettingError,
    Source,
    SourceError,
    SourceTerms,
    open_sources,
)

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
TERMS = SourceTerms(max_age=timedelta(seconds=300))
MAP = read_monitor_map(
    {
        "srv3": {
            "stranger": {"checks": {"Web": "secret"}},
            "nagios": {"host": "a"},
            "probe": {"host": "tcp://a:1"},
        }
    }
)


class Stranger:
    """A source that somebody else has written: it gives or raises what a test says."""

    gives: ClassVar[Any] = None
    opened_with: ClassVar[tuple[Any, ...]] = ()

    def read(self, now: datetime) -> Reading:
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives  # type: ignore[no-any-return]


def open_stranger(*arguments: Any) -> Stranger:
    """The entry point of the stranger's package."""
    Stranger.opened_with = arguments
    return Stranger()


def install(monkeypatch: pytest.MonkeyPatch, *doors: EntryPoint) -> None:
    """Let these be the entry points of installed packages."""
    monkeypatch.setattr(monitors, "entry_points", lambda *, group: doors if group == GROUP else ())


def stranger_that(monkeypatch: pytest.MonkeyPatch, gives: object) -> Source:
    """A stranger's source behind the door."""
    install(monkeypatch, EntryPoint("stranger", "test_monitors:open_stranger", GROUP))
    monkeypatch.setattr(Stranger, "gives", gives)
    return open_sources("stranger:", MAP, TERMS)["stranger"]


def test_built_in_monitors_are_installed_by_the_same_door() -> None:
    """What a plain checkout knows is what setup.cfg installs."""
    setup = configparser.ConfigParser()
    setup.read(Path(__file__).parents[1] / "setup.cfg", encoding="utf-8")
    installed = dict(line.split(" = ") for line in setup["options.entry_points"][GROUP].strip().splitlines())
    assert installed == BUILT_IN


@pytest.mark.parametrize("is_installed", [True, False])
def test_built_in_monitors_open(monkeypatch: pytest.MonkeyPatch, is_installed: bool) -> None:
    """They open whether the plugin is installed or lies there as a plain checkout."""
    doors = [EntryPoint(kind, value, GROUP) for kind, value in BUILT_IN.items()] if is_installed else []
    install(monkeypatch, *doors)
    assert list(open_sources(["probe:", "nagios:/status.dat"], MAP, TERMS)) == ["probe", "nagios"]


def test_stranger_gets_its_name_its_entries_and_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A source is told all of its address, of the map what is meant for it, and how long it may take."""
    install(monkeypatch, EntryPoint("stranger", "test_monitors:open_stranger", GROUP))
    name = "Stranger+https://user:pass@host/"
    assert list(open_sources([name], MAP, TERMS)) == ["stranger"]
    assert Stranger.opened_with == (name, MAP.entries("stranger"), TERMS)


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        ("nagois:/var/secret", r"Did you mean 'nagios'\? Write it like 'nagios:/var/lib"),
        ("x9+https://user:secret@host", "Known are: .*nagios, .*probe"),
        ("secret", "A monitor is a kind, a colon and an address"),
        (["probe:", "PROBE:"], "'probe:' is there twice"),
    ],
)
def test_setting_that_opens_nothing(names: str | list[str], complaint: str) -> None:
    """A wrong value is an error with a good example, and is not repeated: it may hold a password."""
    with pytest.raises(MonitorSettingError, match=complaint) as failure:
        open_sources(names, MAP, TERMS)
    assert "secret" not in str(failure.value)


def test_no_monitor_is_none() -> None:
    """A site without monitoring lives by its notes."""
    assert open_sources([], MAP, TERMS) == {}


def test_two_packages_with_one_name_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody takes the place of another source unseen."""
    install(monkeypatch, EntryPoint("nagios", "test_monitors:open_stranger", GROUP))
    with pytest.raises(MonitorSettingError, match="Two installed packages bring a monitor called 'nagios'"):
        open_sources("nagios:/status.dat", MAP, TERMS)


class TestPromises:
    """What the door holds every source to."""

    FINE = Observation(state=State.OPERATIONAL, fresh_until=NOW)

    def reading(self, **fields: Any) -> Reading:
        """A reading as it should be, but for the fields given."""
        seen = Seen(host=self.FINE, checks={"Web": self.FINE})
        usual = {"written_at": NOW, "fresh_until": NOW, "components": {"srv3": seen}}
        return Reading(**usual | fields)

    def test_reading_goes_through(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A good reading is handed on as it is."""
        assert stranger_that(monkeypatch, self.reading()).read(NOW) == self.reading()

    def test_only_what_the_map_names(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A source that speaks of more than it was asked is not heard on that."""
        seen = Seen(host=self.FINE, checks={"Web": self.FINE, "secret": self.FINE})
        chatty = self.reading(components={"srv3": seen, "secret": seen})
        assert stranger_that(monkeypatch, chatty).read(NOW) == self.reading()

    def test_never_from_the_future(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing is written later than now, nor fresh for longer than is allowed."""
        later = NOW + timedelta(days=1)
        reading = stranger_that(monkeypatch, self.reading(written_at=later, fresh_until=later)).read(NOW)
        assert (reading.written_at, reading.fresh_until) == (NOW, NOW + TERMS.max_age)

    def test_known_failure_goes_through(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A source that explains itself is heard."""
        with pytest.raises(SourceError, match="The monitor sleeps"):
            stranger_that(monkeypatch, SourceError("The monitor sleeps")).read(NOW)

    @pytest.mark.parametrize("gives", [ValueError("secret"), KeyError("secret"), "secret", None])
    def test_any_other_failure_tells_nothing(self, monkeypatch: pytest.MonkeyPatch, gives: object) -> None:
        """An exception or an answer of any other kind may quote raw data; only its detail does."""
        with pytest.raises(SourceError) as failure:
            stranger_that(monkeypatch, gives).read(NOW)
        assert "secret" not in "".join(traceback.format_exception(failure.value, chain=True))
        assert failure.value.detail


def test_total_time_of_a_reading() -> None:
    """A reading may ask twice and a little more."""
    assert SourceTerms(timeout=timedelta(seconds=5)).total == timedelta(seconds=11)
