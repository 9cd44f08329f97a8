"""What the site's own pages call cannot break them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import current_app

_P = ParamSpec("_P")
_T = TypeVar("_T")


def harmless(instead: Callable[_P, _T]) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Answers with `instead` and one line in the log when the function fails."""

    def protect(function: Callable[_P, _T]) -> Callable[_P, _T]:
        @wraps(function)
        def protected(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            try:
                return function(*args, **kwargs)
            except Exception as error:
                current_app.logger.error(
                    "%s() failed: %s: %s", function.__name__, type(error).__name__, error
                )
                return instead(*args, **kwargs)

        return protected

    return protect
