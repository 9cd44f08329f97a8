"""A site for servers that run it in processes of their own; its monitor is a listener in a test's hands.

The variable ASKED_SITE tells, as JSON, the folder, the settings, and seconds that differ from ours.
"""

from __future__ import annotations

import importlib
import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Response
from mounted_site import mounted_site

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State
from status_plugin.sources import monitors
from status_plugin.sources.monitor_entry import Entry
from status_plugin.sources.monitors import SourceError, SourceTerms


@dataclass(frozen=True)
class Asked:
    """A source that tells a listener who asks, and takes a word for its answer."""

    address: tuple[str, int]
    terms: SourceTerms

    def read(self, now: datetime) -> Reading:
        """Srv3 in the state that the listener names."""
        try:
            with socket.create_connection(self.address, self.terms.total.total_seconds()) as line:
                line.sendall(b"%d\n" % os.getpid())
                word = line.makefile().readline().strip()
        except OSError:
            raise SourceError("It does not answer") from None
        if not word:
            raise SourceError("It says nothing")
        until = now + self.terms.max_age
        web = Observation(state=State(word), fresh_until=until)
        return Reading(written_at=now, fresh_until=until, components={"srv3": Seen(checks={"Web": web})})


def open_source(name: str, entries: Mapping[str, Entry], terms: SourceTerms) -> Asked:
    """The source for a name such as `asked:127.0.0.1:4000`."""
    _, host, port = name.split(":")
    return Asked((host, int(port)), terms)


def _whoever_answered(answer: Response) -> Response:
    answer.headers["X-Worker"] = str(os.getpid())
    return answer


def _with_other_seconds(seconds: Mapping[str, float]) -> None:
    for place, value in seconds.items():
        module, _, name = place.rpartition(".")
        found = importlib.import_module(f"status_plugin.{module}")
        kind = type(getattr(found, name))
        setattr(found, name, timedelta(seconds=value) if kind is timedelta else value)


if "ASKED_SITE" in os.environ:
    told = json.loads(os.environ["ASKED_SITE"])
    monitors.BUILT_IN["asked"] = "asked_site:open_source"
    _with_other_seconds(told["seconds"])
    app = mounted_site(Path(told["folder"]), real_time=True, **told["settings"]).app
    app.after_request(_whoever_answered)
