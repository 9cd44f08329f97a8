"""The extension: wires the rooms of the house into a Flask application."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import yaml
from flask import Flask
from flask_caching import Cache
from werkzeug.routing import Rule

from status_plugin.core.notes.content import Content
from status_plugin.settings import PREFIX, SettingError, Settings
from status_plugin.settings_reader import read_settings, strange_keys
from status_plugin.sources.cache_opening import cache_opener
from status_plugin.sources.catalogues import SITE_FOLDER, CatalogueError
from status_plugin.sources.content_with_posts import open_content
from status_plugin.sources.journal import Journal
from status_plugin.sources.monitor_entry import MonitorMapError
from status_plugin.sources.monitor_map import MonitorMap, read_monitor_map
from status_plugin.sources.monitors import MonitorSettingError, Source, SourceTerms, open_sources
from status_plugin.sources.private_names import PrivateNames
from status_plugin.sources.shared_cache import CacheBackend, CacheSettingError, SharedCache, is_shared
from status_plugin.sources.summary_cache import SummaryCache
from status_plugin.staff.entrance import entrance
from status_plugin.web.fast_path import FastPath
from status_plugin.web.finished import FinishedPages
from status_plugin.web.framing import Framing
from status_plugin.web.histories import Histories
from status_plugin.web.languages import Languages, open_languages
from status_plugin.web.routes import blueprint
from status_plugin.web.state import EXTENSION_KEY, PluginState, keep_state
from status_plugin.web.station import Station
from status_plugin.web.statuspage.views import mount_at_root

log = logging.getLogger(__name__)


def system_clock() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


class StatusPlugin:
    """Mounts the Network Status page in a site: `StatusPlugin(app)`, or `init_app` later.

    `cache` is the site's own Flask-Caching `Cache`, already initialised; without it one is made from
    STATUS_CACHE. `clock` is for tests. Raises SettingError for a setting that cannot be used.
    """

    def __init__(
        self,
        app: Flask | None = None,
        *,
        cache: Cache | None = None,
        clock: Callable[[], datetime] = system_clock,
    ) -> None:
        self._cache = cache
        self._clock = clock
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Mount the page in `app`."""
        if EXTENSION_KEY in app.extensions:
            raise RuntimeError(
                "StatusPlugin is already mounted in this application. Call init_app once; "
                f"what it made is in app.extensions[{EXTENSION_KEY!r}]."
            )
        settings = read_settings(app.config, Path(app.root_path), Path(app.instance_path))
        _refuse_unknown_rules(settings)
        _warn(app, settings)
        monitor_map, sources = _monitoring(settings)
        shared = self._shared_cache(app, settings)
        journal = Journal(settings.journal) if settings.journal else None
        summaries = SummaryCache(
            sources, shared, ttl=settings.monitor_ttl, terms=_terms(settings), journal=journal
        )
        station = Station(
            folder=open_content(settings, PrivateNames.of(monitor_map), shared=shared),
            summaries=summaries,
            coverage=lambda inventory: monitor_map.coverage(inventory, sources),
            rules=settings.rules,
            clock=self._clock,
        )
        _warn_of_misfits(monitor_map, sources, station.open())
        pages = FinishedPages(settings.monitor_max_age)
        languages = _languages(app, settings)
        keep_state(
            app,
            PluginState(
                settings=settings,
                monitor_map=monitor_map,
                sources=sources,
                shared=shared,
                station=station,
                journal=journal,
                histories=Histories(journal, settings.timezone),
                pages=pages,
                languages=languages,
            ),
        )
        _mount(app, settings.url_prefix)
        if settings.api_at_root:
            mount_at_root(app)
        if settings.fast_path:
            inner, age = app.wsgi_app, settings.monitor_max_age
            app.wsgi_app = FastPath(app, inner, settings.url_prefix, station, pages, age, languages)  # type: ignore[method-assign]
        if settings.embed_ancestors:
            path = f"{settings.url_prefix}/embed/"
            app.wsgi_app = Framing(app.wsgi_app, path, settings.embed_ancestors)  # type: ignore[method-assign]
        app.cli.add_command(entrance)

    def _shared_cache(self, app: Flask, settings: Settings) -> SharedCache:
        """What the workers share: the site's own cache if it gave us one, else one of ours."""
        if self._cache is not None:
            backend = _backend_of(app, self._cache)
            return SharedCache((lambda: backend) if is_shared(type(backend).__name__) else None)
        kind = settings.cache["CACHE_TYPE"]
        shared = SharedCache(cache_opener(app, settings.cache) if is_shared(kind) else None)
        try:
            shared.open()
        except CacheSettingError as error:
            raise SettingError(f"{PREFIX}CACHE: {error}") from None
        return shared


