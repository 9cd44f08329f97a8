"""What fails of a component: its server, or some of its checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from status_plugin.core.monitoring.word import Word
from status_plugin.core.words import State


@dataclass(frozen=True, kw_only=True, slots=True)
class Failing:
    """What was seen to fail and has not been seen well since; checks with their last state, by label."""

    host: bool = False
    checks: Mapping[str, State] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.host or bool(self.checks)

    def after(self, word: Word) -> Failing:
        """What fails after one more word: what it does not know of is not well yet."""
        now = failing_in(word)
        known = {check.name for check in word.checks if check.state is not State.UNKNOWN}
        unseen = {name: state for name, state in self.checks.items() if name not in known}
        is_host_unseen = word.host is None or word.host.state is State.UNKNOWN
        return Failing(host=now.host or (self.host and is_host_unseen), checks=unseen | dict(now.checks))


def failing_in(word: Word) -> Failing:
    """What a word says fails."""
    checks = {check.name: check.state for check in word.checks if check.state.is_trouble}
    return Failing(host=_is_host_failing(word), checks=checks)


def _is_host_failing(word: Word) -> bool:
    """Whether the server fails; where nobody told of it, whether the checks alone explain the state."""
    if word.host is not None:
        return word.host.state.is_trouble
    if word.state is State.MAJOR_OUTAGE:
        return not word.checks or any(check.state is not State.MAJOR_OUTAGE for check in word.checks)
    return word.state.is_trouble and not any(check.state.is_trouble for check in word.checks)
