"""`flask status say`: ready words for a ticket, the phone and a short message."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from board_samples import SAMPLES, ZONE, alert, at, board, exact, hosting_rows, incident, row, update, window
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from mounted_site import INCIDENT, Site, mounted_site

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import Item, Life, NextUpdate
from status_plugin.core.words import MaintenancePhase, State
from status_plugin.staff.saying import gsm
from status_plugin.staff.saying.account import Account, account_of
from status_plugin.staff.saying.phone import phone_lines
from status_plugin.staff.saying.short_message import short_message
from status_plugin.staff.saying.spoken_times import SpokenTimes, clock_words, spoken
from status_plugin.staff.saying.ticket import ticket_lines
from status_plugin.web.times import Times

ADDRESS = "https://www.example.com/status/incidents/2008-09-04-srv3/"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site with an open incident."""
    monkeypatch.chdir(tmp_path)
    made = mounted_site(tmp_path, STATUS_SITE_URL="https://www.example.com")
    made.note("incidents/2026-11-20-srv3.md", INCIDENT)
    made.clock.move(2)
    return made


def run(site: Site, *words: str) -> Result:
    """What a command prints."""
    return site.app.test_cli_runner().invoke(args=["status", *words])


def account(item: Item, shown: Board | None = None) -> tuple[Account, Board, Times]:
    """What there is to say of an entry of a board."""
    shown = shown or board(State.MAJOR_OUTAGE, "Srv3 is offline", rows=hosting_rows(), current=(item,))
    return account_of(item, shown, lambda text: text, ADDRESS), shown, Times(zone=ZONE, now=shown.now)


def ticket(item: Item, shown: Board | None = None) -> str:
    told, shown, times = account(item, shown)
    return "\n".join(ticket_lines(told, shown, times))


def phone(item: Item, shown: Board | None = None) -> str:
    told, _, times = account(item, shown)
    return "\n".join(phone_lines(told, SpokenTimes(zone=times.zone, now=times.now)))


def sms(item: Item, shown: Board | None = None) -> str:
    told, shown, times = account(item, shown)
    return short_message(told, shown, times)


def test_all_three_at_once(site: Site) -> None:
    """Without --form all three texts come with headings, of the only open note."""
    said = run(site, "say").output
    assert re.findall(r"^For .*:$", said, re.MULTILINE) == [
        "For a ticket:",
        "For the phone:",
        "For a short message:",
    ]
    assert "Srv3 is not responding: Identified." in said
    assert "Affected: Srv3 (offline)" in said
    assert "The last word (Fri 20 Nov 2026, 18:40 EST): Half of the memory is gone." in said
    assert "Next update: Fri 20 Nov 2026, 19:30 EST" in said
    assert "https://www.example.com/status/incidents/2026-11-20-srv3/" in said


def test_one_form_alone(site: Site) -> None:
    """--form prints one text and no heading, ready for a pipe."""
    said = run(site, "say", "srv3", "--form", "sms").output
    assert said.startswith("Srv3 is offline since 18:00 EST.")
    assert len(said.splitlines()) == 1
    assert len(said.rstrip("\n")) <= 160


def test_an_unknown_part(site: Site) -> None:
    """A name that nothing has is answered with what there is."""
    result = run(site, "say", "srv9")
    assert result.exit_code == 1
    assert result.output == "Error: No note has 'srv9' in its name. Did you mean 2026-11-20-srv3?\n"


def test_what_monitoring_cannot_tell() -> None:
    """Where monitoring is blind each text says so."""
    shown = board(
        State.MAJOR_OUTAGE, "Srv3 is offline", rows=(row("Srv3", State.MAJOR_OUTAGE, seen=State.UNKNOWN),)
    )
    for said in (ticket, phone, sms):
        assert "Our monitoring cannot tell at present how Srv3 is." in said(incident(), shown)


def test_an_overdue_promise() -> None:
    """A broken promise is said in each text, not hidden."""
    late = incident(next_update=NextUpdate(at=exact("17:30"), overdue=True), started=exact("17:00"))
    assert "was promised for Thu 4 Sep 2008, 17:30 EDT and is overdue." in ticket(late)
    assert phone(late).endswith(
        "The next word was promised at five thirty in the afternoon, Eastern time, and is overdue."
    )
    assert "Update promised for 17:30 EDT is overdue." in sms(late)


def test_the_phone_has_no_digits() -> None:
    """On the phone times are words, in at most three lines."""
    said = phone(
        incident(started=exact("17:33"), updates=(update("17:40", "The board is dead. More soon."),))
    )
    assert said.splitlines() == [
        "Srv3 is offline. It began at five thirty-three in the afternoon, Eastern time.",
        "The last word of our staff is: The board is dead.",
        "News will be on our status page.",
    ]


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (0, 0, "midnight"),
        (12, 0, "noon"),
        (0, 5, "twelve oh five at night"),
        (9, 0, "nine o'clock in the morning"),
        (18, 42, "six forty-two in the evening"),
    ],
)
def test_times_of_day_as_words(hour: int, minute: int, words: str) -> None:
    """A time of day is said as people say it."""
    assert clock_words(hour, minute) == words


