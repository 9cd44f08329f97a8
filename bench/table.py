"""One row of the results: a ratio beside its goal, with its spread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.rounds import Comparison
from bench.servers import Load


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What a ratio should be: at least or at most this."""

    bound: float
    is_least: bool

    def __str__(self) -> str:
        return f"at {'least' if self.is_least else 'most'} {self.bound:g}"

    def is_met(self, ratio: float) -> bool:
        """Whether a ratio is as good as this."""
        return ratio >= self.bound if self.is_least else ratio <= self.bound


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was measured beside what; `ratios` are ours by the other, a round each."""

    what: str
    beside: str
    ratios: Sequence[float]
    ours: str
    other: str
    goal: Goal | None = None

    def __str__(self) -> str:
        ratio, low, high = median(self.ratios), min(self.ratios), max(self.ratios)
        verdict = (
            "" if self.goal is None else f"{self.goal}: {'yes' if self.goal.is_met(ratio) else '**no**'}"
        )
        spread = f"**{ratio:.2f}** [{low:.2f}-{high:.2f}]"
        return f"| {' | '.join((self.what, self.beside, spread, verdict, self.ours, self.other))} |"


HEAD = "| what | beside | ratio | goal | ours | the other |\n| --- | --- | --- | --- | --- | --- |"


def at_least(bound: float) -> Goal:
    """A ratio that should not be smaller."""
    return Goal(bound=bound, is_least=True)


def at_most(bound: float) -> Goal:
    """A ratio that should not be greater."""
    return Goal(bound=bound, is_least=False)


def cost_row(what: str, beside: str, found: Comparison, goal: Goal | None = None) -> Row:
    """Processor time of ours as a multiple of the other's."""
    return Row(
        what=what,
        beside=beside,
        ratios=found.ratios,
        ours=_time(median(found.ours)),
        other=_time(median(found.bare)),
        goal=goal,
    )


def rate_row(what: str, beside: str, found: Sequence[tuple[Load, Load]], goal: Goal) -> Row:
    """Answers a second."""
    return _load_row(what, beside, found, goal, lambda load: load.rate, lambda rate: f"{rate:,.0f}/s")


def p99_row(what: str, beside: str, found: Sequence[tuple[Load, Load]], goal: Goal) -> Row:
    """How long the slowest in a hundred took."""
    return _load_row(what, beside, found, goal, lambda load: load.p99, _time)


def _load_row(
    what: str,
    beside: str,
    found: Sequence[tuple[Load, Load]],
    goal: Goal,
    value: Callable[[Load], float],
    written: Callable[[float], str],
) -> Row:
    return Row(
        what=what,
        beside=beside,
        ratios=[value(ours) / value(other) for ours, other in found],
        ours=written(median(value(ours) for ours, _ in found)),
        other=written(median(value(other) for _, other in found)),
        goal=goal,
    )


def _time(seconds: float) -> str:
    return f"{seconds * 1e3:,.1f} ms" if seconds > 0.001 else f"{seconds * 1e6:,.0f} us"