def _backend_of(app: Flask, cache: Cache) -> CacheBackend:
    if cache not in app.extensions.get("cache", {}):
        raise SettingError(
            "The Cache that was passed to StatusPlugin is not initialised. "
            "Call cache.init_app(app) before StatusPlugin(app, cache=cache)."
        )
    return cast(CacheBackend, app.extensions["cache"][cache])


def _mount(app: Flask, prefix: str) -> None:
    """Add the pages; of two routes for one address the site's, which was there before, would win."""
    before = list(app.url_map.iter_rules())
    taken = {_address(rule): rule for rule in before if "GET" in (rule.methods or ())}
    app.register_blueprint(blueprint, url_prefix=prefix)
    # Rules of one path are equal whoever's they are.
    known = set(map(id, before))
    for rule in app.url_map.iter_rules():
        theirs = taken.get(_address(rule))
        if theirs is not None and id(rule) not in known:
            raise SettingError(
                f"{PREFIX}URL_PREFIX: the site has a page of its own at '{theirs.rule}' ({theirs.endpoint}). "
                "Mount the status page at a path that the site does not use. "
                f"Example: {PREFIX}URL_PREFIX = '/status'"
            )


def _address(rule: Rule) -> tuple[str | None, str | None, str]:
    return rule.host, rule.subdomain, rule.rule.rstrip("/")


def _monitoring(settings: Settings) -> tuple[MonitorMap, dict[str, Source]]:
    try:
        monitor_map = read_monitor_map(settings.monitor_map)
        return monitor_map, open_sources(settings.monitor, monitor_map, _terms(settings))
    except MonitorMapError as error:
        key = f"{PREFIX}MONITOR_MAP"
        # A map in the configuration is called by its key already.
        complaint = str(error) if str(error).startswith(key) else f"{key}: {error}"
    except MonitorSettingError as error:
        complaint = f"{PREFIX}MONITOR: {error}"
    # What was being opened may hold a password, and must not be this error's context.
    raise SettingError(complaint)


def _languages(app: Flask, settings: Settings) -> Languages:
    try:
        return open_languages(settings.language, settings.languages, Path(app.root_path) / SITE_FOLDER)
    except CatalogueError as error:
        key, example = ("LANGUAGES", "['en', 'de']") if settings.languages else ("LANGUAGE", "'de'")
        raise SettingError(f"{PREFIX}{key}: {error} Example: {PREFIX}{key} = {example}") from None


def _refuse_unknown_rules(settings: Settings) -> None:
    if not settings.check_off:
        return
    # No worker needs the check's rules, unless its settings name some.
    from status_plugin.staff.checking.registry import RuleNameError, switched_off

    try:
        switched_off(settings.check_off)
    except RuleNameError as error:
        raise SettingError(
            f"{PREFIX}CHECK_OFF: {error} Example: {PREFIX}CHECK_OFF = ['no-cause', 'date-in-name']"
        ) from None


def _warn_of_misfits(monitor_map: MonitorMap, sources: Mapping[str, Source], content: Content) -> None:
    # Without any map the page says unknown everywhere, and the check says why.
    level = logging.WARNING if monitor_map.by_slug else logging.INFO
    for problem in monitor_map.problems(content.inventory, sources) if content.inventory else ():
        log.log(level, "Monitoring: %s", problem)


def _terms(settings: Settings) -> SourceTerms:
    return SourceTerms(
        timeout=settings.monitor_timeout,
        max_age=settings.monitor_max_age,
        ca_file=settings.monitor_ca_file,
    )


def _warn(app: Flask, settings: Settings) -> None:
    for key, meant in strange_keys(app.config).items():
        log.warning("%s is no setting of the status page. Did you mean %s?", key, meant)
    if not yaml.__with_libyaml__:
        log.warning("PyYAML was built without libyaml: reading notes takes about seven times as long.")
    if PREFIX + "TIMEZONE" not in app.config:
        log.warning(
            "%sTIMEZONE is not set: times on the status page are told in UTC. Example: %sTIMEZONE = '%s'",
            PREFIX,
            PREFIX,
            "America/New_York",
        )
