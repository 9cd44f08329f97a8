"""What workers share: texts, locks that end by themselves, and life without the cache."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from cachelib import FileSystemCache, SimpleCache

from status_plugin.sources.shared_cache import SharedCache


class Broken:
    """A cache server that refuses while `down`."""

    def __init__(self) -> None:
        self.down = True
        self.inner = SimpleCache()

    def __getattr__(self, name: str) -> Any:
        if self.down:
            raise ConnectionError("redis://:hunter2@cache.example refused")
        return getattr(self.inner, name)


@pytest.fixture(params=["memory", "files"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Every backend that needs no server."""
    return SimpleCache() if request.param == "memory" else FileSystemCache(str(tmp_path))


def test_a_text_is_shared(backend: Any) -> None:
    """What one worker keeps another finds."""
    SharedCache(backend).set("summary", "text", 60)
    assert SharedCache(backend).get("summary") == "text"
    assert SharedCache(backend).get("other") is None


def test_what_is_no_text_is_ignored(backend: Any) -> None:
    """Whatever else lies under the name is not taken for ours."""
    backend.set("status_plugin.summary", {"pickled": True})
    assert SharedCache(backend).get("summary") is None


def test_one_lock_at_a_time(backend: Any) -> None:
    """Only one worker holds the lock; given back, it can be taken again."""
    one, other = SharedCache(backend), SharedCache(backend)
    key = one.lock("lock", 60)
    assert key is not None
    assert other.lock("lock", 60) is None
    other.unlock("lock", "not the key")
    assert other.lock("lock", 60) is None
    one.unlock("lock", key)
    assert other.lock("lock", 60) is not None


def test_a_lock_outlives_its_holder_only_for_its_time(backend: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A holder that died holds nobody up for longer than the lock's time."""
    assert SharedCache(backend).lock("lock", 20) is not None
    assert SharedCache(backend).lock("lock", 20) is None
    clock = __import__("time").time
    monkeypatch.setattr("time.time", lambda: clock() + 21)
    monkeypatch.setattr("cachelib.base.time", lambda: clock() + 21, raising=False)
    monkeypatch.setattr("cachelib.simple.time", lambda: clock() + 21, raising=False)
    monkeypatch.setattr("cachelib.file.time", lambda: clock() + 21, raising=False)
    assert SharedCache(backend).lock("lock", 20) is not None


def test_life_without_the_cache(caplog: pytest.LogCaptureFixture) -> None:
    """While the cache fails each worker goes on alone; it is said once, and without the address."""
    backend = Broken()
    cache = SharedCache(backend)
    with caplog.at_level(logging.INFO):
        cache.set("summary", "text", 60)
        assert cache.get("summary") == "text"
        assert cache.lock("lock", 60) is not None
        assert len(caplog.records) == 1
        backend.down = False
        cache.set("summary", "newer", 60)
        backend.inner.get("status_plugin.summary")
        assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert backend.inner.get("status_plugin.summary") == "newer"
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize(("kind", "shared"), [(SimpleCache, False), (FileSystemCache, True)])
def test_what_other_processes_see(kind: Any, shared: bool, tmp_path: Path) -> None:
    """Memory of one process reaches no other."""
    backend = kind(str(tmp_path)) if kind is FileSystemCache else kind()
    assert SharedCache(backend).is_shared is shared
