"""Which alerts are meant, as Alertmanager itself writes it: `alertname="HostDown", instance=~"srv3.*"`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_MATCHER = re.compile(
    r'\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|[^\s"{},]+)\s*(?:,|$)', re.DOTALL
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Matcher:
    """What one label must be, or must not be; a label that is not there is an empty one."""

    label: str = field(repr=False)
    value: re.Pattern[str] = field(repr=False)
    is_wanted: bool

    def fits(self, labels: Mapping[str, str]) -> bool:
        """Whether an alert with these labels is meant."""
        return bool(self.value.fullmatch(labels.get(self.label, ""))) is self.is_wanted


@dataclass(frozen=True, slots=True)
class Matchers:
    """All that the labels of an alert must be; compared like what was written."""

    written: str = field(repr=False)
    matchers: tuple[_Matcher, ...] = field(repr=False, compare=False)

    def fit(self, labels: Mapping[str, str]) -> bool:
        """Whether an alert with these labels is meant."""
        return all(matcher.fits(labels) for matcher in self.matchers)


def read_matchers(text: str) -> Matchers:
    """The matchers that somebody wrote; raises ValueError, which never repeats them."""
    rest = text.strip()
    if rest.startswith("{") and rest.endswith("}"):
        rest = rest[1:-1]
    found = []
    while rest.strip():
        match = _MATCHER.match(rest)
        if match is None:
            raise ValueError("Alerts are named by labels: a name, one of = != =~ !~, and a value in quotes.")
        found.append(_matcher(*match.groups()))
        rest = rest[match.end() :]
    if not found:
        raise ValueError("Alerts are named by at least one label.")
    return Matchers(text, tuple(found))


def _matcher(label: str, operator: str, written: str) -> _Matcher:
    value = written
    if written.startswith('"'):
        value = _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], written[1:-1])
    try:
        pattern = re.compile(value if operator.endswith("~") else re.escape(value))
    except re.error:
        pattern = None
    if pattern is None:
        raise ValueError("The value behind =~ or !~ is no regular expression.")
    return _Matcher(label=label, value=pattern, is_wanted=operator.startswith("="))
