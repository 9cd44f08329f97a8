"""Asking a Prometheus for what queries say: many of them in one question, and none harmed by another.

Only how many values a query has, the least of them and the age of the oldest are asked for, so that the
labels of what is watched do not even leave Prometheus, and a careless query brings no large answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from status_plugin.sources.monitors import SourceError
from status_plugin.sources.monitors.http_client import Conversation
from status_plugin.sources.monitors.json_answers import OTHER_FORM, JsonObject

LONGEST_QUESTION = 4000
"""Bytes of a question in an address; the web servers that stand before a Prometheus take 8000."""

# The newest sample of any target tells when Prometheus last looked at anything.
_LAST_SCRAPE = "max(timestamp(up))"

_REFUSED = (400, 422)

# No clock and no counter goes so far.
_MANY = 1e11


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What one query says: how many values, the least, and when the oldest was measured (epoch seconds).

    A query that calculates counts as measured when it is asked.
    """

    count: int = 0
    value: float = field(default=0.0, repr=False)
    measured: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """All answers by query, None where Prometheus refuses the query.

    `scraped` is when Prometheus last looked at anything, and `says` what its clock showed then, both in
    epoch seconds.
    """

    by_query: Mapping[str, Answer | None] = field(repr=False)
    scraped: float
    says: float


def ask_queries(conversation: Conversation, queries: Iterable[str]) -> Answers:
    """What Prometheus says to all of these; raises SourceError."""
    last = _asked(conversation, {"up": _LAST_SCRAPE})
    if last is None:
        raise SourceError("Prometheus does not answer what is asked")
    if "up" not in last.values:
        raise SourceError("Prometheus does not look at anything, or does not show this user that it does")
    answers: dict[str, Answer | None] = {}
    for batch in _batches(dict.fromkeys(queries)):
        answers |= _told(conversation, batch)
    return Answers(by_query=answers, scraped=_time(last.values["up"]), says=last.says)


def _batches(queries: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    length = 0
    for query in queries:
        added = len(quote_plus(_joined(_parts(len(batch), query).items())))
        if batch and length + added > LONGEST_QUESTION:
            yield batch
            batch, length = [], 0
        batch.append(query)
        length += added
    if batch:
        yield batch


def _told(conversation: Conversation, queries: Sequence[str]) -> dict[str, Answer | None]:
    """The answers to some queries; one that is refused spoils the question, so it is looked for in halves."""
    parts = {
        name: part for number, query in enumerate(queries) for name, part in _parts(number, query).items()
    }
    said = _asked(conversation, parts)
    if said is not None:
        return {query: _answer(said.values, number) for number, query in enumerate(queries)}
    if len(queries) == 1:
        return {queries[0]: None}
    middle = len(queries) // 2
    return _told(conversation, queries[:middle]) | _told(conversation, queries[middle:])


def _parts(number: int, query: str) -> dict[str, str]:
    """What is asked about a query; it has lines of its own, as it may end in a comment."""
    return {
        f"c{number}": f"count(\n{query}\n)",
        f"v{number}": f"min(\n{query}\n)",
        f"t{number}": f"min(timestamp(\n{query}\n))",
    }


def _answer(values: Mapping[str, float], number: int) -> Answer:
    count, value, measured = (values.get(f"{kind}{number}") for kind in "cvt")
    if count is None and value is None and measured is None:
        return Answer()
    if count is None or value is None or not 1 <= count < _MANY:
        raise SourceError(OTHER_FORM)
    return Answer(count=int(count), value=value, measured=_time(measured))


def _time(seconds: float | None) -> float:
    if seconds is None or not 0 < seconds < _MANY:
        raise SourceError(OTHER_FORM)
    return seconds


@dataclass(frozen=True, slots=True)
class _Said:
    """The one value of each part, and the time by Prometheus' clock."""

    values: Mapping[str, float] = field(repr=False)
    says: float


def _asked(conversation: Conversation, parts: Mapping[str, str]) -> _Said | None:
    """What each part says, where it says anything; None if Prometheus refuses the question."""
    answer = conversation.ask("api/v1/query", {"query": _joined(parts.items())}, accept=(200, *_REFUSED))
    whole = answer.json()
    if answer.status in _REFUSED and whole.text("status") == "error":
        return None
    data = whole.object("data")
    if whole.text("status") != "success" or data.text("resultType") != "vector":
        raise SourceError(OTHER_FORM)
    values: dict[str, float] = {}
    says = 0.0
    for sample in data.list("result"):
        says, values[sample.object("metric").text("q", "")] = _sample(sample)
    return _Said(values, says)


def _joined(parts: Iterable[tuple[str, str]]) -> str:
    """One question of several, whose answers are told apart by a label."""
    return " or ".join(f'label_replace({part},"q","{name}","","")' for name, part in parts)


def _sample(sample: JsonObject) -> tuple[float, float]:
    """The time of the question and the value."""
    pair = sample.members.get("value")
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[1], str):
        raise SourceError(OTHER_FORM)
    value = _number(pair[1])
    if value is None:
        raise SourceError(OTHER_FORM)
    return JsonObject({"": pair[0]}).number(""), value


def _number(written: str) -> float | None:
    try:
        return float(written)
    except ValueError:
        return None
