"""What an Alertmanager tells of the alerts that fire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from status_plugin.core.words import State
from status_plugin.sources.monitors import SourceError
from status_plugin.sources.monitors.alert_matchers import Matchers
from status_plugin.sources.monitors.http_client import Conversation
from status_plugin.sources.monitors.json_answers import OTHER_FORM, JsonObject, read_json_list

_SEVERITIES = {
    "warning": State.DEGRADED_PERFORMANCE,
    "info": State.OPERATIONAL,
    "none": State.OPERATIONAL,
}
# Whatever else fires, or says nothing of how bad it is, was named in the map as what means trouble.
_OTHERWISE = State.MAJOR_OUTAGE


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """One that fires, with times in epoch seconds.

    `updated` is when Alertmanager was last told that it still does. `silenced_since` is when the first
    silence began that is in effect for it, None without one or where silences were not asked for.
    """

    labels: Mapping[str, str] = field(repr=False)
    began: float
    updated: float
    silences: Sequence[str] = field(repr=False)
    silenced_since: float | None = None

    @property
    def state(self) -> State:
        """What it means on the public scale."""
        return _SEVERITIES.get(self.labels.get("severity", "").strip().casefold(), _OTHERWISE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Alerts:
    """All alerts that fire of those that were asked for; `says` is what the server's clock showed."""

    firing: Sequence[Alert]
    says: float | None = None

    def that_fit(self, matchers: Matchers) -> list[Alert]:
        """Those that somebody means."""
        return [alert for alert in self.firing if matchers.fit(alert.labels)]


def ask_alerts(conversation: Conversation, wanted: Iterable[Matchers], *, with_silences: bool) -> Alerts:
    """Those of the alerts that fire which somebody wants; raises SourceError.

    One that is silenced, or that another one explains, fires all the same.
    """
    answer = conversation.ask("api/v2/alerts")
    listed = [(alert, _labels(alert)) for alert in read_json_list(answer.body)]
    wanted = list(wanted)
    firing = [
        _alert(alert, labels) for alert, labels in listed if any(matchers.fit(labels) for matchers in wanted)
    ]
    if with_silences and any(alert.silences for alert in firing):
        began = _silences(conversation)
        firing = [replace(alert, silenced_since=_since(alert, began)) for alert in firing]
    return Alerts(firing=firing, says=answer.date.timestamp() if answer.date else None)


def _labels(alert: JsonObject) -> dict[str, str]:
    labels = alert.object("labels")
    return {name: labels.text(name) for name in labels.members}


def _alert(alert: JsonObject, labels: Mapping[str, str]) -> Alert:
    silences = alert.object("status").members.get("silencedBy")
    if not isinstance(silences, list) or not all(isinstance(silence, str) for silence in silences):
        raise SourceError(OTHER_FORM)
    return Alert(
        labels=labels, began=alert.moment("startsAt"), updated=alert.moment("updatedAt"), silences=silences
    )


def _silences(conversation: Conversation) -> dict[str, float]:
    """When each silence began, by its id."""
    listed = read_json_list(conversation.ask("api/v2/silences").body)
    return {silence.text("id"): silence.moment("startsAt") for silence in listed}


def _since(alert: Alert, began: Mapping[str, float]) -> float | None:
    return min((began[silence] for silence in alert.silences if silence in began), default=None)
