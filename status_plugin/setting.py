"""One setting: its name, its default, how it is read, and its words for people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

PREFIX = "STATUS_"


class SettingError(click.ClickException, ValueError):
    """A setting that cannot be used: names the key, what was found, and a value that works.

    At the terminal Flask's commands end with its words instead of a traceback.
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One row of the table; `read` turns the site's value into ours or raises ValueError with the reason.

    Of a `private` value, which may hold a password, an error names the kind and not the value.
    """

    name: str
    default: Any
    read: Callable[[Any], Any]
    example: str
    help: str
    private: bool = False

    @property
    def key(self) -> str:
        """The key in Flask's configuration."""
        return PREFIX + self.name
