"""`make run`: the company's site on this machine, with listeners on loopback in place of its servers."""

from __future__ import annotations

import argparse
import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

from standins import StandIns, are_running
from status_plugin import SettingError


def run(create_app: Callable[[], Flask], servers: Path) -> None:
    """Serve the site until Ctrl-C; `servers` is the folder of the files that rule the listeners."""
    options = argparse.ArgumentParser(
        description="The company's site, for a look at its Network Status page."
    )
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=5000)
    chosen = options.parse_args()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: sys.exit())
    with _door(chosen.host, chosen.port) as door:
        address = f"http://{chosen.host}:{door.getsockname()[1]}/"
        with _servers(servers, address):
            _serve(_site(create_app), door, address, servers)


def _door(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except (OSError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            sys.exit(f"Port {port} is in use already. Try another: make run PORT={port + 1}")
        sys.exit(f"Port {port} of {host} cannot be used: {error}")


def _servers(folder: Path, site: str) -> AbstractContextManager[object]:
    """The listeners, unless another demonstration has them running already."""
    if are_running(folder):
        print("Its servers are those of the demonstration that is running already.")
        return nullcontext()
    return StandIns(folder, also={"website": {"Web": site}})


def _site(create_app: Callable[[], Flask]) -> Flask:
    try:
        return create_app()
    except SettingError as error:
        sys.exit(str(error))


def _serve(site: Flask, door: socket.socket, address: str, servers: Path) -> None:
    host, port = door.getsockname()[:2]
    server = make_server(host, port, site, threaded=True, fd=door.fileno())
    # One line for every request and check would bury the two that matter.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    example = os.path.relpath(servers / "srv3-mail")
    print(f"The site is at {address}, its status page at {address}status/ (Ctrl-C stops it).")
    print(f"Try an outage: rm {example}; end it: touch {example}", flush=True)
    server.serve_forever()
