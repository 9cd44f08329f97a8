"""What a report of an error could show, as services that collect errors make them."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

TESTS = Path(__file__).parent


def frames_of(error: BaseException | None) -> Iterator[str]:
    """An error, what led to it, and every local variable on the way but those of the tests themselves."""
    if error is None:
        return
    yield f"{error!s} {error!r} {vars(error)}"
    yield "".join(traceback.format_exception(error, chain=True))
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename).parent != TESTS:
            yield repr(trace.tb_frame.f_locals)
        trace = trace.tb_next
    yield from frames_of(error.__context__)
    yield from frames_of(error.__cause__)
