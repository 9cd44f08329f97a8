"""`flask status export --watch`: keeps a copy fresh."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from status_plugin.staff.exporting.problem import ExportError, StoppedError
from status_plugin.web.edition import Edition
from status_plugin.web.state import PluginState
from status_plugin.web.times import Times

log = logging.getLogger(__name__)

AT_LEAST_EVERY = timedelta(minutes=5)
"""How old a copy becomes in which nothing has changed, so that no page of it calls itself old."""


def follow(
    state: PluginState,
    export: Callable[[Edition], str],
    every: timedelta,
    stop: threading.Event,
    say: Callable[[str], None],
) -> None:
    """Look again and again until `stop` is set, and export whenever there is something new.

    `export` returns what was done in words. What goes wrong is said once, and tried again.
    """
    exported: Edition | None = None
    exported_at = -AT_LEAST_EVERY.total_seconds()
    said = ""
    while not stop.is_set():
        began = time.monotonic()
        try:
            edition = state.station.renew(early=True)
            if edition is not exported or began - exported_at >= AT_LEAST_EVERY.total_seconds():
                line = export(edition)
                exported, exported_at = edition, began
            else:
                line = said
        except StoppedError:
            return
        except ExportError as error:
            line = f"{error} Trying again."
        except Exception as error:
            log.debug("The copy could not be made.", exc_info=True)
            line = f"The copy could not be made ({type(error).__name__}). Trying again."
        if line != said:
            said = line
            now = state.station.now()
            say(f"{Times(zone=state.settings.timezone, now=now).full(now)}  {line}")
        stop.wait(max(0.0, began + every.total_seconds() - time.monotonic()))
