"""Times written as staff write them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.moments import read_moment


def written(at: datetime, zone: tzinfo) -> str:
    """A time to the second, such as `2008-09-04 5:33pm EDT`, that is read back as the very same time."""
    at = at.astimezone(UTC).replace(microsecond=0)
    local = at.astimezone(zone)
    seconds = f"{local:%S}" if local.second else ""
    clock = f"{local.hour % 12 or 12}:{local:%M}{seconds and ':'}{seconds}{'am' if local.hour < 12 else 'pm'}"
    text = f"{local:%Y-%m-%d} {clock} {local.tzname()}"
    # Not every zone has a name that is nobody else's.
    return text if _means(text, at, zone) else local.isoformat(sep=" ")


def _means(text: str, at: datetime, zone: tzinfo) -> bool:
    try:
        moment, doubts = read_moment(text, zone=zone)
    except UnreadableError:
        return False
    return moment.at.astimezone(UTC) == at and moment.exact and not doubts
