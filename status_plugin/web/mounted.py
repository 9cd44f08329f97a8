"""What the views find in the application that they are mounted in."""

from __future__ import annotations

from typing import Protocol, cast

from flask import current_app

from status_plugin.settings import Settings
from status_plugin.web.station import Station

EXTENSION_KEY = "status_plugin"


class Mounted(Protocol):
    """What the extension keeps for one application."""

    @property
    def station(self) -> Station:
        """Where the views get what they show."""

    @property
    def settings(self) -> Settings:
        """The site's settings."""


def mounted() -> Mounted:
    """The plugin in the application that answers now."""
    return cast(Mounted, current_app.extensions[EXTENSION_KEY])
