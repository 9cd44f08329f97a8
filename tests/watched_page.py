"""A page that looks at its monitoring when a test says so, and a status file of that moment."""

from __future__ import annotations

import re
from typing import Any

from http_source_cases import Situation
from mounted_site import Site
from nagios_captures import CAPTURED, capture

from status_plugin.web.state import EXTENSION_KEY


def renew(site: Site) -> dict[str, Any]:
    """The board after another look, as the watch has it."""
    site.clock.move(31)
    site.app.extensions[EXTENSION_KEY].station.renew()
    return site.board()


def status_file(situation: Situation) -> bytes:
    """A Nagios' status file, with every time of a captured situation moved to that of now."""
    name = "02-all-ok" if situation.is_well else "04-warning-critical"
    by = int((situation.now - CAPTURED[name]).total_seconds())
    return re.sub(rb"=(1795\d{6})$", lambda found: b"=%d" % (int(found[1]) + by), capture(name), flags=re.M)
