"""What the reading of a note depends on beside its file and the list of components."""

from __future__ import annotations

import os
import sys
import zoneinfo
from collections.abc import Iterator
from datetime import tzinfo
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

import yaml

import status_plugin


def reading_terms(folder: Path, zone: tzinfo) -> str:
    """One word for all of it: the folder, the zone, the program and what it is made with."""
    told = [os.fsencode(os.path.realpath(folder)), repr(zone).encode()]
    told += [f"{sys.version} {yaml.__version__} {yaml.__with_libyaml__}".encode(), *_code(), *_zones()]
    return blake2b(b"\0".join(told), digest_size=16).hexdigest()


def _code() -> Iterator[bytes]:
    """All that may have a part in reading: a line changed while developing is another program, too."""
    home = Path(status_plugin.__file__).parent
    yield status_plugin.__version__.encode()
    for path in sorted([*(home / "core").rglob("*.py"), *(home / "sources").glob("*.py")]):
        yield path.read_bytes()


def _zones() -> Iterator[bytes]:
    """When the rules of zones were last changed on this machine."""
    tzdata = find_spec("tzdata")
    found = [*zoneinfo.TZPATH, *(tzdata.submodule_search_locations or () if tzdata else ())]
    for folder in map(Path, found):
        if folder.is_dir():
            yield f"{folder} {folder.stat().st_mtime_ns}".encode()
