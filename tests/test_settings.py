"""The settings: defaults, and clear words at the start for what cannot be used."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from status_plugin.settings import SETTINGS, SettingError
from status_plugin.settings_reader import read_settings, strange_keys

WRONG: dict[str, list[Any]] = {
    "CHECK_OFF": [5, [5], None],
    "NOTICE_PERIOD": [-1, "3 days", True, 1e9, None],
    "DENY_LIST": [5, ["a"], True, "https://user:pass@example.com/list"],
    "CHECK_BLOG": ["yes", 1, None],
    "CONTENT": ["", 3, None],
    "URL_PREFIX": ["", "/", "status", "/status/", "/a b", None, "/status/../x", "/..", "/./status"],
    "TIMEZONE": ["Amerika/New_York", "", 5, "../etc/passwd"],
    "MONITOR": [5, [1], {"a": "b"}, "", " ", [""], ["probe:", ""]],
    "MONITOR_MAP": ["", 5, "\0", "a\0b"],
    "MONITOR_TTL": [0, -1, "30", True, 1e9],
    "MONITOR_MAX_AGE": [0, None],
    "MONITOR_TIMEOUT": [0, "5 s"],
    "MONITOR_CA_FILE": [5, True, ["a"]],
    "ALERT_AFTER": [-1, "2 min", True, 1e9, None],
    "INDEX": [5, ["a"], True],
    "JOURNAL": [5, ["a"], True],
    "HEALTH_TOKEN": ["short", "a secret with blanks in it", "umlaute-sind-zu-schön", 1234567890123456],
    "CACHE": ["redis", {}, {"CACHE_TYPE": 5}],
    "PAST_COUNT": [0, 101, 2.5, True],
    "CONTACT_URL": ["javascript:alert(1)", 5, "www.example.com", "//evil.example"],
    "COPY_URL": ["ftp://x"],
    "WHICH_SERVER_URL": ["data:x"],
    "API_AT_ROOT": ["yes", 1, None],
    "FAST_PATH": ["yes", 1, None],
    "EMBED_ANCESTORS": [
        5,
        [5],
        "forum.example.org",
        "* https://x.example",
        ["https://x.example/path"],
        "'unsafe'",
        "https://x.example; script-src *",
        "https://x.example,https://y.example",
        None,
    ],
    "BLOG": [5, ["blog"]],
    "BLOG_URL": [
        "",
        None,
        "/blog/",
        "blog/{slug}/",
        "/blog/{slag}/",
        "/blog/{slug",
        "/{slug}/{0}",
        "/{slug!r}",
    ],
    "LANGUAGE": ["", 5, None, "DE", "german", "de_AT", "d\n"],
    "LANGUAGES": [5, "german", ["de", 5], {"de": 1}],
    "EDIT_URL": ["https://github.com/example/site", 5, "github.com/example/site/edit/main/"],
    "SITE_URL": [
        5,
        "www.example.com",
        "/",
        "ftp://x",
        "https://",
        "https://a:b@x",
        "https://x/?a",
        "http://[x",
    ],
    "ANNOUNCE": [5, "mailto://user:password@example.com", "a\0b", ["announce.yml"]],
    "ANNOUNCED": ["", None, 5, "a\0b"],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An application's folder with a folder of notes."""
    (tmp_path / "content").mkdir()
    return tmp_path


def test_defaults(root: Path) -> None:
    """Without any setting there is a folder, a prefix and the built-in checks."""
    settings = read_settings({}, root, root / "instance")
    assert settings.content == root / "content"
    assert settings.url_prefix == "/status"
    assert settings.monitor == ("probe:",)
    assert settings.monitor_map is None
    assert settings.monitor_ttl == timedelta(seconds=30)
    assert str(settings.timezone) == "UTC"


def test_every_setting_has_wrong_values_here() -> None:
    """A new setting is not done until something that it refuses is written down."""
    assert set(WRONG) == {setting.name for setting in SETTINGS}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in WRONG for value in WRONG[name]])
def test_wrong_value_stops_the_start(root: Path, name: str, value: Any) -> None:
    """A value that cannot be used is refused with its key and an example that works."""
    with pytest.raises(SettingError, match=f"^STATUS_{name} ") as error:
        read_settings({f"STATUS_{name}": value}, root, root)
    setting = next(setting for setting in SETTINGS if setting.name == name)
    assert f"Example: STATUS_{name} = {setting.example}" in str(error.value)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_example_works(setting: Any) -> None:
    """The example in an error is a value that is accepted."""
    setting.read(eval(setting.example))
    setting.read(setting.default)
    assert setting.help.endswith(".")


