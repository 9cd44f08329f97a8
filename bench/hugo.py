"""Hugo, as a yardstick: it builds a page for each note and a list from the same folder, with a bare theme."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

_LAYOUTS = {
    "_default/baseof.html": '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<title>{{ .Title }}</title></head><body><main>{{ block "main" . }}{{ end }}</main></body></html>',
    "_default/single.html": '{{ define "main" }}<h1>{{ .Title }}</h1>{{ .Content }}{{ end }}',
    "index.html": '{{ define "main" }}<ul>{{ range first 20 .Site.RegularPages.ByTitle }}<li><a href="{{ '
    '.RelPermalink }}">{{ .Title }}</a>{{ .Content }}</li>{{ end }}</ul>{{ end }}',
}


class HugoSite:
    """A site that Hugo builds from a folder of notes."""

    def __init__(self, folder: Path, notes: Path) -> None:
        self._folder = folder
        self._out = folder / "public"
        for name, text in _LAYOUTS.items():
            layout = folder / "layouts" / name
            layout.parent.mkdir(parents=True, exist_ok=True)
            layout.write_text(text, encoding="utf-8")
        (folder / "config.toml").write_text(
            'baseURL = "https://www.example.com/"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n',
            encoding="utf-8",
        )
        (folder / "content").symlink_to(notes, target_is_directory=True)

    def build(self) -> float:
        """Seconds that a build takes."""
        began = time.perf_counter()
        subprocess.run(
            ["hugo", "--quiet", "--source", str(self._folder), "--destination", str(self._out)], check=True
        )
        return time.perf_counter() - began

    @property
    def pages(self) -> int:
        """How many pages the last build made."""
        return sum(1 for _ in self._out.rglob("*.html"))
