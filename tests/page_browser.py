"""A real browser, and a server that has the pages in many states for it."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from board_samples import NOW
from browser_clock import BrowserClock
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'"
TABLE_ROLES = {"table", "row", "cell", "rowheader", "columnheader"}
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    " --disable-sync --no-first-run --hide-scrollbars"
)

# The text's colour against what really lies behind it; large text may be paler.
CONTRAST = """
const [least, leastLarge] = arguments.length ? arguments : [4.5, 3];
const rgb = (text) => {
  const found = text.match(/[\\d.]+/g).map(Number);
  return text.startsWith("color(") ? found.map((v, i) => (i < 3 ? v * 255 : v)) : found;
};
const over = (top, under) => {
  const alpha = top[3] ?? 1;
  return [0, 1, 2].map((i) => top[i] * alpha + under[i] * (1 - alpha));
};
const light = (c) => {
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = c.map((v) => linear(v / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const canvas = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
const behind = (e) => {
  const layers = [];
  for (let at = e; at; at = at.parentElement) layers.push(rgb(getComputedStyle(at).backgroundColor));
  return layers.reverse().reduce((under, top) => over(top, under), canvas);
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const poor = [];
let count = 0;
while (walker.nextNode()) {
  const text = walker.currentNode.textContent.trim();
  const e = walker.currentNode.parentElement;
  if (!text || !e.checkVisibility() || e.closest("script,style,.status-hidden")) continue;
  count += 1;
  const style = getComputedStyle(e);
  const ground = behind(e);
  const [a, b] = [light(over(rgb(style.color), ground)), light(ground)];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 600);
  if (ratio < (isLarge ? leastLarge : least)) poor.push(`${ratio.toFixed(2)}: ${text.slice(0, 40)}`);
}
return [count, poor];
"""


@dataclass(frozen=True)
class Browser:
    """A browser and the server that has a site for each sample."""

    driver: Any
    address: str

    def command(self, name: str, **values: Any) -> None:
        """Ask the browser itself for something."""
        self.driver.execute_cdp_cmd(name, values)

    def screen(self, width: int) -> None:
        """Be a screen of this width."""
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def picture(self, file: Path) -> None:
        """The whole page as a PNG file."""
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
        file.write_bytes(base64.b64decode(shot["data"]))

    def scheme(self, name: str) -> None:
        """Prefer light or dark."""
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def open(self, site: str, path: str = "/status/") -> None:
        """Go to a page of a sample's site."""
        self.driver.get(f"{self.address}/{site.replace(' ', '-')}{path}")

    def ask(self, script: str) -> Any:
        """The value of an expression in the page."""
        return self.driver.execute_script(script)

    def roles(self) -> list[str]:
        """What a screen reader is told that tables and their parts are, in order."""
        nodes = self.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
        return [role for role in roles if role in TABLE_ROLES]

    def refusals(self) -> list[str]:
        """What the policy has refused since the last question."""
        messages = [entry["message"] for entry in self.driver.get_log("browser")]
        return [message for message in messages if "Content Security Policy" in message]


@contextmanager
def browser_of(sites: Mapping[str, Any]) -> Iterator[Browser]:
    """A browser, and a server that has these applications by path."""
    server = make_server("127.0.0.1", 0, DispatcherMiddleware(_nothing, dict(sites)), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in FLAGS.split():
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    BrowserClock(driver).set(NOW)
    try:
        yield Browser(driver=driver, address=f"http://127.0.0.1:{server.server_port}")
    finally:
        driver.quit()
        server.shutdown()
        thread.join()
        server.server_close()


def with_policy(response: Any) -> Any:
    """The answer under the strict policy."""
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _nothing(environ: Any, start: Callable[..., Any]) -> list[bytes]:
    start("404 Not Found", [("Content-Type", "text/plain")])
    return [b""]
