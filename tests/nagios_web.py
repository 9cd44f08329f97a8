"""The web interface of a Nagios: one that answers from captures, and the real CGI of one that runs."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from faulty_server import Reply, Request, json_reply
from nagios_captures import FOLDER

CGI_FOLDER = Path("/usr/lib/cgi-bin/nagios4")
PATH = "/nagios4/cgi-bin/"

CGI_CONFIG = """
main_config_file={home}/nagios.cfg
physical_html_path=/nonexistent
url_html_path=/nagios4
use_authentication=1
use_pending_states=1
authorized_for_system_information=status
authorized_for_all_services=status
authorized_for_all_hosts=status
escape_html_tags=1
"""


def captured(name: str, query: str) -> Any:
    """What statusjson.cgi said in a situation, None if it said nothing at all."""
    text = (FOLDER / f"{name}.{query}.json").read_text(encoding="utf-8")
    return json.loads(text) if text.strip() else None


class CapturedWeb:
    """Answers as statusjson.cgi did in a situation; what it says of one object is taken out of its lists."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lists = {
            query: captured(name, query)
            for query in ("hostlist", "servicelist", "downtimelist", "programstatus")
            if (FOLDER / f"{name}.{query}.json").exists()
        }
        self.first = next(iter(self.lists.values()))

    def __call__(self, request: Request) -> Reply:
        """The answer to a question."""
        if request.path != f"{PATH}statusjson.cgi":
            return Reply(status=404)
        if self.first is None:
            return Reply()
        return json_reply(self.answer(**request.query))

    def answer(self, query: str, **options: str) -> dict[str, Any]:
        """The answer as a value."""
        if query == "servicelist" and "hostname" in options:
            services = self._data("servicelist", "servicelist").get(options["hostname"])
            return self._told(query, {options["hostname"]: services} if services else {})
        if query == "downtimelist":
            return self._told(query, self._downtimes(**options))
        if query in self.lists:
            return self._told(query, self._data(query, query))
        if query == "host":
            return self._single(query, self._data("hostlist", "hostlist").get(options["hostname"]), **options)
        services = self._data("servicelist", "servicelist").get(options["hostname"], {})
        return self._single(query, services.get(options["servicedescription"]), **options)

    def _data(self, query: str, part: str) -> dict[str, Any]:
        found: dict[str, Any] = self.lists[query]["data"][part] if query in self.lists else {}
        return found

    def _told(self, query: str, data: Any) -> dict[str, Any]:
        return {
            "format_version": 0,
            "result": self.first["result"] | {"query": query},
            "data": {"selectors": {}, query: data},
        }

    def _downtimes(self, **options: str) -> dict[str, Any]:
        return {
            number: downtime
            for number, downtime in self._data("downtimelist", "downtimelist").items()
            if downtime["is_in_effect"]
            and options.get("hostname") in (None, downtime["host_name"])
            and options.get("servicedescription") in (None, downtime.get("service_description"))
        }

    def _single(self, query: str, found: Any, **options: str) -> dict[str, Any]:
        if found is not None:
            return self._told(query, found)
        what = f"{query} '{options.get('servicedescription', options['hostname'])}'"
        lost = "The status for " if self.name == "16-truncated" else "The "
        result = {
            "query_time": self.first["result"]["query_time"],
            "program_start": self.first["result"]["program_start"],
            "type_code": 6,
            "type_text": "Option Value Invalid",
            "message": f"{lost}{what} could not be found.",
        }
        return {"format_version": 0, "result": result}


class RealWeb:
    """Runs the CGI programs of Debian's Nagios over the files of a daemon, for one user."""

    def __init__(self, home: Path, *, user: str = "status", locale: str = "") -> None:
        self.user = user
        self._locale = locale
        self._config = home / "cgi.cfg"
        self._config.write_text(CGI_CONFIG.format(home=home), encoding="utf-8")

    def __call__(self, request: Request) -> Reply:
        """What the CGI program says; who asks must have said a password."""
        if not request.headers.get("authorization"):
            return Reply(status=401, body=b"<h1>Unauthorized</h1>")
        program = CGI_FOLDER / request.path.rpartition("/")[2]
        done = subprocess.run(
            [program],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=False,
            timeout=20,
            env={
                "PATH": os.defpath,
                "GATEWAY_INTERFACE": "CGI/1.1",
                "REQUEST_METHOD": "GET",
                "QUERY_STRING": request.target.partition("?")[2],
                "NAGIOS_CGI_CONFIG": str(self._config),
                "REMOTE_USER": self.user,
            }
            | ({"LOCPATH": self._locale} if self._locale else {}),
        )
        head, _, body = done.stdout.replace(b"\r\n", b"\n", 20).partition(b"\n\n")
        lines = (line.partition(":") for line in head.decode("latin-1").split("\n"))
        return Reply(body=body, headers={name: value.strip() for name, _, value in lines if name})
