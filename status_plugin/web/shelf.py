"""The finished answers of one edition: each is made by one visitor's request, and only its own waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from werkzeug.wrappers import Response as BaseResponse

from status_plugin.web.answer import Answer
from status_plugin.web.stock import Stock

KEPT = 1_500_000
"""Bytes of answers that are kept: some hundred pages, under all names of the site together."""

Asked = tuple[object, ...]
"""How the site was called (scheme, host, mount path), the path, and what counts of the query."""


class Shelf:
    """Answers by what was asked for. Its lock is never held while one is made."""

    def __init__(self) -> None:
        self._answers: Stock[Asked, Answer] = Stock(KEPT)
        self._guard = threading.Lock()
        self._making: dict[Asked, Future[Answer | None]] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def find(self, asked: Asked) -> Answer | None:
        """The answer that is kept, None when there is none or it is being made."""
        return self._answers.find(asked)

    def take(self, asked: Asked, make: Callable[[], BaseResponse]) -> Answer | BaseResponse:
        """The answer that is kept, or being made for somebody else; else what `make` makes.

        Who waits for somebody else's gets that one's error, too. What is no page (a redirect) is not
        kept, and everybody has one made.
        """
        return self._answers.find(asked) or self._made(asked, make)

    def _made(self, asked: Asked, make: Callable[[], BaseResponse]) -> Answer | BaseResponse:
        making, is_mine = self._claim(asked)
        if not is_mine:
            return making.result() or make()
        answer = None
        try:
            response = make()
            if response.status_code == 200:
                answer = Answer.of(response)
                self._answers.keep(asked, answer, answer.size)
        except Exception as error:
            making.set_exception(error)
            raise
        finally:
            with self._guard:
                del self._making[asked]
            if not making.done():
                making.set_result(answer)
        return answer or response

    def _claim(self, asked: Asked) -> tuple[Future[Answer | None], bool]:
        """An answer that is, or will be, there, and whether it is the caller who has to make it."""
        with self._guard:
            if asked in self._making:
                return self._making[asked], False
            making: Future[Answer | None] = Future()
            if answer := self._answers.find(asked):
                # Somebody else has made it since the caller looked.
                making.set_result(answer)
                return making, False
            self._making[asked] = making
            return making, True
