"""Addresses of sources that ask by HTTP, and where their passwords may stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from error_reports import frames_of
from mounted_site import mounted_site

from status_plugin.settings import SettingError
from status_plugin.sources.monitors import MonitorSettingError
from status_plugin.sources.monitors.http_address import HttpAddress, read_http_address
from status_plugin.web.state import EXTENSION_KEY

EXAMPLE = "nagios+https://monitor.example.net/nagios4/cgi-bin/"


def read(name: str) -> HttpAddress:
    """The address in a source's name."""
    return read_http_address(name, EXAMPLE)


@pytest.mark.parametrize(
    ("name", "url", "query"),
    [
        ("nagios+https://monitor.example.net", "https://monitor.example.net:443/", ""),
        ("json:http://monitor.example.net:81/a?b=c&d", "http://monitor.example.net:81/a", "b=c&d"),
        (" Prometheus+HTTP://Monitor.example:9090/prom/ ", "http://monitor.example:9090/prom/", ""),
        ("x-1.y+https://[::1]:5665/v1", "https://[::1]:5665/v1", ""),
        ("icinga2+https://büro.example/ü%20?ä", "https://xn--bro-hoa.example:443/%C3%BC%20", "%C3%A4"),
        ("a+http://user@with@host/b", "http://host:80/b", ""),
    ],
)
def test_address(name: str, url: str, query: str) -> None:
    """Scheme, host, port and path are read as everywhere, the kind before them is not looked at."""
    address = read(name)
    assert (address.url, address.query) == (url, query)


def test_place_below_an_address() -> None:
    """A path goes below the address's own, whether that ends in a slash or not."""
    for end in ("", "/"):
        address = read(f"nagios+https://host/nagios4/cgi-bin{end}")
        assert address.below("status json.cgi") == "/nagios4/cgi-bin/status%20json.cgi"
    assert read("nagios+https://host/cgi").below("") == "/cgi"
    assert read("nagios+https://host").below("/v1") == "/v1"


@pytest.mark.parametrize(
    "name",
    [
        "nagios+https://",
        "nagios+https:///secret",
        "nagios+https://user:secret@",
        "nagios+https://secret:port/",
        "nagios+https://secret:0/",
        "nagios+https://secret:99999/",
        "nagios+https://secret host/",
        "nagios+https://host/secret path",
        "nagios+https://host/#secret",
        "nagios+https://[secret/",
        "nagios+https://.secret./",
        "nagios+https://a..secret/",
        "nagios+ftp://secret/",
        "nagios+secret",
        "https://user:secret@host/",
        "nagios+https://user:${A@secret/",
    ],
)
def test_what_is_no_address(name: str) -> None:
    """What cannot be an address is refused with an example and not repeated: it may hold a password."""
    with pytest.raises(MonitorSettingError, match=r"such as 'nagios\+https://monitor\.example\.net") as error:
        read(name)
    assert "secret" not in str(error.value)


def test_options() -> None:
    """What stands behind the question mark is for the source; what it does not know is refused."""
    address = read("alertmanager+http://host/?silences=maintenance&x=")
    assert address.options("silences", "x") == {"silences": "maintenance", "x": ""}
    with pytest.raises(MonitorSettingError, match=r"does not know\. Did you mean 'silence'\?") as error:
        address.options("silence", "x")
    assert "maintenance" not in str(error.value)


