"""The times of one issue of cState, each with a doubt where one is due."""

from __future__ import annotations

from datetime import tzinfo

from status_plugin.core.notes.fields import Field
from status_plugin.core.notes.findings import Findings
from status_plugin.core.notes.update_details import Spot
from status_plugin.core.problems import UnreadableError
from status_plugin.staff.importing.foreign_site import Time
from status_plugin.staff.importing.foreign_times import ForeignTime, read_foreign_time
from status_plugin.staff.importing.foreign_values import told


class IssueTimes:
    """Reads times; `is_any_naive` says whether any that was read names no zone."""

    def __init__(self, findings: Findings, zone: tzinfo) -> None:
        self.zone = zone
        self.is_any_naive = False
        self._findings = findings

    def of_field(self, field: Field | None) -> ForeignTime | None:
        """The time that a field holds, None when there is none."""
        text = told(field.value) if field else ""
        if field is None or not text:
            return None
        return self._read(text, line=field.value.line, field=field.key, made="It is left out.")

    def of_stamp(self, text: str, line: int) -> Time | None:
        """The time that a stamp holds, None when it cannot be told."""
        if not text:
            message = "The stamp holds no time."
            self._findings.warning(
                "stamp-empty", message, "The update is dated by its neighbours.", at=_at(line), field="track"
            )
            return None
        found = self._read(text, line=line, field="track", made="It is kept in the text of the update.")
        return found.at if found else None

    def _read(self, text: str, *, line: int, field: str, made: str) -> ForeignTime | None:
        at = _at(line)
        try:
            found = read_foreign_time(text, self.zone)
        except UnreadableError as error:
            self._findings.error(error.rule, error.message, made, at=at, field=field)
            return None
        for doubt in found.doubts:
            self._findings.doubt(doubt, at=at, field=field)
        self.is_any_naive = self.is_any_naive or found.is_naive
        return found


def _at(line: int) -> Spot:
    return Spot(line=line, column=1)
