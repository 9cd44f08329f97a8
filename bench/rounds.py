"""Measures two ways of doing the same thing in turns, so that a busy machine is unfair to neither."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

ROUNDS = 15
SECONDS_A_TURN = 0.4


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Processor seconds for one call of ours and of the bare way, one pair a round."""

    ours: tuple[float, ...]
    bare: tuple[float, ...]

    @property
    def ratios(self) -> list[float]:
        """How many times the bare way's cost ours was, round by round, smallest first."""
        return sorted(ours / bare for ours, bare in zip(self.ours, self.bare, strict=True))

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return median(self.ratios)


def compare(ours: Callable[[], object], bare: Callable[[], object]) -> Comparison:
    """Let both take turns, each in front in every second round."""
    repeat = {way: _calls_in_a_turn(way) for way in (ours, bare)}
    costs: dict[Callable[[], object], list[float]] = {ours: [], bare: []}
    for number in range(ROUNDS):
        for way in (ours, bare) if number % 2 else (bare, ours):
            costs[way].append(_cost(way, repeat[way]))
    return Comparison(ours=tuple(costs[ours]), bare=tuple(costs[bare]))


def _calls_in_a_turn(way: Callable[[], object]) -> int:
    way()
    return max(1, round(SECONDS_A_TURN / _cost(way, 3)))


def _cost(way: Callable[[], object], calls: int) -> float:
    start = time.process_time()
    for _ in range(calls):
        way()
    return (time.process_time() - start) / calls