def test_other_days_are_named() -> None:
    """Yesterday and tomorrow are said so, other days with their date."""
    times = SpokenTimes(zone=ZONE, now=at("18:00"))
    assert times.at(exact("18:00", day=3)).startswith("yesterday at six o'clock in the evening")
    assert times.at(exact("18:00", day=5)).startswith("tomorrow at six")
    assert times.at(exact("18:00", day=30)).startswith("on Tuesday the thirtieth of September at six")
    assert spoken("since 17:48 EDT, for 20 min") == (
        "since five forty-eight in the afternoon, Eastern time, for twenty minutes"
    )


@pytest.mark.parametrize(
    ("life", "phase", "words"),
    [
        (Life.SCHEDULED, MaintenancePhase.SCHEDULED, "this work is planned from five o'clock"),
        (Life.DUE, MaintenancePhase.SCHEDULED, "due, start not confirmed; it was planned from five o'clock"),
        (Life.IN_PROGRESS, MaintenancePhase.IN_PROGRESS, "this work is under way"),
        (Life.CANCELLED, MaintenancePhase.CANCELLED, "this work is cancelled"),
        (Life.COMPLETED, MaintenancePhase.COMPLETED, "this work is done"),
    ],
)
def test_windows(life: Life, phase: MaintenancePhase, words: str) -> None:
    """A window is told by where it stands; what is only planned is never said to be so already."""
    item = window(life=life, phase=phase)
    assert words in phone(item)
    assert "Window: Thu 4 Sep 2008, 17:00 to 19:00 EDT" in ticket(item)
    assert ("Srv3 is under maintenance" in ticket(item)) == (life in (Life.DUE, Life.IN_PROGRESS))
    assert len(sms(item)) <= 160


def test_an_alert_that_nobody_wrote_about() -> None:
    """What only monitoring saw is said to be just that."""
    for said in (ticket(alert()), sms(alert())):
        assert "ns3 is offline" in said
        assert re.search("[Nn]obody has written about it", said)
    over = alert(ended=at("17:48") + timedelta(minutes=7))
    assert "and it is over; it ended at five fifty-five in the afternoon" in phone(over)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_entry_of_every_board_can_be_said(name: str) -> None:
    """No entry is without words, whatever is missing in it, and each short message is one message."""
    shown = SAMPLES[name]
    for item in (*shown.current, *shown.scheduled, *shown.past):
        assert phone(item, shown)
        assert item.title in ticket(item, shown)
        assert gsm.fits(sms(item, shown))


@given(
    name=st.text(min_size=1, max_size=300).filter(str.strip),
    word=st.text(max_size=400),
    state=st.sampled_from([State.MAJOR_OUTAGE, State.PARTIAL_OUTAGE, State.DEGRADED_PERFORMANCE]),
)
def test_a_short_message_never_loses_the_state(name: str, word: str, state: State) -> None:
    """Whatever the names and words are, it is one message, and the state is in it."""
    shown = board(state, "x", rows=(row(name, state),))
    item = incident(
        impact=state, affects={shown.rows[0].component.slug: state}, updates=(update("17:40", word),)
    )
    said = sms(item, shown)
    assert gsm.fits(said)
    assert (
        f"is {({'major_outage': 'offline', 'partial_outage': 'partly offline'}).get(state, 'slow')}" in said
    )


def test_where_nothing_is_named_the_standing_is_the_state() -> None:
    """A note that names no component says where it stands, however long its title is."""
    assert sms(incident(affects={}, title="Nothing works")).startswith("Investigating: Nothing works.")
    long = sms(window(affects={}, title="memory " * 60))
    assert long.startswith("Scheduled: memory memory")
    assert len(long) <= 160


def test_the_alphabet_of_short_messages() -> None:
    """Typographic characters become plain ones; those that take two places are counted as two."""
    assert gsm.plain("“It’s” 5–10 min… naïve") == '"It\'s" 5-10 min... naive'
    assert gsm.length("[é]") == 5
    assert gsm.limit("Срв3") == 70
    assert not gsm.fits("€" * 81)


def test_a_word_is_cut_between_words() -> None:
    """A last word that is too long ends with dots behind a whole word."""
    long = "memory " * 60
    said = sms(incident(updates=(update("17:40", long),)))
    assert "memory... https" in said or said.endswith("memory...")
    assert gsm.length(said) > 140


def test_a_short_word_is_there_in_whole() -> None:
    """A last word of one word is not too short to be told."""
    assert "Fixed." in sms(incident(updates=(update("17:40", "Fixed."),)))


def test_nothing_of_it_is_on_public_pages(site: Site) -> None:
    """The ready words are for staff: no page has them."""
    heading = "For a short message"
    assert heading in run(site, "say").output
    for path in ("/status/", "/status/incidents/2026-11-20-srv3/", "/status/board.json"):
        assert heading not in site.client.get(path).text
