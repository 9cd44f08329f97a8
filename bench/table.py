"""One row of the results: a ratio, or a figure by itself, beside its goal, with its spread."""

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

    @property
    def words(self) -> str:
        """Which side of the bound is good."""
        return "at least" if self.is_least else "at most"

    def is_met(self, value: float) -> bool:
        """Whether a value is as good as this."""
        return value >= self.bound if self.is_least else value <= self.bound

    def share(self, value: float) -> float:
        """How much of the goal a value reaches: 1 meets it, 2 is twice as good."""
        return value / self.bound if self.is_least else self.bound / value


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was measured beside what; `values` are ours by the other's, a round each.

    A row with nothing beside it has values of its own kind, which `written` writes.
    """

    what: str
    values: Sequence[float]
    goal: Goal | None = None
    beside: str = ""
    ours: str = ""
    other: str = ""
    written: Callable[[float], str] = "{:.2f}".format

    @property
    def value(self) -> float:
        """The median of the rounds."""
        return median(self.values)

    @property
    def verdict(self) -> str:
        """The goal, and whether it is met."""
        if self.goal is None:
            return ""
        bound = self.written(self.goal.bound)
        return f"{self.goal.words} {bound}: {'yes' if self.goal.is_met(self.value) else '**no**'}"

    def __str__(self) -> str:
        figure = f"**{self.written(self.value)}**"
        if len(self.values) > 1:
            figure += f" [{self.written(min(self.values))}-{self.written(max(self.values))}]"
        return f"| {' | '.join((self.what, self.beside, figure, self.verdict, self.ours, self.other))} |"


HEAD = "| what | beside | ratio or figure | goal | ours | the other |\n| --- | --- | --- | --- | --- | --- |"


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
        values=found.ratios,
        ours=seconds(median(found.ours)),
        other=seconds(median(found.bare)),
        goal=goal,
    )


def rate_row(what: str, beside: str, found: Sequence[tuple[Load, Load]], goal: Goal) -> Row:
    """Answers a second."""
    return _load_row(what, beside, found, goal, lambda load: load.rate, lambda rate: f"{rate:,.0f}/s")


def p99_row(what: str, beside: str, found: Sequence[tuple[Load, Load]], goal: Goal) -> Row:
    """How long the slowest in a hundred took."""
    return _load_row(what, beside, found, goal, lambda load: load.p99, seconds)


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
        values=[value(ours) / value(other) for ours, other in found],
        ours=written(median(value(ours) for ours, _ in found)),
        other=written(median(value(other) for _, other in found)),
        goal=goal,
    )


def seconds(value: float) -> str:
    """A length of time."""
    if value >= 1:
        return f"{value:,.2f} s"
    return f"{value * 1e3:,.1f} ms" if value > 0.001 else f"{value * 1e6:,.0f} us"


def megabytes(value: float) -> str:
    """A size."""
    return f"{value / 1e6:,.0f} MB"
