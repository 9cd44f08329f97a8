"""How the house writes times: as its newest notes do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.problems import UnreadableError
from status_plugin.core.times.moments import Moment
from status_plugin.core.times.zones import find_zone
from status_plugin.staff.desk.insertion import newest_written
from status_plugin.staff.desk.time_style import TimeStyle, style_of


def house_style(content: Content, zone: tzinfo, now: datetime) -> TimeStyle:
    """The style of the newest note that names a zone which agrees with the site's; else like `5:33pm EST`."""
    styles = [style for moment in _newest_first(content) if (style := style_of(moment.written))]
    for style in styles:
        if style.zone_word and _is_of(style.zone_word, zone, now):
            return style
    return TimeStyle(is_full_day=bool(styles) and styles[0].is_full_day, zone_word=_name(zone, now))


def _newest_first(content: Content) -> Iterator[Moment]:
    found: list[tuple[datetime, Moment]] = []
    notes: list[Incident | Maintenance] = [*content.incidents, *content.windows]
    for note in notes:
        newest = newest_written(note)
        beginning = note.started if isinstance(note, Incident) else note.starts
        moments = [moment for moment in (newest.at if newest else None, beginning) if moment]
        latest = max((moment.at for moment in moments), default=datetime.min.replace(tzinfo=UTC))
        found += [(latest, moment) for moment in moments]
    return (moment for _, moment in sorted(found, key=lambda pair: pair[0], reverse=True))


def _is_of(word: str, zone: tzinfo, now: datetime) -> bool:
    return now.astimezone(find_zone(word).info).utcoffset() == now.astimezone(zone).utcoffset()


def _name(zone: tzinfo, now: datetime) -> str:
    name = now.astimezone(zone).tzname() or ""
    try:
        return name if _is_of(name, zone, now) else getattr(zone, "key", "UTC")
    except UnreadableError:
        return getattr(zone, "key", "UTC")
