"""The clock of a browser in the test's hands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

_SCRIPT = """
(() => {
  const Real = Date;
  let shift = %d - Real.now();
  const now = () => Real.now() + shift;
  window.passTime = (ms) => { shift += ms; };
  window.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(now()); }
    static now() { return now(); }
  };
})();
"""


class BrowserClock:
    """Sets what pages of a browser take for the present; it goes on from there."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._script: str | None = None

    def set(self, now: datetime) -> None:
        """Every page that is opened from here on begins at this moment; `passTime(ms)` in it moves on."""
        if self._script:
            self._driver.execute_cdp_cmd(
                "Page.removeScriptToEvaluateOnNewDocument", {"identifier": self._script}
            )
        script = {"source": _SCRIPT % (now.timestamp() * 1000)}
        added = self._driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", script)
        self._script = added["identifier"]