class TestCredentials:
    """Where user and password may stand."""

    @pytest.mark.parametrize(
        ("written", "user", "password"),
        [
            ("status:secret", "status", "secret"),
            ("status", "status", ""),
            (":token", "", "token"),
            ("st%40tus:p%3Aa%2F%24%7Bs", "st@tus", "p:a/${s"),
            ("status:p:a@s", "status", "p:a@s"),
            ("status:pa$$", "status", "pa$$"),
            ("status:${PASSWORD}", "status", "%41 ${x}:/@?#"),
            ("${USER_NAME}:x${ PASSWORD }y", "status", "x%41 ${x}:/@?#y"),
        ],
    )
    def test_in_the_address_or_in_the_environment(
        self, monkeypatch: pytest.MonkeyPatch, written: str, user: str, password: str
    ) -> None:
        """They stand in the address, %-encoded if need be, or in a variable, exactly as they are."""
        monkeypatch.setenv("PASSWORD", "%41 ${x}:/@?#")
        monkeypatch.setenv("USER_NAME", "status")
        found = read(f"nagios+https://{written}@host/").credentials
        assert found is not None
        assert (found.user, found.password) == (user, password)

    @pytest.mark.parametrize("content", ["pass/word ", "pass/word \n", "pass/word \r\nsecond line\n"])
    def test_in_a_file(self, tmp_path: Path, content: str) -> None:
        """A file's first line is the password, with the blanks in it and without the end of the line."""
        file = tmp_path / "the password"
        file.write_bytes(content.encode())
        found = read(f"nagios+https://status:${{{file}}}@host/").credentials
        assert found is not None
        assert found.password == "pass/word "

    def test_none(self) -> None:
        """Most servers want none."""
        assert read("nagios+https://host/a@b").credentials is None

    def test_they_are_in_no_repr(self) -> None:
        """An address that is printed by mistake tells nothing."""
        address = read("nagios+https://the-user:the-password@the-host:444/the-path?the-query")
        shown = f"{address!r} {address} {address.credentials}"
        assert "the-" not in shown
        assert "444" not in shown
        assert address.url == "https://the-host:444/the-path"

    def test_variable_that_is_not_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A variable that is missing or empty stops the start and is named."""
        monkeypatch.delenv("NO_PASSWORD", raising=False)
        for _ in range(2):
            with pytest.raises(
                MonitorSettingError, match="variable NO_PASSWORD of the environment is not set"
            ):
                read("nagios+https://status:${NO_PASSWORD}@host/")
            monkeypatch.setenv("NO_PASSWORD", "")

    def test_file_that_cannot_be_used(self, tmp_path: Path) -> None:
        """A file that is missing, empty or not text stops the start and is named, with the reason."""
        (tmp_path / "empty").touch()
        (tmp_path / "binary").write_bytes(b"hunter2\xff\n")
        for name, reason in (
            ("missing", "No such file or directory"),
            ("empty", "it is empty"),
            ("binary", "it is not UTF-8 text"),
            ("", "Is a directory"),
        ):
            with pytest.raises(
                MonitorSettingError, match=f"{tmp_path}/{name} holds no .*: {reason}"
            ) as error:
                read(f"nagios+https://status:${{{tmp_path}/{name}}}@host/")
            assert "hunter2" not in "".join(frames_of(error.value))

    @pytest.mark.parametrize("place", ["", "relative/path", "9LIVES", "secret word", "${A}"])
    def test_placeholder_that_is_none(self, place: str) -> None:
        """Something else between the braces may be a password, and is not repeated."""
        with pytest.raises(MonitorSettingError) as error:
            read(f"nagios+https://status:${{{place}}}@host/")
        assert "secret" not in str(error.value)

    @pytest.mark.parametrize("broken", ["", "host:port", "host/ x", "${MISSING}@host/"])
    def test_error_that_stops_the_start(self, tmp_path: Path, broken: str) -> None:
        """Neither the error of the start, nor what led to it, nor a variable on the way shows a password."""
        address = f"nagios+https://status:hunter2@{broken}"
        with pytest.raises(SettingError, match=r"^STATUS_MONITOR: ") as error:
            mounted_site(tmp_path, STATUS_MONITOR=["probe:", address])
        told = "".join(frames_of(error.value))
        assert "extension.py" in told
        assert "hunter2" not in told

    def test_settings_that_are_printed_by_mistake(self, tmp_path: Path) -> None:
        """Neither what monitoring is called, nor the map, nor the cache's address is in them."""
        site = mounted_site(
            tmp_path,
            STATUS_MONITOR=["json+https://status:hunter2@host/"],
            STATUS_MONITOR_MAP={"srv3": {"json": {"host": "hunter2"}}},
            STATUS_CACHE={"CACHE_TYPE": "SimpleCache", "PASSWORD": "hunter2"},
        )
        state = site.app.extensions[EXTENSION_KEY]
        assert "past_count" in repr(state.settings)
        assert "hunter2" not in repr(state)
