"""The order of the notes for subscribers, made once for each reading of the folder."""

from __future__ import annotations

import threading

from status_plugin.core.board.chronicle import Chronicle, chronicle_of
from status_plugin.core.notes.content import Content


class Chronicles:
    """Keeps the chronicle of the content at hand, so that an archive of any size costs a request nothing."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._content: Content | None = None
        self._chronicle: Chronicle | None = None

    def of(self, content: Content) -> Chronicle:
        """The chronicle of the content."""
        with self._guard:
            if self._chronicle is None or self._content is not content:
                self._content, self._chronicle = content, chronicle_of(content)
            return self._chronicle
