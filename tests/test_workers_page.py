"""docs/workers.md says what the code does, and its examples work."""

from __future__ import annotations

import configparser
import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cache_servers import opened
from cachelib import FileSystemCache, MemcachedCache, RedisCache
from mounted_site import mounted_site

from status_plugin.core.monitoring.memory import Known, Memory
from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State
from status_plugin.settings import SETTINGS
from status_plugin.sources import cache_opening, shared_cache, summary_cache
from status_plugin.sources.monitors import SourceTerms
from status_plugin.sources.shared_cache import SharedCache, is_shared
from status_plugin.sources.summary_cache import SummaryCache
from status_plugin.sources.summary_text import Snapshot, snapshot_text
from status_plugin.web import renewals

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "workers.md").read_text("utf-8")
WORDS = " ".join(PAGE.split())
KINDS = dict(re.findall(r"^\| `(\w+Cache)`(?: \(default\))? \| (.+?) \|", PAGE, re.MULTILINE))


def examples() -> list[dict[str, Any]]:
    """Every STATUS_CACHE on the page."""
    found = []
    for snippet in re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        config: dict[str, Any] = {}
        exec(snippet, {}, config)
        found.append(config["STATUS_CACHE"])
    return found


def test_every_example_opens(tmp_path: Path) -> None:
    """Each configuration is accepted by Flask-Caching, and stands for the kind that it names."""
    kinds = []
    for config in examples():
        if "CACHE_DIR" in config:
            config |= {"CACHE_DIR": str(tmp_path / "cache")}
        kinds.append(opened(config))
    wanted = [FileSystemCache, RedisCache, MemcachedCache]
    assert all(isinstance(kind, want) for kind, want in zip(kinds, wanted, strict=True))
    assert [config["CACHE_TYPE"] for config in examples()] == list(KINDS)[1:]


def test_what_each_kind_is_for() -> None:
    """Only what reaches other processes is for several workers, and the default is the setting's."""
    assert {kind: "several workers" in purpose for kind, purpose in KINDS.items()} == {
        kind: is_shared(kind) for kind in KINDS
    }
    default = next(setting.default for setting in SETTINGS if setting.name == "CACHE")
    assert f"`{default['CACHE_TYPE']}` (default)" in PAGE


def test_what_to_install() -> None:
    """The extras on the page are there, and bring what the error at the start asks for."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = re.findall(r"status-plugin\[(\w+)\]", PAGE)
    assert extras == list(cache_opening._EXTRAS.values())
    assert set(extras) <= set(setup["options.extras_require"])


def test_figures(tmp_path: Path) -> None:
    """The figures on the page are those that count."""
    assert f"A Redis has {cache_opening.SOCKET_SECONDS} second for a connection" in WORDS
    assert f"left alone for {shared_cache.PAUSE:.0f} seconds at a time" in WORDS
    assert timedelta(seconds=1) == renewals.FIRST_SUMMARY_WAIT
    assert "a second at most" in WORDS
    for seconds, longest in ((5, 16), (7, 20)):
        terms = SourceTerms(timeout=timedelta(seconds=seconds))
        cache = SummaryCache({}, SharedCache(None), ttl=timedelta(seconds=30), terms=terms)
        assert cache._turn._seconds["asking"] == longest == 2 * seconds + 6
    assert (
        "`STATUS_MONITOR_TIMEOUT` of 5 seconds it lasts at most 16 (twice the time, and 6 seconds)" in WORDS
    )
    assert summary_cache.EARLY < 1, "the watch comes before the workers"


def test_what_fits_into_a_megabyte() -> None:
    """Of so many servers as the page says, all that is shared is shorter than that."""
    now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    seen = Observation(state=State.OPERATIONAL, fresh_until=now, since=now)
    known = Known(state=State.OPERATIONAL, since=now)
    names, checks = [f"server-{number}" for number in range(500)], [f"Check {number}" for number in range(5)]
    servers = {name: Seen(host=seen, checks=dict.fromkeys(checks, seen)) for name in names}
    keys = [(name,) for name in names] + [(name, check) for name in names for check in checks]
    reading = Reading(written_at=now, fresh_until=now, components=servers)
    snapshot = Snapshot(readings={"nagios": reading}, memory=Memory(known=dict.fromkeys(keys, known)))
    assert 500_000 < len(snapshot_text(snapshot)) < 1_000_000
    assert "a megabyte, which is what monitoring says of some 500 servers with five checks each" in WORDS


def test_what_is_said(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines of the log are those that are shown."""
    monkeypatch.setattr(shared_cache, "PAUSE", 0.0)
    answers = iter([ConnectionError(), "text"])

    class Backend:
        """A cache that fails once."""

        def get(self, key: str) -> str:
            """A failure, then a text."""
            answer = next(answers)
            if isinstance(answer, Exception):
                raise answer
            return answer

    cache = SharedCache(Backend)  # type: ignore[arg-type]
    with caplog.at_level(logging.INFO):
        cache.news("summary")
        cache.news("summary")
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2
    assert re.findall(r"^    (The shared cache .*)$", PAGE, re.MULTILINE) == lines


def test_what_stops_the_watch(tmp_path: Path) -> None:
    """It refuses where nothing is shared, as the page says, and names a cache that would do."""
    for kind in ("SimpleCache", "NullCache"):
        site = mounted_site(tmp_path, STATUS_CACHE={"CACHE_TYPE": kind})
        result = site.app.test_cli_runner().invoke(args=["status", "watch"])
        assert result.exit_code == 1
        assert "FileSystemCache" in result.output
    assert "`flask status watch` refuses to start. `NullCache` is no better." in WORDS


def test_where_it_is_linked() -> None:
    """Readers of the other pages find it, and its own link leads somewhere."""
    for page in ("README.md", "docs/monitoring.md", "docs/settings.md"):
        assert "workers.md)" in (ROOT / page).read_text("utf-8")
    assert "## Asking without visitors" in (ROOT / "docs" / "monitoring.md").read_text("utf-8")
