"""The systems whose notes can be imported: a new one is a module that reads them, and a line here."""

from __future__ import annotations

from collections.abc import Mapping

from status_plugin.staff.importing.cstate.site import read_cstate
from status_plugin.staff.importing.foreign_site import SiteReader
from status_plugin.staff.importing.statuspage import read_statuspage

SYSTEMS: Mapping[str, SiteReader] = {
    "cstate": read_cstate,
    "statuspage": read_statuspage,
}
"""What reads a site, by the name that staff type."""
