"""What workers share: texts that any cache keeps, and life without the cache."""

from __future__ import annotations

import logging
import os
import pickle
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cache_servers import KINDS, Files, Server, opened, shared_kind
from cachelib import SimpleCache
from flask import Flask
from flask_caching import Cache
from mounted_site import mounted_site

from status_plugin.settings import SettingError
from status_plugin.sources import shared_cache
from status_plugin.sources.shared_cache import CacheSettingError, SharedCache, is_shared

ALONE = "each worker asks monitoring for itself until it does."
PRIVATE = "redis://:hunter2@cache.internal.example:6379/0"


class Clock:
    """A clock in seconds that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


class Faulty:
    """A cache with the faults that servers have: it refuses, hangs, or silently keeps nothing."""

    def __init__(self) -> None:
        self.fault = ""
        self.inner = SimpleCache()
        self.asked = 0
        self.mended = threading.Event()

    def __getattr__(self, name: str) -> Any:
        self.asked += 1
        if self.fault == "refuses":
            raise ConnectionError(PRIVATE)
        if self.fault == "hangs":
            self.mended.wait(30)
        if self.fault == "is silent":
            return lambda *arguments, **options: {"get": None}.get(name, False)
        return getattr(self.inner, name)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Files | Server]:
    """Every kind of cache that can be shared."""
    with shared_kind(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def faulty() -> Iterator[Faulty]:
    """A cache that works until it is told not to."""
    backend = Faulty()
    yield backend
    backend.mended.set()


def process(config: Any) -> SharedCache:
    """What one process makes of a configuration."""
    return SharedCache(lambda: opened(config))


def test_a_text_is_shared(kind: Files | Server) -> None:
    """What one process keeps another finds, whatever is in it, and as news only once."""
    one, other = process(kind.config), process(kind.config)
    assert other.news("summary") is None
    one.keep("summary", "größer als 1 MB? \U0001f642 1234", 60)
    assert other.news("summary") == "größer als 1 MB? \U0001f642 1234"
    assert other.news("summary") is None
    assert one.news("summary") is None
    other.keep("summary", "newer", 60)
    assert one.news("summary") == "newer"


def test_a_long_text_is_shared(kind: Files | Server) -> None:
    """What a site with thousands of servers hears is more than the megabyte that memcached takes at once."""
    text = "".join(f"server-{number} " for number in range(200_000))
    process(kind.config).keep("summary", text, 60)
    assert process(kind.config).news("summary") == text


def test_a_text_is_kept_for_a_month(kind: Files | Server) -> None:
    """A time of more than thirty days, which memcached takes for a date, is no trouble."""
    process(kind.config).keep("summary", "text", 40 * 86400)
    assert process(kind.config).news("summary") == "text"


@pytest.mark.parametrize(
    "garbage", [b"", b"\xff\xfe\x00", b"!\x80\x05garbage", b"0", pickle.dumps({"a": 1}), b"7" * 100_000]
)
def test_garbage_is_no_text_and_runs_nothing(kind: Files | Server, garbage: bytes, tmp_path: Path) -> None:
    """Whatever bytes lie under our name, they do no harm and are replaced by what is kept next."""
    one = process(kind.config)
    one.keep("summary", "text", 60)
    put_raw(kind, garbage)
    found = process(kind.config).news("summary")
    assert found is None or isinstance(found, str)
    one.keep("summary", "newer", 60)
    assert process(kind.config).news("summary") == "newer"


def put_raw(kind: Files | Server, value: bytes) -> None:
    """Put bytes under the name `summary`, as somebody else would who uses the cache."""
    backend: Any = opened(kind.config)
    if isinstance(kind, Files):
        path = Path(backend._get_filename("status_plugin.summary"))
        path.write_bytes(b"\x00\x00\x00\x00" + value)
    elif kind.config["CACHE_TYPE"] == "RedisCache":
        backend._write_client.set("flask_cache_status_plugin.summary", value)
    else:
        assert backend.set("status_plugin.summary", value, timeout=60)


class Planted:
    """What makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> Any:
        return (os.mkdir, (str(self.folder),))


@pytest.mark.parametrize(
    "kind", ["files", pytest.param("redis", marks=pytest.mark.system("redis"))], indirect=True
)
def test_a_planted_pickle_does_not_run(kind: Files | Server, tmp_path: Path) -> None:
    """Who can write to the cache cannot make the site run what he likes."""
    made = tmp_path / "made"
    planted = pickle.dumps(Planted(made))
    pickle.loads(planted)
    assert made.is_dir(), "it would run"
    made.rmdir()
    for value in (planted, b"!" + planted):
        put_raw(kind, value)
        process(kind.config).news("summary")
    assert not made.exists()


