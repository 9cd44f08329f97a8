"""The programs and libraries beside our own that some tests talk to, and where they come from.

Run as a program it installs what is missing here, if it may. A new part is one entry in PARTS.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

NPM = ROOT / ".venv" / "npm"
"""Where packages from npm are: `node_modules` is in it."""

FOREIGN = ROOT / ".venv" / "foreign"
"""A virtual environment for other people's programs, whose requirements must not meddle with ours."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part is there when all of its programs, files and libraries are.

    `packages` are Debian's. `npm` and `pypi` are exact versions, such as `ical.js@2.2.1` and
    `feedparser==6.0.11`; they go into NPM and FOREIGN.
    """

    programs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    npm: tuple[str, ...] = ()
    pypi: tuple[str, ...] = ()

    @property
    def is_here(self) -> bool:
        """Whether a test can use it."""
        found = [shutil.which(program, path=SEARCH_PATH) is not None for program in self.programs]
        found += [Path(name).exists() for name in self.files]
        found += [_mark(folder, name).exists() for folder, name in self.libraries]
        return all(found)

    @property
    def libraries(self) -> list[tuple[Path, str]]:
        """Everything that comes from npm and PyPI, with the folder that it goes to."""
        return [(NPM, name) for name in self.npm] + [(FOREIGN, name) for name in self.pypi]


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
    "axe": Part(programs=("npm",), packages=("npm",), npm=("axe-core@4.14.1",)),
    "css frameworks": Part(
        programs=("npm",),
        packages=("npm",),
        npm=(
            "bootstrap@5.3.9",
            "bootstrap3@npm:bootstrap@3.4.1",
            "bootstrap4@npm:bootstrap@4.6.2",
            "tailwindcss@4.3.5",
        ),
    ),
    "lighthouse": Part(
        programs=("node", "npm", "chromium"),
        packages=("nodejs", "npm", "chromium"),
        npm=("lighthouse@12.8.2",),
    ),
    "feed readers": Part(pypi=("feedparser==6.0.14", "lxml==6.1.3")),
    "calendar readers": Part(
        programs=("node", "npm"),
        packages=("nodejs", "npm"),
        npm=("ical.js@2.2.1",),
        pypi=("vobject==0.9.9", "khal==0.14.1"),
    ),
    "editors": Part(
        programs=("node", "npm"),
        packages=("nodejs", "npm"),
        npm=(
            "yaml-language-server@1.25.0",
            "remark-cli@12.0.1",
            "remark-frontmatter@5.0.0",
            "remark-lint-frontmatter-schema@3.15.4",
        ),
    ),
    # Of statuspage.io the versions after 3.3.8 hold no code.
    "statuspage clients": Part(
        programs=("node", "npm", "openssl"),
        packages=("nodejs", "npm", "openssl"),
        npm=("@statuspage/status-widget@1.0.5", "statuspage.io@3.3.8", "@aero/statuspage@1.1.0"),
        pypi=("statuspage-prometheus-exporter==2.6.0", "statuscheck==3.11.0", "whadup==0.2.0"),
    ),
    "vnu": Part(programs=("java", "npm"), packages=("default-jre-headless", "npm"), npm=("vnu-jar@26.9.27",)),
    "git": Part(programs=("git",), packages=("git",)),
    "pre-commit": Part(programs=("git",), packages=("git",), pypi=("pre-commit==4.7.0",)),
    "apache": Part(
        programs=("apache2", "htpasswd"),
        packages=("apache2-bin", "apache2-utils"),
    ),
    "nginx": Part(programs=("nginx",), packages=("nginx-light",)),
    "rsync": Part(programs=("rsync",), packages=("rsync",)),
    "redis": Part(programs=("redis-server",), packages=("redis-server",)),
    "memcached": Part(programs=("memcached",), packages=("memcached",)),
    "icinga2": Part(programs=("icinga2",), packages=("icinga2-bin",)),
    "prometheus": Part(
        programs=("prometheus", "prometheus-alertmanager", "prometheus-blackbox-exporter"),
        packages=("prometheus", "prometheus-alertmanager", "prometheus-blackbox-exporter"),
    ),
    "zabbix": Part(
        programs=("zabbix_server", "php", "psql"),
        files=("/usr/share/zabbix/api_jsonrpc.php", "/usr/share/zabbix-server-pgsql/schema.sql.gz"),
        packages=("zabbix-server-pgsql", "zabbix-frontend-php", "php-cli", "php-pgsql", "postgresql"),
    ),
}


def install_command(parts: Iterable[str]) -> list[str]:
    """The command that brings the programs of these parts to a Debian or Ubuntu machine."""
    packages = sorted({package for part in parts for package in PARTS[part].packages})
    return ["apt-get", "install", "--yes", "--no-install-recommends", *packages]


def install(parts: list[str]) -> bool:
    """Install what the parts consist of; whether that was allowed and went well."""
    print(f"Installing {', '.join(parts)} for the tests ...", flush=True)
    return all([_install_programs(parts), _install_from_npm(parts), _install_from_pypi(parts)])


def _install_programs(parts: list[str]) -> bool:
    """Through the system's package manager, as root or with sudo that asks for no password."""
    lacking = [part for part in parts if not replace(PARTS[part], npm=(), pypi=()).is_here]
    if not lacking:
        return True
    if shutil.which("apt-get") is None:
        return False
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if as_root and (shutil.which("sudo") is None or not _runs([*as_root, "true"])):
        return False
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive"]
    return _runs([*apt, "apt-get", "update", "-qq"]) and _runs([*apt, *install_command(lacking), "-qq"])


def _install_from_npm(parts: list[str]) -> bool:
    names = [name for part in parts for name in PARTS[part].npm if not _mark(NPM, name).exists()]
    if not names:
        return True
    npm = shutil.which("npm", path=SEARCH_PATH)
    if npm is None:
        return False
    quietly = ["--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts", "--silent"]
    NPM.mkdir(parents=True, exist_ok=True)
    done = _runs([npm, "install", "--prefix", str(NPM), "--save-exact", *quietly, *names])
    return done and _marked(NPM, names)


def _install_from_pypi(parts: list[str]) -> bool:
    names = [name for part in parts for name in PARTS[part].pypi if not _mark(FOREIGN, name).exists()]
    if not names:
        return True
    if not (FOREIGN / "bin" / "python").exists():
        venv.create(FOREIGN, with_pip=True)
    pip = [str(FOREIGN / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    return _runs([*pip, *names]) and _marked(FOREIGN, names)


def _mark(folder: Path, name: str) -> Path:
    """The file that says that a library of this name and version is installed."""
    return folder / "installed" / name.replace("/", "+")


def _marked(folder: Path, names: list[str]) -> bool:
    for name in names:
        _mark(folder, name).parent.mkdir(parents=True, exist_ok=True)
        _mark(folder, name).touch()
    return True


def _runs(command: list[str]) -> bool:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.stdout.write(done.stdout.decode(errors="replace"))
    return done.returncode == 0


if __name__ == "__main__":
    missing = [name for name, part in PARTS.items() if not part.is_here]
    if missing and not install(missing):
        print(f"Not installed: {', '.join(missing)}. The tests that need them cannot run.")
