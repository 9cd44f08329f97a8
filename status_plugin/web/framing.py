"""Who may show the embedded page in a frame: headers of its own for this page alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = "Content-Security-Policy"

Headers = list[tuple[str, str]]


class Framing:
    """Around the application: has the last word on framing at one address, and none at any other.

    The site's own headers forbid frames for good reasons, and are set behind the pages' backs; so
    this stands outside. `ancestors` are sources as in `frame-ancestors`.
    """

    def __init__(self, app: WSGIApplication, path: str, ancestors: Sequence[str]) -> None:
        self._app = app
        self._path = path
        self._ancestors = " ".join(ancestors)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's answer, with other headers if it is about that address."""
        if environ.get("PATH_INFO") != self._path:
            return self._app(environ, start_response)

        def start(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            return start_response(status, framed(headers, self._ancestors), exc_info)

        return self._app(environ, start)


def framed(headers: Headers, ancestors: str) -> Headers:
    """The headers with `frame-ancestors` as given, in every policy that is there; all else as it was."""
    kept = [(name, value) for name, value in headers if name.lower() != "x-frame-options"]
    changed = [
        (name, _with_ancestors(value, ancestors) if name.lower() == POLICY.lower() else value)
        for name, value in kept
    ]
    if not any(name.lower() == POLICY.lower() for name, _ in kept):
        changed.append((POLICY, f"frame-ancestors {ancestors}"))
    return changed


def _with_ancestors(policies: str, ancestors: str) -> str:
    """Policies with another `frame-ancestors`: one header may hold several, with commas between them."""
    return ", ".join(_policy_with(policy, ancestors) for policy in policies.split(","))


def _policy_with(policy: str, ancestors: str) -> str:
    directives = [part.strip() for part in policy.split(";")]
    kept = [part for part in directives if part and part.split()[0].lower() != "frame-ancestors"]
    return "; ".join([*kept, f"frame-ancestors {ancestors}"])
