"""Draws how much of its goal each row reaches, as SVG: no script, no font of its own, light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import log2

from bench.table import Goal, Row

_ROW, _TOP, _LABELS, _WIDTH = 26, 58, 590, 1020
_FROM, _TO = -3.0, 5.0
"""The scale's ends as powers of two: an eighth of the goal, and thirty-two times as good."""

_STYLE = """\
svg { background: #fff; font: 13px system-ui, sans-serif }
text { fill: #222 } .faint { fill: #666 } line { stroke: #ddd } .goal { stroke: #222 }
.met { fill: #2a78c2 } .missed { fill: #c4500b }
@media (prefers-color-scheme: dark) {
  svg { background: #14171a } text { fill: #e8e8e8 } .faint { fill: #a5a5a5 } line { stroke: #363b40 }
  .goal { stroke: #e8e8e8 } .met { fill: #6db3f2 } .missed { fill: #ff9a5c }
}
"""


def draw(rows: Sequence[Row]) -> str:
    """A bar for each row that has a goal, to the right of the line where it is better than that."""
    shown = [(row, row.goal) for row in rows if row.goal is not None]
    height = _TOP + _ROW * len(shown) + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
        ' aria-label="How much of its goal each measurement reaches">',
        f"<style>{_STYLE}</style>",
        '<text x="16" y="24">How much of its goal each measurement reaches</text>',
        *_scale(height),
    ]
    for number, (row, goal) in enumerate(shown):
        parts += _bar(row, goal, _TOP + _ROW * number)
    return "\n".join([*parts, "</svg>", ""])


def _scale(height: int) -> list[str]:
    parts = []
    for power in range(int(_FROM), int(_TO) + 1):
        x = _x(2.0**power)
        kind = ' class="goal"' if power == 0 else ""
        words = "the goal" if power == 0 else f"{2**power}x" if power > 0 else f"1/{2**-power}"
        parts.append(f'<line{kind} x1="{x}" y1="{_TOP - 8}" x2="{x}" y2="{height - 12}"/>')
        parts.append(f'<text class="faint" x="{x}" y="{_TOP - 14}" text-anchor="middle">{words}</text>')
    return parts


def _bar(row: Row, goal: Goal, top: int) -> list[str]:
    is_met = goal.is_met(row.value)
    goal_x, end = _x(1.0), _x(goal.share(row.value))
    left, width = min(goal_x, end), max(abs(goal_x - end), 2)
    # A mark in words, for those to whom both colours look alike.
    figure = row.written(row.value) + ("" if is_met else " (missed)")
    middle = top + 14
    return [
        f'<text x="{_LABELS - 106}" y="{middle}" text-anchor="end">{escape(_short(row.what))}</text>',
        f'<text class="faint" x="{_LABELS - 98}" y="{middle}">{escape(figure)}</text>',
        f'<rect class="{"met" if is_met else "missed"}" x="{left}" y="{top + 3}"'
        f' width="{width}" height="14"/>',
    ]


def _short(text: str) -> str:
    return text if len(text) <= 56 else f"{text[:55].rstrip()}…"


def _x(share: float) -> float:
    power = min(max(log2(share), _FROM), _TO)
    left, right = _LABELS + 20, _WIDTH - 30
    return round(left + (power - _FROM) / (_TO - _FROM) * (right - left), 1)
