"""Opens the cache that STATUS_CACHE describes."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Mapping
from typing import IO, Any, cast

from cachelib import FileSystemCache, RedisCache
from cachelib.serializers import BaseSerializer
from flask import Flask
from flask_caching import Cache
from werkzeug.utils import ImportStringError

from status_plugin.sources.shared_cache import CacheBackend, CacheSettingError

SOCKET_SECONDS = 1
"""How long a Redis may take for a connection and for an answer, unless the site says otherwise."""

EXAMPLE = "STATUS_CACHE = {'CACHE_TYPE': 'FileSystemCache', 'CACHE_DIR': '/var/cache/example-status'}"

_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "Redis": {"socket_timeout": SOCKET_SECONDS, "socket_connect_timeout": SOCKET_SECONDS},
    # All that is kept is public, and the watch may be somebody else than the site.
    "FileSystem": {"mode": 0o644},
}

_A_NUMBER = re.compile(r"[0-9]{1,9}")

_EXTRAS = {"Redis": "redis", "Memcached": "memcached"}


class PlainText(BaseSerializer):
    """Texts as they are: what lies in a cache is never run, as the pickles that are usual there are.

    Whole numbers are read as such, because FileSystemCache counts its files in one.
    """

    def dumps(self, value: Any, protocol: int = pickle.HIGHEST_PROTOCOL) -> bytes:
        """The text in UTF-8."""
        return str(value).encode()

    def loads(self, bvalue: bytes | None) -> Any:
        """The text, None for what is none."""
        try:
            text = bvalue.decode() if bvalue is not None else None
        except UnicodeDecodeError:
            return None
        return int(text) if text is not None and _A_NUMBER.fullmatch(text) else text

    def dump(self, value: Any, f: IO[bytes], protocol: int = pickle.HIGHEST_PROTOCOL) -> None:
        """Write the text in UTF-8."""
        f.write(self.dumps(value))

    def load(self, f: IO[bytes]) -> Any:
        """Read what was written."""
        return self.loads(f.read())


def cache_opener(app: Flask, config: Mapping[str, Any]) -> Callable[[], CacheBackend]:
    """What opens the backend that a configuration of Flask-Caching describes, each time anew.

    It raises CacheSettingError for a configuration that can never work, and whatever the backend
    raises when it cannot be reached.
    """
    kind = str(config["CACHE_TYPE"])
    usual = next((options for word, options in _OPTIONS.items() if word in kind), {})
    cache = Cache(with_jinja2_ext=False)

    def open_backend() -> CacheBackend:
        complaint = ""
        try:
            options = {**usual, **(config.get("CACHE_OPTIONS") or {})}
            # The options and arguments that the site gives its own cache are not meant for this one.
            cache.init_app(app, config={"CACHE_ARGS": [], **config, "CACHE_OPTIONS": options})
        except (ImportError, RuntimeError, TypeError, ValueError, LookupError, AttributeError) as error:
            complaint = _explained(kind, error)
        if complaint:
            # What was being opened may hold a password, and must not be this error's context.
            raise CacheSettingError(complaint)
        backend = app.extensions["cache"][cache]
        if isinstance(backend, FileSystemCache | RedisCache):
            backend.serializer = PlainText()  # type: ignore[assignment]
        return cast(CacheBackend, backend)

    return open_backend


def _explained(kind: str, error: Exception) -> str:
    """What is wrong with a configuration, without its values: an address may hold a password."""
    if isinstance(error, ImportStringError):
        return f"there is no CACHE_TYPE {kind!r} in Flask-Caching. Example: {EXAMPLE}"
    for word, extra in _EXTRAS.items():
        if word in kind and isinstance(error, ImportError | RuntimeError):
            return f"{kind!r} needs a client library. Install it: pip install 'status-plugin[{extra}]'."
    if "FileSystem" in kind:
        return f"{kind!r} needs a folder, and no other options than its own. Example: {EXAMPLE}"
    return f"{kind!r} cannot be opened with these values ({type(error).__name__}). Example: {EXAMPLE}"
