"""git as a program: one call, its answer, or a sentence on why there is none."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, cast

_GIT_TAKES = 60
"""Seconds after which git is given up."""

_READING_TAKES = 600
"""Seconds after which git is given up that hands over the texts of a whole history."""

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


_NOT_HERE = "There is no program 'git' here. Install it, or correct PATH."


class GitMissingError(Exception):
    """There is no git that answers; the message says why, and what to do."""


class GitFailedError(Exception):
    """git says no; the message is the first line that it said, `said` all of them."""

    def __init__(self, message: str, said: str = "") -> None:
        super().__init__(message)
        self.said = said or message


def git(
    folder: Path,
    *words: str,
    environment: Mapping[str, str] | None = None,
    hooks: bool = False,
    patience: float = _GIT_TAKES,
) -> str:
    """What git answers to a command in a folder, without the last line's end; asks nobody.

    The repository's hooks run only with `hooks`. Variables of `environment` are added to those of this
    process, and git is given up after `patience` seconds. Raises GitFailedError where git refuses,
    GitMissingError where it is not there or does not answer.
    """
    try:
        done = subprocess.run(  # noqa: S603, no shell reads these words
            _command(folder, words, hooks=hooks),
            env=_surroundings(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=patience,
            check=False,
        )
    except FileNotFoundError:
        raise GitMissingError(_NOT_HERE) from None
    except subprocess.TimeoutExpired:
        raise GitMissingError(f"git did not answer within {patience:.0f} seconds. Try again.") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise GitFailedError(said.splitlines()[0] if said else f"git ended with {done.returncode}.", said)
    return os.fsdecode(done.stdout).rstrip("\n")


def git_blobs(folder: Path, names: Iterable[str], most: int) -> Generator[bytes | None, None, None]:
    """The contents of git's blobs in the order of their names, by one process and one at a time.

    None stands for what is missing here or has more than `most` bytes. Raises as `git` does, and where
    git ends before its time.
    """
    with tempfile.TemporaryFile() as asked:
        missing = 0
        for name in names:
            asked.write(f"{name}\n".encode())
            missing += 1
        asked.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603, no shell reads these words
                _command(folder, ("cat-file", "--batch")),
                env=_surroundings(),
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except FileNotFoundError:
            raise GitMissingError(_NOT_HERE) from None
        late = threading.Timer(_READING_TAKES, process.kill)
        late.daemon = True
        late.start()
        try:
            with process:
                for content in _contents(cast(IO[bytes], process.stdout), most):
                    missing -= 1
                    yield content
                if missing:
                    raise GitFailedError("git ended before it had handed over everything.")
        finally:
            process.kill()
            late.cancel()


def _contents(answer: IO[bytes], most: int) -> Iterator[bytes | None]:
    """What `git cat-file --batch` hands over: for each object a line that tells its size, then its bytes."""
    while head := answer.readline():
        words = head.split()
        if len(words) != 3 or words[1] != b"blob":
            yield None
            continue
        left = int(words[2]) + len(b"\n")
        if left - 1 <= most:
            yield answer.read(left)[:-1]
            continue
        while left and (piece := answer.read(min(left, most))):
            left -= len(piece)
        yield None


def _command(folder: Path, words: Iterable[str], *, hooks: bool = False) -> list[str]:
    options = [] if hooks else ["-c", f"core.hooksPath={os.devnull}"]
    return ["git", *options, "-C", str(folder), *words]


def _surroundings(more: Mapping[str, str] | None = None) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if key not in _OF_HOOKS}
    # What a partial clone has left out stays out: nothing here asks another machine.
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
    return {**inherited, "LC_ALL": "C", **quiet, **(more or {})}
