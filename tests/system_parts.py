"""The programs outside Python that some tests talk to, and the Debian packages that bring them.

Run as a program it installs what is missing here, if it may. A new part is one entry in PARTS.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part is there when all of its programs are."""

    programs: tuple[str, ...]
    packages: tuple[str, ...]

    @property
    def is_here(self) -> bool:
        """Whether a test can use it."""
        return all(shutil.which(program, path=SEARCH_PATH) for program in self.programs)


# An ordinary user's PATH often leaves the second half out, and Debian keeps Nagios there.
SEARCH_PATH = os.environ.get("PATH", os.defpath) + ":/usr/local/sbin:/usr/sbin:/sbin"

PARTS = {
    "nagios": Part(
        programs=(
            "nagios4",
            "/usr/lib/nagios/plugins/check_dummy",
            "/usr/lib/cgi-bin/nagios4/statusjson.cgi",
        ),
        packages=("nagios4-core", "nagios4-cgi", "monitoring-plugins-basic", "msmtp-mta"),
    ),
    "chromium": Part(
        programs=("chromium", "chromedriver"),
        packages=("chromium", "chromium-driver", "fonts-dejavu-core"),
    ),
}


def install_command(parts: Iterable[str]) -> list[str]:
    """The command that brings these parts to a Debian or Ubuntu machine."""
    packages = sorted({package for part in parts for package in PARTS[part].packages})
    return ["apt-get", "install", "--yes", "--no-install-recommends", *packages]


def install(parts: list[str]) -> bool:
    """Install through the system's package manager; whether that was allowed and went well."""
    if shutil.which("apt-get") is None:
        return False
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if as_root and (shutil.which("sudo") is None or not _runs([*as_root, "true"])):
        return False
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive"]
    print(f"Installing {' and '.join(parts)} for the tests ...", flush=True)
    return _runs([*apt, "apt-get", "update", "-qq"]) and _runs([*apt, *install_command(parts), "-qq"])


def _runs(command: list[str]) -> bool:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.stdout.write(done.stdout.decode(errors="replace"))
    return done.returncode == 0


if __name__ == "__main__":
    missing = [name for name, part in PARTS.items() if not part.is_here]
    if missing and not install(missing):
        print(f"Not installed: {', '.join(missing)}. The tests that need them cannot run.")