def test_a_cache_that_refuses(faulty: Faulty, caplog: pytest.LogCaptureFixture) -> None:
    """It is said once that it does not work and once that it does, and its address never."""
    clock = Clock()
    cache = SharedCache(lambda: faulty, clock=clock)
    cache.keep("summary", "text", 60)
    faulty.fault = "refuses"
    with caplog.at_level(logging.DEBUG):
        for _ in range(5):
            cache.keep("summary", "newer", 60)
            assert cache.news("summary") is None
            clock.now += shared_cache.PAUSE
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        faulty.fault = ""
        cache.keep("summary", "newest", 60)
        cache.keep("summary", "newest of all", 60)
    assert [record.getMessage() for record in caplog.records] == [
        f"The shared cache does not work (ConnectionError); {ALONE}",
        "The shared cache works again.",
    ]
    assert SharedCache(lambda: faulty).news("summary") == "newest of all"


def test_a_cache_that_keeps_nothing(faulty: Faulty, caplog: pytest.LogCaptureFixture) -> None:
    """Clients of memcached say nothing when their server is away; that is noticed."""
    clock = Clock()
    cache = SharedCache(lambda: faulty, clock=clock)
    faulty.fault = "is silent"
    for _ in range(3):
        assert cache.news("summary") is None
        cache.keep("summary", "text", 60)
        clock.now += shared_cache.PAUSE
    assert [record.getMessage() for record in caplog.records] == [
        f"The shared cache does not work (it keeps nothing); {ALONE}"
    ]


def test_a_cache_that_can_be_read_alone(caplog: pytest.LogCaptureFixture) -> None:
    """A full cache that still shows its old text is not taken for one that works again."""
    clock, backend = Clock(), SimpleCache()
    backend.set("status_plugin.summary", "old")
    cache = SharedCache(lambda: backend, clock=clock)
    backend.set = lambda key, value, timeout=None: False  # type: ignore[method-assign]
    for _ in range(4):
        cache.news("summary")
        cache.keep("summary", "newer", 60)
        clock.now += shared_cache.PAUSE
    assert len(caplog.records) == 1


def test_a_cache_that_hangs(
    faulty: Faulty, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One call waits for it, and for not long; until that call ends nobody waits for it again."""
    monkeypatch.setattr(shared_cache, "PATIENCE", 0.05)
    monkeypatch.setattr(shared_cache, "PAUSE", 0.0)
    cache = SharedCache(lambda: faulty)
    cache.keep("summary", "text", 60)
    faulty.fault = "hangs"
    asked = faulty.asked
    for _ in range(50):
        assert cache.news("summary") is None
        cache.keep("summary", "newer", 60)
    assert faulty.asked == asked + 1
    assert "(it does not answer in time)" in caplog.text
    faulty.fault = ""
    faulty.mended.set()
    deadline = time.monotonic() + 10
    while "works again" not in caplog.text:
        assert time.monotonic() < deadline
        cache.keep("summary", "newest", 60)


def test_nobody_waits_for_a_cache_that_just_failed(faulty: Faulty) -> None:
    """After a failure it is left alone for a while, and found again after that."""
    clock = Clock()
    cache = SharedCache(lambda: faulty, clock=clock)
    faulty.fault = "refuses"
    cache.news("summary")
    asked = faulty.asked
    clock.now += shared_cache.PAUSE - 0.1
    cache.news("summary")
    assert faulty.asked == asked
    clock.now += 0.2
    cache.news("summary")
    assert faulty.asked == asked + 1


def test_a_cache_that_breaks_down_and_comes_back(
    kind: Files | Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real ones too are missed once, and found again by themselves."""
    monkeypatch.setattr(shared_cache, "PAUSE", 0.0)
    cache = process(kind.config)
    cache.keep("summary", "text", 60)
    kind.break_down()
    for _ in range(3):
        cache.keep("summary", "newer", 60)
        cache.ask(lambda backend: backend.set("status_plugin.x", "x", timeout=1) or fail())
        assert cache.news("summary") is None
    assert "The shared cache does not work" in caplog.text
    kind.mend()
    deadline = time.monotonic() + 20
    while "works again" not in caplog.text:
        assert time.monotonic() < deadline
        cache.keep("summary", "newest", 60)
    assert process(kind.config).news("summary") == "newest"
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("status_plugin")]
    assert len(ours) == 2


def fail() -> None:
    """Raise as a client that says what is wrong."""
    raise ConnectionError


def test_a_folder_that_was_swept_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is made again, and its loss is one warning of ours instead of many of cachelib's."""
    clock = Clock()
    files = Files(tmp_path / "cache")
    cache = SharedCache(lambda: opened(files.config), clock=clock)
    cache.keep("summary", "text", 60)
    files.break_down()
    for _ in range(3):
        assert cache.news("summary") is None
        clock.now += shared_cache.PAUSE
    files.mend()
    cache.keep("summary", "newer", 60)
    shutil.rmtree(files.folder)
    assert cache.news("summary") is None
    clock.now += shared_cache.PAUSE
    cache.keep("summary", "newest", 60)
    assert process(files.config).news("summary") == "newest"
    assert [record.getMessage().partition(";")[0] for record in caplog.records] == [
        "The shared cache does not work (its folder is not there, or cannot be written to)",
        "The shared cache works again.",
    ] * 2


