"""The settings of the plugin: one table that gives defaults, start-up errors and documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Any

from status_plugin import setting_values
from status_plugin.check_settings import CHECK_SETTINGS
from status_plugin.core.board.board import Rules
from status_plugin.core.notes.forge import Forge, read_forge
from status_plugin.setting import PREFIX as PREFIX
from status_plugin.setting import Setting as Setting
from status_plugin.setting import SettingError as SettingError


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The settings as the plugin uses them, one attribute for each row of the table."""

    content: Path
    index: Path | None
    url_prefix: str
    timezone: tzinfo
    language: str
    languages: tuple[str, ...]
    monitor: tuple[str, ...] = field(repr=False)
    monitor_map: Mapping[str, Any] | Path | None = field(repr=False)
    monitor_ttl: timedelta
    monitor_max_age: timedelta
    monitor_timeout: timedelta
    monitor_ca_file: Path | None
    alert_after: timedelta
    journal: Path | None
    health_token: str = field(repr=False)
    cache: Mapping[str, Any] = field(repr=False)
    past_count: int
    contact_url: str
    copy_url: str
    which_server_url: str
    api_at_root: bool
    fast_path: bool
    blog: Path | None
    blog_url: str
    embed_ancestors: tuple[str, ...]
    site_url: str
    announce: Path | None
    announced: Path
    edit_url: Forge | None
    check_off: frozenset[str]
    notice_period: timedelta
    deny_list: Path | None = field(repr=False)
    check_blog: bool

    @property
    def rules(self) -> Rules:
        """What the board is made by."""
        return Rules(zone=self.timezone, past_count=self.past_count, alert_after=self.alert_after)


