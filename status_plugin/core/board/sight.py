"""What monitoring saw of a note, in sentences: while it goes on, afterwards, and when it lost sight."""

from __future__ import annotations

from dataclasses import dataclass, replace

from status_plugin.core.monitoring.sightings import SightingKind
from status_plugin.core.sayings import message


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """The messages for one kind of sighting, with {begin}, {end} and {last}."""

    since: str
    during: str
    lost: str


INCIDENT_SIGHT = {
    SightingKind.TROUBLE: Sight(
        since=message("Our monitoring has seen this since {begin}."),
        during=message("Our monitoring saw this from {begin} to {end}."),
        lost=message(
            "Our monitoring saw this from {begin}, last at {last}; whether it goes on, it cannot tell."
        ),
    ),
    SightingKind.DOWNTIME: Sight(
        since=message("Our monitoring has known of planned work since {begin}."),
        during=message("Our monitoring knew of planned work from {begin} to {end}."),
        lost=message(
            "Our monitoring knew of planned work from {begin}, last at {last}; whether it goes on, it cannot "
            "tell."
        ),
    ),
    SightingKind.UNREACHABLE: Sight(
        since=message("Our monitoring has not been able to reach it since {begin}."),
        during=message("Our monitoring was not able to reach it from {begin} to {end}."),
        lost=message(
            "Our monitoring was not able to reach it from {begin}, last at {last}; whether it goes on, it "
            "cannot tell."
        ),
    ),
}
"""What is said of an incident, which tells of trouble itself."""

WINDOW_SIGHT = INCIDENT_SIGHT | {
    SightingKind.TROUBLE: replace(
        INCIDENT_SIGHT[SightingKind.TROUBLE],
        since=message("Our monitoring has seen trouble since {begin}."),
        during=message("Our monitoring saw trouble from {begin} to {end}."),
        lost=message(
            "Our monitoring saw trouble from {begin}, last at {last}; whether it goes on, it cannot tell."
        ),
    )
}
"""What is said of planned work."""
