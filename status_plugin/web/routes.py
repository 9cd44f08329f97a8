"""All addresses under the mount prefix: the blueprint, with the views of every module that has any."""

from __future__ import annotations

from status_plugin.web import pages
from status_plugin.web.blueprint import blueprint

__all__ = ["blueprint", "pages"]
