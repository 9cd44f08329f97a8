"""`nagios:`: the word of a Nagios, from its status file or from the CGI of its web interface.

`nagios:/path/to/status.dat` or `nagios+https://user:password@host/nagios4/cgi-bin/`.
"""

from __future__ import annotations

from collections.abc import Mapping

from status_plugin.sources.monitor_entry import Entry
from status_plugin.sources.monitors import MonitorSettingError, SourceTerms
from status_plugin.sources.monitors.host_monitor import HostMonitor, host_targets
from status_plugin.sources.monitors.http_address import read_http_address
from status_plugin.sources.monitors.nagios_file import StatusFile
from status_plugin.sources.monitors.nagios_objects import BlockSource, BlockTeller

EXAMPLE = "nagios:/var/lib/nagios4/status.dat"
CGI_EXAMPLE = "nagios+https://status:${NAGIOS_PASSWORD}@monitor.example.net/nagios4/cgi-bin/"


def open_source(name: str, entries: Mapping[str, Entry], terms: SourceTerms) -> HostMonitor:
    """The status file at an absolute path, which need not be there yet, or the CGI at an address."""
    targets = host_targets(entries, example="its host_name in Nagios")
    return HostMonitor("Nagios", BlockTeller(_blocks(name, terms)), targets, terms.max_age)


def _blocks(name: str, terms: SourceTerms) -> BlockSource:
    kind, _, path = name.partition(":")
    if kind.strip().casefold() == "nagios" and path.startswith("/"):
        return StatusFile(path)
    if "://" not in name:
        raise MonitorSettingError(
            f"'nagios:' takes the absolute path of Nagios' status file, like '{EXAMPLE}', "
            f"or the address of its CGI programs, like '{CGI_EXAMPLE}'."
        )
    from status_plugin.sources.monitors.nagios_cgi import NagiosCgi

    return NagiosCgi(read_http_address(name, CGI_EXAMPLE), terms)
