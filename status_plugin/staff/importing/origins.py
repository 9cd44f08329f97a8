"""Which file came from where: what an earlier import wrote, kept beside the notes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from status_plugin.staff.importing.foreign_site import ForeignSiteError


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """The file, in the folder of notes, that a source became, and the digest of what was written."""

    file: str
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Origins:
    """What earlier imports of one site wrote: notes by source, and slugs of components by foreign name."""

    site: str = ""
    notes: Mapping[str, Origin] = field(default_factory=dict)
    components: Mapping[str, str] = field(default_factory=dict)

    @property
    def windows(self) -> frozenset[str]:
        """The sources that became maintenance windows."""
        return frozenset(
            source for source, origin in self.notes.items() if origin.file.startswith("maintenance/")
        )


def digest_of(data: bytes) -> str:
    """What tells one text from another."""
    return hashlib.sha256(data).hexdigest()


def origins_file(folder: Path, system: str) -> Path:
    """The file that keeps them; hidden, since it is no note."""
    return folder / f".import-{system}.json"


def read_origins(file: Path) -> Origins:
    """What the file says, nothing when it is not there; raises ForeignSiteError when it cannot be read."""
    try:
        said: Any = json.loads(file.read_text(encoding="utf-8"))
        notes = {source: Origin(**origin) for source, origin in said["notes"].items()}
        return Origins(site=said["site"], notes=notes, components=dict(said["components"]))
    except FileNotFoundError:
        return Origins()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ForeignSiteError(
            f"{file} cannot be read ({type(error).__name__}), and it tells which notes are imported and "
            "unchanged. Get it back from git, or delete it: then files that are there stay as they are."
        ) from None


def origins_text(origins: Origins) -> str:
    """The text of the file, in the same order for the same content."""
    notes = {
        source: {"file": origin.file, "digest": origin.digest}
        for source, origin in sorted(origins.notes.items())
    }
    said = {"site": origins.site, "components": dict(sorted(origins.components.items())), "notes": notes}
    return json.dumps(said, indent=1, ensure_ascii=False) + "\n"