SETTINGS = (
    Setting(
        name="CONTENT",
        default="content",
        read=setting_values.folder,
        example="'content'",
        help="The folder of notes; relative to the application's folder.",
    ),
    Setting(
        name="INDEX",
        default="status-notes.index",
        read=setting_values.file,
        example="'/var/cache/example-status/notes.index'",
        help="The file that keeps what was read of the notes, so that a start with thousands of them takes a "
        "second; relative to the instance folder. It may be deleted at any time. Empty for none.",
    ),
    Setting(
        name="URL_PREFIX",
        default="/status",
        read=setting_values.url_prefix,
        example="'/status'",
        help="Where the pages are mounted in the site: a path that it does not use itself. Routes that it "
        "adds after `StatusPlugin(app)` are not looked at.",
    ),
    Setting(
        name="TIMEZONE",
        default="UTC",
        read=setting_values.zone,
        example="'America/New_York'",
        help="The zone in which the page tells times, and in which notes are read that name none.",
    ),
    Setting(
        name="LANGUAGE",
        default="en",
        read=setting_values.language,
        example="'de'",
        help="The language of the site, in which its notes are written and its feeds, calendars, badges and "
        "announcements speak: `en`, `de`, `es`, or one that the site adds itself.",
    ),
    Setting(
        name="LANGUAGES",
        default=(),
        read=setting_values.languages,
        example="['en', 'de', 'es']",
        help="The languages that a visitor's browser may choose from for pages; the site's own is always one "
        "of them. Without any every page is in that one.",
    ),
    Setting(
        name="MONITOR",
        private=True,
        default="probe:",
        read=setting_values.monitors,
        example="'nagios:/var/lib/nagios4/status.dat'",
        help="Where monitoring's word comes from; a list merges several. `probe:` needs nothing installed.",
    ),
    Setting(
        name="MONITOR_MAP",
        private=True,
        default=None,
        read=setting_values.monitor_map,
        example="'/etc/example/monitor.yml'",
        help="Which private host and check stands behind each public name: a mapping, or a YAML file "
        "outside the content folder. Without it `monitor.yml` in the instance folder, if it is there.",
    ),
    Setting(
        name="MONITOR_TTL",
        default=30,
        read=setting_values.seconds,
        example="30",
        help="Seconds after which monitoring is asked again.",
    ),
    Setting(
        name="MONITOR_MAX_AGE",
        default=300,
        read=setting_values.seconds,
        example="300",
        help="Seconds for which a source counts after its own time of writing; then its word is unknown.",
    ),
    Setting(
        name="MONITOR_TIMEOUT",
        default=5,
        read=setting_values.seconds,
        example="5",
        help="Seconds that one question to monitoring may take.",
    ),
    Setting(
        name="MONITOR_CA_FILE",
        default=None,
        read=setting_values.file,
        example="'/etc/example/monitor-ca.pem'",
        help="A file of certificates (PEM) to trust, beside this machine's own, when monitoring is asked by "
        "HTTPS; relative to the application's folder.",
    ),
    Setting(
        name="ALERT_AFTER",
        default=120,
        read=setting_values.delay,
        example="120",
        help="Seconds that trouble which only monitoring sees must last before feeds and announcements tell "
        "of it; the page tells at once.",
    ),
    Setting(
        name="JOURNAL",
        default="",
        read=setting_values.file,
        example="'/var/lib/example-status/journal'",
        help="The file that keeps what monitoring says, for the history of days and the uptime; relative to "
        "the instance folder. Without it nothing is kept.",
    ),
    Setting(
        name="HEALTH_TOKEN",
        private=True,
        default="",
        read=setting_values.token,
        example="'a-secret-of-16-characters-or-more'",
        help="The secret for which `/health` tells which source of monitoring fails, and since when; without "
        "it nobody is told.",
    ),
    Setting(
        name="CACHE",
        private=True,
        default={"CACHE_TYPE": "SimpleCache"},
        read=setting_values.cache,
        example="{'CACHE_TYPE': 'RedisCache', 'CACHE_REDIS_URL': 'redis://localhost:6379/0'}",
        help="Flask-Caching's configuration for what all workers share; not used when the site passes "
        "its own `Cache` to `StatusPlugin`.",
    ),
    Setting(
        name="PAST_COUNT",
        default=5,
        read=setting_values.count,
        example="5",
        help="How many past alerts the page shows; all of them are in the archives.",
    ),
    Setting(
        name="CONTACT_URL",
        default="",
        read=setting_values.address,
        example="'https://www.example.com/contact'",
        help="Where visitors report a problem that the page does not show.",
    ),
    Setting(
        name="COPY_URL",
        default="",
        read=setting_values.address,
        example="'https://status.example.net/'",
        help="Where a copy of the page lives when this site is down; printed on every page.",
    ),
    Setting(
        name="WHICH_SERVER_URL",
        default="",
        read=setting_values.address,
        example="'https://www.example.com/my-server'",
        help="Where clients find out which server they are on.",
    ),
    Setting(
        name="API_AT_ROOT",
        default=False,
        read=setting_values.flag,
        example="True",
        help="Whether Statuspage's API is served at the site's root too, at `/api/v2/`, where some widgets "
        "ask for it whatever the mount path is.",
    ),
    Setting(
        name="FAST_PATH",
        default=False,
        read=setting_values.flag,
        example="True",
        help="Whether finished pages go out in front of the application, without the site's hooks, sessions "
        "and log of requests: faster, and also when the application is what broke. The headers that the "
        "site adds for a visitor without cookies are kept.",
    ),
    Setting(
        name="BLOG",
        default=None,
        read=setting_values.folder_or_none,
        example="'blog'",
        help="The folder of the site's own posts in Markdown; relative to the application's folder. "
        "Incidents then show the posts that name them, and `flask status check` reads the posts' links.",
    ),
    Setting(
        name="BLOG_URL",
        default="/blog/{slug}/",
        read=setting_values.post_address,
        example="'/blog/{year}/{month}/{slug}/'",
        help="How a post's address is made from its `{slug}` or `{path}`, and its `{year}`, `{month}` and "
        "`{day}`; a `url:` in the post goes before it.",
    ),
    Setting(
        name="EMBED_ANCESTORS",
        default="",
        read=setting_values.frame_ancestors,
        example="['https://forum.example.org', 'https://*.example.net']",
        help="The sites that may show `/embed/` in a frame, `'*'` for all, `'none'` for none. For this page "
        "it goes before what the site's own headers say of frames; unless it is set those count.",
    ),
    Setting(
        name="SITE_URL",
        private=True,
        default="",
        read=setting_values.site_address,
        example="'https://www.example.com'",
        help="Where visitors find the site, for links in announcements and copies; `flask status announce` "
        "and `flask status export` need it.",
    ),
    Setting(
        name="ANNOUNCE",
        private=True,
        default=None,
        read=setting_values.private_file,
        example="'/etc/example/announce.yml'",
        help="The file, in Apprise's format, of those who are told by `flask status announce`; outside the "
        "content folder, relative to the instance folder.",
    ),
    Setting(
        name="ANNOUNCED",
        default="announced.sqlite3",
        read=setting_values.some_file,
        example="'/var/lib/example/announced.sqlite3'",
        help="The file in which `flask status announce` remembers who was told what; relative to the "
        "instance folder.",
    ),
    Setting(
        name="EDIT_URL",
        private=True,
        default=None,
        read=read_forge,
        example="'https://github.com/example/site/edit/main/content/'",
        help="Where a browser edits the folder of notes, with repository, branch and folder: as in the "
        "example on GitHub, `.../-/edit/main/content/` on GitLab, `.../_edit/main/content/` on Gitea and "
        "Forgejo. `flask status links` alone uses it; no page has it.",
    ),
    *CHECK_SETTINGS,
)
"""Every setting there is."""
