"""`json:`: states that any program writes into a file or serves at an address, in the words of the page.

`json:/path/to/file.json` or `json+https://user:password@host/path`; schema/monitor.schema.json says the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from status_plugin.core.monitoring.summary import Observation, Reading, Seen
from status_plugin.core.words import State
from status_plugin.sources.monitor_entry import Entry
from status_plugin.sources.monitors import MonitorSettingError, SourceError, SourceTerms
from status_plugin.sources.monitors.http_address import read_http_address
from status_plugin.sources.monitors.json_answers import JsonObject, read_json_object
from status_plugin.sources.monitors.monitor_clock import ClockWatch, MonitorClock
from status_plugin.sources.monitors.strange_names import StrangeNames
from status_plugin.sources.monitors.whole_file import read_whole_file

EXAMPLE = "json:/var/lib/example/status.json"
URL_EXAMPLE = "json+https://monitor.example.net/status.json"

MAX_BYTES = 32 * 1024 * 1024
"""The largest file that is read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """What was read, and what the clock of who said it showed then, in seconds, if that is known."""

    whole: JsonObject
    clock: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Target:
    """What stands behind one component."""

    entry: Entry
    component: str = field(repr=False)
    checks: Mapping[str, str] = field(repr=False)


def open_source(name: str, entries: Mapping[str, Entry], terms: SourceTerms) -> PlainJson:
    """The file at an absolute path, which need not be there yet, or what is at an address."""
    targets = {slug: _target(entry) for slug, entry in entries.items()}
    _, _, path = name.partition(":")
    if path.startswith("/") and not path.startswith("//"):
        return PlainJson(lambda: _from_file(path), targets, terms.max_age)
    if "://" not in name:
        raise MonitorSettingError(
            f"'json:' takes the absolute path of a file or an address, like '{EXAMPLE}' or '{URL_EXAMPLE}'."
        )
    return PlainJson(_from_address(name, terms), targets, terms.max_age)


def _target(entry: Entry) -> _Target:
    entry.only("host", "checks")
    return _Target(
        entry=entry,
        component=entry.text("host", "the component's name in the JSON"),
        checks=entry.checks("Web: Web"),
    )


def _from_file(path: str) -> _Said:
    data = read_whole_file(path, called="The JSON file", missing="There is no JSON file", max_bytes=MAX_BYTES)
    return _Said(whole=read_json_object(data))


def _from_address(name: str, terms: SourceTerms) -> Callable[[], _Said]:
    from status_plugin.sources.monitors.http_client import HttpClient

    client = HttpClient(read_http_address(name, URL_EXAMPLE), terms, max_bytes=MAX_BYTES)

    def said() -> _Said:
        with client.conversation() as conversation:
            answer = conversation.ask()
        return _Said(whole=answer.json(), clock=answer.date.timestamp() if answer.date else None)

    return said


class PlainJson:
    """Takes what was written at its word, for as long as it says and the site allows."""

    def __init__(self, load: Callable[[], _Said], targets: Mapping[str, _Target], max_age: timedelta) -> None:
        self._load = load
        self._targets = targets
        self._max_age = max_age
        self._clock = ClockWatch("the JSON source", max_age)
        self._strange = StrangeNames("The JSON")

    def read(self, now: datetime) -> Reading:
        """What is said, as of the time at which it was written."""
        said = self._load()
        written = _time(said.whole, "written_at")
        if written is None:
            raise SourceError("The JSON does not say when it was written: 'written_at' is missing")
        clock = self._clock.read(now, written=written, says=said.clock)
        written_at = min(clock.at(written), now)
        reader = _ComponentReader(
            components=said.whole.object("components"),
            clock=clock,
            fresh_until=written_at + min(self._max_age, _valid_for(said.whole)),
        )
        components = {slug: reader.seen(target) for slug, target in self._targets.items()}
        self._strange.report(reader.strange)
        return Reading(written_at=written_at, fresh_until=reader.fresh_until, components=components)


class _ComponentReader:
    """Reads what is said of each component; `strange` are the places of names that are not there."""

    def __init__(self, *, components: JsonObject, clock: MonitorClock, fresh_until: datetime) -> None:
        self.fresh_until = fresh_until
        self.strange: list[str] = []
        self._components = components
        self._clock = clock
        self._unknown = Observation(state=State.UNKNOWN, fresh_until=fresh_until)

    def seen(self, target: _Target) -> Seen:
        """A component and its checks."""
        entry = target.entry
        said = self._member(self._components, target.component, entry.place())
        if said is None:
            return Seen(host=self._unknown, checks=dict.fromkeys(target.checks, self._unknown))
        checks = self._member(said, "checks", "") or JsonObject({})
        return Seen(
            host=self._observation(said, entry.place()) if "state" in said.members else None,
            checks={
                label: self._check(checks, name, entry.place(label)) for label, name in target.checks.items()
            },
        )

    def _check(self, checks: JsonObject, name: str, place: str) -> Observation:
        said = self._member(checks, name, place)
        return self._observation(said, place) if said else self._unknown

    def _member(self, whole: JsonObject, name: str, place: str) -> JsonObject | None:
        if name not in whole.members:
            self.strange += [place] if place else []
            return None
        return whole.object(name)

    def _observation(self, said: JsonObject, place: str) -> Observation:
        state = _STATES.get(said.text("state", ""))
        if state is None:
            words = ", ".join(_STATES)
            raise SourceError(f"{place}: The JSON gives this no state that there is; they are {words}")
        since = _time(said, "since")
        began = None if since is None else self._clock.past(since)
        if state is not State.UNDER_MAINTENANCE:
            return Observation(state=state, fresh_until=self.fresh_until, since=began)
        if began is None:
            raise SourceError(f"{place}: The JSON has this 'under_maintenance' without a time in 'since'")
        # What is really seen is not told.
        return Observation(state=State.UNKNOWN, fresh_until=self.fresh_until, downtime_since=began)


_STATES = {state.value: state for state in State}


def _time(whole: JsonObject, name: str) -> float | None:
    """A time in seconds, None where there is none; raises SourceError for what is no time with a zone."""
    if whole.members.get(name) is None:
        return None
    try:
        moment = datetime.fromisoformat(whole.text(name, ""))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise SourceError(f"'{name}' in the JSON is no time with a zone, like 2026-11-20T18:41:02-05:00")
    return moment.timestamp()


def _valid_for(whole: JsonObject) -> timedelta:
    """For how long it counts by its own word, which may be for longer than the site allows."""
    if "valid_for" not in whole.members:
        return timedelta.max
    seconds = whole.number("valid_for", 0.0)
    if not 0 < seconds < timedelta.max.total_seconds():
        raise SourceError("'valid_for' in the JSON is no number of seconds above 0")
    return timedelta(seconds=seconds)
