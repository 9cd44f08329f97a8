"""The word with which people begin an update: `*Investigating* - ...`, `**Behoben**: ...`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from status_plugin.core.words import IncidentPhase, MaintenancePhase, Phase

_OF_INCIDENTS = {
    IncidentPhase.INVESTIGATING: "investigating, investigation, under investigation, reported, untersuchung, "
    "in untersuchung, wird untersucht, enquête, en cours d'investigation, investigando, investigación, "
    "em investigação, onderzoek, in onderzoek, in analisi, indagine in corso",
    IncidentPhase.IDENTIFIED: "identified, cause found, issue identified, problem identified, "
    "problème identifié, identifiziert, ursache gefunden, identifié, "
    "identificado, identificato, geïdentificeerd, oorzaak gevonden",
    IncidentPhase.MONITORING: "monitoring, watching, observing, beobachtung, wird beobachtet, überwachung, "
    "surveillance, en surveillance, monitoreando, monitorando, monitoraggio, "
    "monitoraggio in corso, observatie",
    IncidentPhase.RESOLVED: "resolved, fixed, solved, closed, done, behoben, gelöst, erledigt, résolu, "
    "corrigé, resuelto, solucionado, resolvido, risolto, opgelost",
    IncidentPhase.POSTMORTEM: "postmortem, post-mortem, post mortem, root cause analysis, rca, "
    "nachbetrachtung",
}
_OF_WINDOWS = {
    MaintenancePhase.SCHEDULED: "scheduled, planned, announced, geplant, angekündigt, planifié, prévu, "
    "planificado, programado, gepland, pianificato",
    MaintenancePhase.IN_PROGRESS: "in progress, in-progress, starting, started, begun, ongoing, underway, "
    "under way, "
    "begonnen, gestartet, en cours, en curso, em andamento, in corso, bezig",
    MaintenancePhase.VERIFYING: "verifying, verification, testing, monitoring, watching, überprüfung, "
    "beobachtung",
    MaintenancePhase.COMPLETED: "completed, complete, finished, done, resolved, fixed, closed, "
    "abgeschlossen, "
    "beendet, erledigt, behoben, terminé, résolu, terminado, completado, concluído, completato, voltooid",
    MaintenancePhase.CANCELLED: "cancelled, canceled, called off, abgesagt, annulé, cancelado, annullato, "
    "geannuleerd",
}
_WITHOUT_PHASE = (
    "update, aktualisierung, mise à jour, actualización, atualização, aggiornamento, maintenance, wartung"
)


def _by_word(phases: dict[IncidentPhase, str] | dict[MaintenancePhase, str]) -> dict[str, Phase]:
    return {word: phase for phase, words in phases.items() for word in words.split(", ")}


_INCIDENT_WORDS = _by_word(_OF_INCIDENTS)
_WINDOW_WORDS = _by_word(_OF_WINDOWS)
_WORDS = {*_INCIDENT_WORDS, *_WINDOW_WORDS, *_WITHOUT_PHASE.split(", ")}

_NUMBER = re.compile(
    r"\s*#?\s*(?:[0-9]{1,3}|one|two|three|four|five|six|seven|eight|nine|ten)$", re.IGNORECASE
)
_SEPARATOR = r"(?: : | [-–—]{1,2} (?=\s|$) )"
_MARKED = re.compile(
    rf"""(?: [-*+][ \t]+ )? (?P<mark> \*{{1,3}} | _{{1,3}} )
    (?P<label> [^*_\n:]{{2,40}}? ) \s* (?P<inner> : )? (?P=mark) [ \t]* (?(inner)|{_SEPARATOR}?) [ \t]*""",
    re.VERBOSE,
)
_HEADING = re.compile(r"\#{1,6}[ \t]+(?P<label>[^\n#:]{2,40}?)[ \t]*:?[ \t]*\#*[ \t]*(?=\n|$)")
_PLAIN = re.compile(
    rf"(?: [-*+][ \t]+ )? (?P<label> [^\W\d_][^\n:*_<{{]{{1,39}}? ) [ \t]* {_SEPARATOR} [ \t]*", re.VERBOSE
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Labelled:
    """A text that begins with a label, and the text behind it."""

    label: str
    rest: str


def split_label(text: str) -> Labelled | None:
    """The label at the beginning of a text and what follows, None unless it is one that people use."""
    for form in (_MARKED, _HEADING, _PLAIN):
        found = form.match(text)
        if found and _without_number(found["label"]) in _WORDS:
            return Labelled(label=found["label"].strip(), rest=text[found.end() :].lstrip("\n"))
    return None


def phase_of(label: str, *, is_window: bool) -> Phase | None:
    """The phase that a label means, None when it means none."""
    return (_WINDOW_WORDS if is_window else _INCIDENT_WORDS).get(_without_number(label))


def says_no_more(label: str, phase: Phase | None) -> bool:
    """Whether a label is just our own word for the phase, or "update", so that nothing is lost without it."""
    word = re.sub(r"[\W_]", "", label.casefold())
    return word == "update" or (phase is not None and word == str(phase).replace("_", ""))


def _without_number(label: str) -> str:
    word = " ".join(label.casefold().split())
    return _NUMBER.sub("", word) or word
