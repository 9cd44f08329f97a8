"""Debian's Apache, on loopback and with TLS, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from loopback_server import CERTIFICATE
from system_parts import SEARCH_PATH

MODULES = [
    "mpm_event", "authn_core", "authz_core", "authz_host", "authz_user", "authz_groupfile", "auth_basic",
    "auth_digest", "authn_file", "alias", "dir", "cgid", "ssl", "deflate", "setenvif",
]  # fmt: skip

CONFIG = """
ServerName localhost
ServerRoot "{home}"
PidFile "{home}/apache.pid"
DefaultRuntimeDir "{home}"
ScriptSock "{home}/cgid.sock"
ErrorLog "{home}/error.log"
Listen 127.0.0.1:{port}
{modules}
{user}
SSLEngine on
SSLCertificateFile "{certificate}"
SetEnvIf Request_URI . NAGIOS_CGI_CONFIG={cgi_config}
<Directory />
    Require all denied
</Directory>
{sites}
"""


@dataclass(kw_only=True)
class Apache:
    """Serves what `sites`, lines of its configuration, say, with the environment of a Nagios' CGI."""

    home: Path
    sites: str
    cgi_config: Path
    port: int = field(default=0, init=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Return when it takes connections."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        loaded = [f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in MODULES]
        config = self.home / "apache.conf"
        config.write_text(
            CONFIG.format(
                home=self.home,
                port=self.port,
                modules="\n".join(loaded),
                user="User www-data\nGroup www-data" if os.geteuid() == 0 else "",
                certificate=CERTIFICATE,
                cgi_config=self.cgi_config,
                sites=self.sites,
            ),
            encoding="utf-8",
        )
        program = shutil.which("apache2", path=SEARCH_PATH)
        assert program is not None
        self._process = subprocess.Popen(
            [program, "-f", config, "-D", "FOREGROUND"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                assert self._process.poll() is None, self._process.communicate()[1]
                assert time.monotonic() < deadline
                time.sleep(0.05)

    def stop(self) -> None:
        """End it with all its workers."""
        if self._process is not None:
            self._process.terminate()
            self._process.communicate(timeout=20)
            self._process = None