@pytest.mark.parametrize(
    "config",
    [
        {"STATUS_MONITOR": ["nagios+https://user:hunter2@monitor.example/", 5]},
        {"STATUS_MONITOR_MAP": 42},
        {"STATUS_HEALTH_TOKEN": "hunter2 hunter2 hunter2"},
        {"STATUS_CACHE": {"CACHE_REDIS_URL": "redis://:hunter2@cache.example/0"}},
    ],
)
def test_private_values_are_not_repeated(root: Path, config: dict[str, Any]) -> None:
    """An error never shows what may be a password."""
    with pytest.raises(SettingError) as error:
        read_settings(config, root, root)
    assert "hunter2" not in str(error.value)
    assert "42" not in str(error.value)


def test_no_monitoring_is_said_on_purpose(root: Path) -> None:
    """An empty list turns monitoring off; an empty text is more likely a variable that was not set."""
    assert read_settings({"STATUS_MONITOR": []}, root, root).monitor == ()
    with pytest.raises(SettingError, match=r"\[\] for none"):
        read_settings({"STATUS_MONITOR": ""}, root, root)


SITE = """
from flask import Flask
from status_plugin import StatusPlugin

def create_app(zone="Mars/Olympus"):
    app = Flask(__name__)
    app.config.update(STATUS_TIMEZONE=zone)
    StatusPlugin(app)
    return app
"""


@pytest.mark.parametrize(
    ("more", "app", "command"),
    [
        ("", "site_of_mine", ["status", "check"]),
        ("app = create_app()", "site_of_mine", ["status", "preview"]),
        ("", "site_of_mine:create_app", ["status", "--help"]),
        ("", "site_of_mine", ["run"]),
    ],
)
def test_a_wrong_setting_is_a_sentence_at_the_terminal(
    root: Path, more: str, app: str, command: list[str]
) -> None:
    """Who types `flask ...` reads which setting is wrong, and no traceback."""
    (root / "site_of_mine.py").write_text(SITE + more)
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", app, *command], cwd=root, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "Error: STATUS_TIMEZONE must be the name of a time zone, not 'Mars/Olympus'. "
        "Example: STATUS_TIMEZONE = 'America/New_York'\n"
    )


def test_time_zone_suggestion(root: Path) -> None:
    """A misspelt zone comes with the one that was meant."""
    with pytest.raises(SettingError) as error:
        read_settings({"STATUS_TIMEZONE": "America/NewYork"}, root, root)
    assert str(error.value) == (
        "STATUS_TIMEZONE must be the name of a time zone (did you mean 'America/New_York'?), not "
        "'America/NewYork'. Example: STATUS_TIMEZONE = 'America/New_York'"
    )


def test_short_token(root: Path) -> None:
    """It is said what a token must be, and not what this one is."""
    with pytest.raises(SettingError) as error:
        read_settings({"STATUS_HEALTH_TOKEN": "hunter2"}, root, root)
    assert str(error.value) == (
        "STATUS_HEALTH_TOKEN must be a text of 16 to 200 characters without blanks. What is set may be "
        "secret and is not shown. Example: STATUS_HEALTH_TOKEN = 'a-secret-of-16-characters-or-more'"
    )


def test_missing_folder(root: Path) -> None:
    """A folder that is not there is named, with what to do."""
    with pytest.raises(SettingError, match=r"there is no folder '.*notes'\. Make it"):
        read_settings({"STATUS_CONTENT": "notes"}, root, root)


def test_missing_blog(root: Path) -> None:
    """A folder of posts that is not there is named; none at all is none."""
    with pytest.raises(SettingError, match=r"STATUS_BLOG: there is no folder '.*posts'\. Set the path"):
        read_settings({"STATUS_BLOG": "posts"}, root, root)
    assert read_settings({"STATUS_BLOG": ""}, root, root).blog is None
    assert read_settings({"STATUS_BLOG": "content"}, root, root).blog == root / "content"


def test_map_beside_the_instance(root: Path) -> None:
    """`monitor.yml` in the instance folder is the map unless another is named."""
    instance = root / "instance"
    instance.mkdir()
    (instance / "monitor.yml").write_text("{}")
    assert read_settings({}, root, instance).monitor_map == instance / "monitor.yml"
    other = {"STATUS_MONITOR_MAP": "other.yml"}
    assert read_settings(other, root, instance).monitor_map == instance / "other.yml"


def test_strange_keys() -> None:
    """A misspelt key is found; a key that only shares the prefix is left alone."""
    config = {"STATUS_CONTNET": "x", "STATUS_TIMEZONE": "UTC", "STATUS_QUO_ANTE_BELLUM": 1, "SECRET_KEY": "x"}
    assert strange_keys(config) == {"STATUS_CONTNET": "STATUS_CONTENT"}
