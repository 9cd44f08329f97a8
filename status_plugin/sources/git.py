"""git as a program: one call, its answer, or a sentence on why there is none."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_GIT_TAKES = 60
"""Seconds after which git is given up."""

"""Seconds after which git is given up."""

# What git tells its hooks of their own repository, which need not be the folder's.
_OF_HOOKS = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_WORK_TREE",
)


class GitMissingError(Exception):
    """There is no git that answers; the message says why, and what to do."""


class GitFailedError(Exception):
    """git says no; the message is the first line that it said."""


def git(folder: Path, *words: str, environment: Mapping[str, str] | None = None) -> str:
    """What git answers to a command in a folder, without the last line's end; asks nobody, runs no hook.

    Variables of `environment` are added to those of this process. Raises GitFailedError where git
    refuses, GitMissingError where it is not there or does not answer.
    """
    inherited = {key: value for key, value in os.environ.items() if key not in _OF_HOOKS}
    inherited |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(  # noqa: S603, no shell reads these words
            ["git", "-c", f"core.hooksPath={os.devnull}", "-C", str(folder), *words],  # noqa: S607
            env={**inherited, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_GIT_TAKES,
            check=False,
        )
    except FileNotFoundError:
        raise GitMissingError("There is no program 'git' here. Install it, or correct PATH.") from None
    except subprocess.TimeoutExpired:
        raise GitMissingError(f"git did not answer within {_GIT_TAKES} seconds. Try again.") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitFailedError(said[0] if said else f"git ended with {done.returncode}.")
    return os.fsdecode(done.stdout).rstrip("\n")