def test_a_process_that_is_forked_opens_its_own(tmp_path: Path) -> None:
    """Two processes never speak over one connection."""
    opened_by: list[int] = []
    cache = SharedCache(lambda: opened_by.append(os.getpid()) or SimpleCache())  # type: ignore[func-returns-value]
    cache.open()
    cache.open()
    assert opened_by == [os.getpid()]
    child = os.fork()
    if child == 0:
        cache.open()
        os._exit(len(opened_by))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2


@pytest.mark.parametrize(
    ("kind_of_cache", "shared"),
    [
        ("SimpleCache", False),
        ("flask_caching.backends.NullCache", False),
        ("FileSystemCache", True),
        ("RedisCache", True),
        ("example.caches.Ours", True),
    ],
)
def test_what_other_processes_see(kind_of_cache: str, shared: bool) -> None:
    """Memory of one process reaches no other."""
    assert is_shared(kind_of_cache) is shared


def test_without_a_cache_nothing_is_asked() -> None:
    """A process with only its own memory has nothing to share."""
    cache = SharedCache(None)
    cache.open()
    cache.keep("summary", "text", 60)
    assert cache.news("summary") is None
    assert cache.is_shared is False


class TestOpening:
    """A cache that cannot work stops the start; one that is away does not."""

    @pytest.mark.parametrize(
        ("config", "words"),
        [
            ({"CACHE_TYPE": "RedisKache"}, "there is no CACHE_TYPE 'RedisKache' in Flask-Caching"),
            ({"CACHE_TYPE": "Memory"}, "there is no CACHE_TYPE 'Memory' in Flask-Caching"),
            ({"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": PRIVATE[8:]}, "(ValueError)"),
            ({"CACHE_TYPE": "RedisCache", "CACHE_OPTIONS": "password=hunter2"}, "(TypeError)"),
            (
                {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": "x", "CACHE_OPTIONS": {"password": "hunter2"}},
                "needs a folder, and no other options than its own",
            ),
        ],
    )
    def test_a_mistake_stops_the_start(
        self, config: dict[str, Any], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The error names the key and what to do, and repeats nothing that may be a password."""
        monkeypatch.chdir(tmp_path)
        with pytest.raises(SettingError) as error:
            mounted_site(tmp_path, STATUS_CACHE=config)
        assert str(error.value).startswith("STATUS_CACHE: ")
        assert words in str(error.value)
        told: BaseException | None = error.value
        while told is not None:
            assert "hunter2" not in str(told)
            told = told.__cause__ or told.__context__

    def test_a_missing_library(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It says what to install."""
        monkeypatch.setitem(__import__("sys").modules, "redis", None)
        with pytest.raises(CacheSettingError) as error:
            opened({"CACHE_TYPE": "RedisCache"})
        assert "pip install 'status-plugin[redis]'" in str(error.value)

    def test_a_cache_that_is_away_does_not(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        """A folder that cannot be made is a warning, and the page is there."""
        (tmp_path / "cache").write_text("")
        config = {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(tmp_path / "cache" / "status")}
        site = mounted_site(tmp_path, STATUS_CACHE=config)
        assert site.board()["overall"]["text"]
        assert "The shared cache does not work (NotADirectoryError)" in caplog.text

    def test_the_options_of_the_sites_own_cache_are_not_for_ours(self, tmp_path: Path) -> None:
        """A site whose cache takes options of its own can have another kind for the status page."""
        config = {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(tmp_path / "cache")}
        mounted_site(tmp_path, STATUS_CACHE=config, CACHE_OPTIONS={"socket_timeout": 3}, CACHE_ARGS=[1])
        assert (tmp_path / "cache").is_dir()

    def test_a_watch_that_is_somebody_else(self, tmp_path: Path) -> None:
        """What one user writes another can read: a look as root does not lock the site out."""
        process(Files(tmp_path / "cache").config).keep("summary", "text", 60)
        modes = [path.stat().st_mode & 0o777 for path in (tmp_path / "cache").iterdir()]
        assert modes
        assert set(modes) == {0o644}

    def test_the_sites_own_cache(self, tmp_path: Path) -> None:
        """It is used when it is passed, and must be ready by then."""
        from status_plugin import StatusPlugin

        app = Flask("own", root_path=str(tmp_path))
        (tmp_path / "content").mkdir()
        app.config.update(STATUS_TIMEZONE="UTC", STATUS_MONITOR=[])
        cache = Cache(config={"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(tmp_path / "cache")})
        with pytest.raises(SettingError, match="is not initialised"):
            StatusPlugin(app, cache=cache)
        cache.init_app(app)
        StatusPlugin(app, cache=cache)
        shared = app.extensions["status_plugin"].shared
        shared.keep("summary", "text", 60)
        assert cache.get("status_plugin.summary") == "text"
