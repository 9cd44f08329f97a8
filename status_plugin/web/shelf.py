"""The finished answers of one edition: each is made by one visitor's request, and only its own waits."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future

from werkzeug.wrappers import Response as BaseResponse

from status_plugin.web.answer import Answer

KEPT = 256
"""How many answers are kept; an archive has many pages and a site may have many names."""

NAMES_COUNTED = 1024
"""Of how many names of the site it is known how often each was asked for."""

Name = tuple[str, str, str]
"""How the site was called: scheme, host and the path that it is mounted under."""

Page = tuple[object, ...]
"""What was asked for under that name: the path, and what counts of the query."""


class Names:
    """How often the site was asked for under each name, so that invented ones can be told from its own."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._asked: Counter[Name] = Counter()

    def count(self, name: Name) -> None:
        """Once more; of too many names the rarest are forgotten."""
        with self._guard:
            self._asked[name] += 1
            if len(self._asked) > NAMES_COUNTED:
                self._asked = Counter(dict(self._asked.most_common(NAMES_COUNTED // 2)))

    def rarest(self, names: Iterable[Name]) -> Name:
        """The one that was asked for least; of several, the first."""
        return min(names, key=lambda name: self._asked[name])


class Shelf:
    """Answers by name and page. Its lock is never held while one is made."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._guard = threading.Lock()
        self._answers: dict[Name, OrderedDict[Page, Future[Answer | None]]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._answers.values()))

    def take(self, name: Name, page: Page, make: Callable[[], BaseResponse]) -> Answer | BaseResponse:
        """The answer that is kept, or being made for somebody else; else what `make` makes.

        Who waits for somebody else's gets that one's error, too. What is no page (a redirect) is not
        kept, and everybody has one made.
        """
        making, is_mine = self._claim(name, page)
        if not is_mine:
            return making.result() or make()
        answer = None
        try:
            response = make()
            if response.status_code == 200:
                answer = Answer.of(response)
        except Exception as error:
            making.set_exception(error)
            raise
        finally:
            if answer is None:
                self._drop(name, page, making)
            if not making.done():
                making.set_result(answer)
        return answer or response

    def find(self, name: Name, page: Page) -> Answer | None:
        """The answer that is kept, None when there is none or it is being made."""
        with self._guard:
            self._names.count(name)
            pages = self._answers.get(name)
            making = pages.get(page) if pages else None
        return making.result() if making is not None and making.done() and not making.exception() else None

    def _claim(self, name: Name, page: Page) -> tuple[Future[Answer | None], bool]:
        """The place of an answer, and whether it is the caller who has to fill it."""
        with self._guard:
            self._names.count(name)
            pages = self._answers.setdefault(name, OrderedDict())
            if page in pages:
                pages.move_to_end(page)
                return pages[page], False
            making = pages[page] = Future()
            while len(self) > KEPT:
                rarest = self._names.rarest(self._answers)
                self._forget(rarest, next(iter(self._answers[rarest])))
            return making, True

    def _drop(self, name: Name, page: Page, making: Future[Answer | None]) -> None:
        with self._guard:
            pages = self._answers.get(name)
            if pages and pages.get(page) is making:
                self._forget(name, page)

    def _forget(self, name: Name, page: Page) -> None:
        del self._answers[name][page]
        if not self._answers[name]:
            del self._answers[name]
