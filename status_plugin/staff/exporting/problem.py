"""Why a copy cannot be made."""

from __future__ import annotations


class ExportError(Exception):
    """What is in the way and what to do about it, as a sentence; the copy is as it was."""


class StoppedError(Exception):
    """The export was told to stop before anything of the copy was changed."""
