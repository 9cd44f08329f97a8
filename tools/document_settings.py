"""Writes docs/settings.md from the table of settings."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "settings.md"
WIDTH = 110

# A script finds its own folder first, and the plugin lies beside it.
sys.path.insert(0, str(ROOT))

from status_plugin.settings import SETTINGS, Setting  # noqa: E402

BEGINNING = """\
# Settings

<!-- Made by `make docs` from status_plugin/settings.py: change the words there. -->

The status page takes its settings from Flask's configuration, under keys that begin with `STATUS_`. They
are read once, when `StatusPlugin(app)` or `init_app(app)` is called, so set them before that.

Where no value is set the default counts. Where a key is set twice the last value counts, as always in
Flask. The environment counts only if the site loads it: with `app.config.from_prefixed_env()` the
variable `FLASK_STATUS_TIMEZONE` becomes `STATUS_TIMEZONE`.

A value that cannot be used stops the start, with its key and an example that works. A key that looks
misspelt is a warning in the log.

| key | default | what it does |
| --- | --- | --- |
"""

EXAMPLE = """
## A whole configuration

Every key with a value that works. A site needs only those whose defaults do not fit it. Saved as
`settings.cfg` beside the application, it is loaded by `app.config.from_pyfile("settings.cfg")`.

```python
"""

END = """\
```

[monitoring.md](monitoring.md) shows the monitor map, and [workers.md](workers.md) which cache several workers
need.
"""


def settings_page() -> str:
    """The page, from the table of settings."""
    rows = "".join(f"| `{setting.key}` | {_default(setting)} | {setting.help} |\n" for setting in SETTINGS)
    example = "\n".join(_assignment(setting) for setting in SETTINGS)
    return BEGINNING + rows + EXAMPLE + example + END


def _default(setting: Setting) -> str:
    return "none" if setting.default in (None, "") else f"`{setting.default!r}`"


def _assignment(setting: Setting) -> str:
    words = textwrap.fill(setting.help, WIDTH, initial_indent="# ", subsequent_indent="# ")
    return f"{words}\n{setting.key} = {setting.example}\n"


if __name__ == "__main__":
    PAGE.write_text(settings_page(), encoding="utf-8")
