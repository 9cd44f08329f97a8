"""Writes the rules in docs/checking.md from their registry."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "checking.md"
HEADING = "## The rules\n"

# A script finds its own folder first, and the plugin lies beside it.
sys.path.insert(0, str(ROOT))

from status_plugin.staff.checking.registry import CHAPTERS  # noqa: E402
from status_plugin.staff.checking.rule import Rule  # noqa: E402

BEGINNING = """
<!-- Made by `make docs` from the registry in status_plugin/staff/checking/: change the words there. -->

An error costs a word or may leak; a warning costs nothing. "off" means that `STATUS_CHECK_OFF` may name the
rule, "allow" that a note may allow it.
"""


def rules_part(page: str) -> str:
    """The page with the rules as they are now."""
    return page.partition(HEADING)[0] + HEADING + BEGINNING + "".join(_chapters())


def _chapters() -> Iterator[str]:
    for chapter in CHAPTERS:
        yield f"\n### {chapter.title}\n\n| rule | | | may be |\n| --- | --- | --- | --- |\n"
        for rule in chapter.rules:
            yield f"| `{rule.name}` | {rule.severity} | {rule.says} | {_liberties(rule)} |\n"


def _liberties(rule: Rule) -> str:
    words = {"off": rule.can_be_off, "allow": rule.can_be_allowed}
    return ", ".join(word for word, is_given in words.items() if is_given)


if __name__ == "__main__":
    PAGE.write_text(rules_part(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
