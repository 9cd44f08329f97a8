"""What keeps a command of the desk from doing what was asked for."""

from __future__ import annotations


class RefusedError(Exception):
    """Nothing was written; the message says to a person why, and what to do."""
