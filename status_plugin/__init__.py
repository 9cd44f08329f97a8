"""Network Status: a flat-file status page that mounts in an existing Flask site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from status_plugin.extension import StatusPlugin
    from status_plugin.settings import SettingError

__all__ = ["SettingError", "StatusPlugin"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Loaded when asked for, so that the core can be imported where Flask is not.
    if name == "StatusPlugin":
        from status_plugin.extension import StatusPlugin

        return StatusPlugin
    if name == "SettingError":
        from status_plugin.settings import SettingError

        return SettingError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
