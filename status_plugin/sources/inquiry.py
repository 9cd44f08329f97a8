"""Asks all monitoring sources at once, and waits for none of them longer than its terms allow."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from status_plugin.core.monitoring.summary import Reading
from status_plugin.sources.background import Background
from status_plugin.sources.monitors import Source, SourceError

log = logging.getLogger(__name__)


class Inquiry:
    """The sources, by name, and which of them have been found wanting.

    A source that keeps nobody's time is left to itself, and asked again only after it has come back.
    """

    def __init__(self, sources: Mapping[str, Source], patience: timedelta) -> None:
        self._sources = dict(sources)
        self._patience = patience
        self._late: dict[str, Background[Reading]] = {}
        self._complaints: dict[str, str] = {}

    def readings(self, now: datetime) -> dict[str, Reading]:
        """What each source says that can be read, within the time of patience."""
        until = time.monotonic() + self._patience.total_seconds()
        asked = {
            name: Background(partial(source.read, now), name=f"status-{name}")
            for name, source in self._sources.items()
            if not self._is_late(name)
        }
        readings: dict[str, Reading] = {}
        for name, answer in asked.items():
            try:
                readings[name] = answer.result(until - time.monotonic())
                self._report(name, "")
            except SourceError as error:
                self._report(name, str(error))
                log.debug("Monitoring source %s: %s", name, error.detail)
            except TimeoutError:
                self._late[name] = answer
                self._report(name, "It does not answer in time")
        return readings

    def _is_late(self, name: str) -> bool:
        late = self._late.get(name)
        return late is not None and late.is_running

    def _report(self, name: str, complaint: str) -> None:
        """Say once that a source cannot be read, and once that it can be again."""
        if complaint == self._complaints.get(name, ""):
            return
        self._complaints[name] = complaint
        if complaint:
            log.warning("Monitoring source %s: %s; its last good word stands until it ages.", name, complaint)
        else:
            log.info("Monitoring source %s can be read again.", name)
