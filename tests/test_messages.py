"""Messages to subscribers: their names outlive every correction, and none is told ahead of its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from board_samples import alert

from status_plugin.core.board.chronicle import chronicle_of
from status_plugin.core.board.incidents import incident_item
from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.board.messages import Message, alert_messages, messages_of
from status_plugin.core.board.windows import Surveillance, window_item
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.reader import read_note

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 20, 23, 45, tzinfo=UTC)
INVENTORY = Inventory(components=(Component(slug="srv3", name="Srv3"), Component(slug="ns3", name="ns3")))

FIRST = "Update @ 6:10pm Eastern: We look into it."
SECOND = "Update @ 6:20pm Eastern [identified]: The memory is faulty."
THIRD = "Update @ 6:40pm Eastern [resolved]: It is back."


def read(
    *updates: str, slug: str = "srv3", kind: type[Incident] | type[Maintenance] = Incident, head: str = ""
) -> Incident | Maintenance:
    """A note of these updates."""
    times = (
        "started: 2026-11-20 6pm Eastern\nimpact: major"
        if kind is Incident
        else "starts: 2026-11-20 6pm Eastern\nends: 8pm Eastern"
    )
    body = "\n\n".join(["Srv3 does not answer.", *updates])
    text = f"---\ntitle: Srv3\n{head or times}\naffects: [srv3]\n---\n{body}\n"
    folder = "incidents" if kind is Incident else "maintenance"
    reading = read_note(
        text, path=f"{folder}/{slug}.md", kind=kind, zone=ZONE, inventory=INVENTORY, read_at=NOW
    )
    assert reading.note is not None
    return reading.note


def item_of(note: Incident | Maintenance, now: datetime = NOW) -> IncidentItem | WindowItem:
    """The note as it stands."""
    if isinstance(note, Incident):
        return incident_item(note, NOW, now)
    return window_item(note, Surveillance(), NOW, now)


def messages(*updates: str, now: datetime = NOW, **more: object) -> list[Message]:
    """What is said of a note of these updates."""
    return list(messages_of(item_of(read(*updates, **more), now), now, ZONE))  # type: ignore[arg-type]


def words(told: list[Message]) -> dict[str, str]:
    """The text of each message by its name."""
    return {message.name: message.update.update.text if message.update else "the opening" for message in told}


USUAL = {
    "incident/srv3": "the opening",
    "incident/srv3/1": "We look into it.",
    "incident/srv3/2": "The memory is faulty.",
}


def test_the_opening_word_and_every_update_is_a_message() -> None:
    """Nothing that was said is missing, and everything has a name of its own."""
    told = messages(FIRST, SECOND)
    assert words(told) == USUAL
    assert [message.at.astimezone(ZONE).strftime("%H:%M") for message in told] == ["18:00", "18:10", "18:20"]
    assert all(message.is_dated for message in told)


@pytest.mark.parametrize(
    "corrected",
    [
        pytest.param("Update @ 6:11pm Eastern: We look into it.", id="a time"),
        pytest.param("Update @ 6:25pm Eastern: We look into it.", id="a time that changes the order"),
        pytest.param("Update @ 6:10pm Eastern [investigating]: We look into it.", id="a phase"),
        pytest.param("**Update @ 2026-11-20 18:10 EST:** We look into it.", id="another way to write it"),
    ],
)
def test_a_corrected_update_keeps_its_name(corrected: str) -> None:
    """A typing mistake that is put right comes up nowhere as news."""
    assert words(messages(corrected, SECOND)) == USUAL


def test_an_added_update_leaves_all_others_their_names() -> None:
    """Only what is new is new, whether updates are added below or above."""
    assert words(messages(FIRST, SECOND, THIRD)) == USUAL | {"incident/srv3/3": "It is back."}
    newest_first = [line.replace("@", "@ 2026-11-20") for line in (THIRD, SECOND, FIRST)]
    assert words(messages(*newest_first)) == USUAL | {"incident/srv3/3": "It is back."}
    assert words(messages(*newest_first[1:])) == USUAL


def test_updates_that_change_places_make_nothing_new() -> None:
    """No name comes up that was not there before."""
    assert set(words(messages(SECOND, FIRST))) == set(USUAL)


def test_an_update_in_between_makes_one_new_name() -> None:
    """One entry is new to readers, not every one behind it."""
    between = "Update @ 6:15pm Eastern: We restart it."
    assert set(words(messages(FIRST, between, SECOND))) - set(USUAL) == {"incident/srv3/3"}


@pytest.mark.parametrize(
    "broken", ["Update @ 6:10qm: We look into it.", "    Update @ 6:10pm Eastern: We look into it."]
)
def test_an_update_that_can_be_read_at_last_moves_no_other(broken: str) -> None:
    """A broken line holds its place, so that its repair is one new message and not many."""
    before, after = words(messages(broken, SECOND)), words(messages(FIRST, SECOND))
    assert set(after) - set(before) == {"incident/srv3/1"}
    assert before["incident/srv3/2"] == after["incident/srv3/2"]


@pytest.mark.parametrize(
    "renamed",
    [
        replace(read(FIRST, SECOND, slug="memory"), aliases=("srv3",)),
        replace(read(FIRST, SECOND, slug="ram"), aliases=("srv3", "memory")),
    ],
)
def test_a_renamed_note_keeps_its_names(renamed: Incident) -> None:
    """Its first address goes on in its messages, however often the file was renamed."""
    told = list(messages_of(item_of(renamed), NOW, ZONE))
    assert words(told) == USUAL


def test_incidents_and_windows_do_not_share_names() -> None:
    """Two files of one name in the two folders are two stories."""
    window = messages("Update @ 6:10pm Eastern: We look into it.", kind=Maintenance)
    assert [message.name for message in window] == ["maintenance/srv3", "maintenance/srv3/1"]


@pytest.mark.parametrize(
    ("head", "said", "is_dated"),
    [
        (
            "starts: 2026-12-04 4pm EST\nends: 6pm EST\nannounced: 2026-11-20 9am EST",
            "2026-11-20 09:00",
            True,
        ),
        ("starts: 2026-12-04 4pm EST\nends: 6pm EST", "2026-11-20 00:00", False),
        ("starts: 2026-11-20 4pm EST\nends: 6pm EST", "2026-11-20 16:00", True),
        ("ends: 2026-12-04 6pm EST", "2026-11-20 00:00", False),
    ],
)
def test_a_window_was_announced_when_its_note_says_so(head: str, said: str, is_dated: bool) -> None:
    """Without a date it is told with the beginning of the day: never ahead, and the same all day long."""
    (opening,) = messages(kind=Maintenance, head=head)
    assert (opening.at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M"), opening.is_dated) == (said, is_dated)
    (later,) = messages(kind=Maintenance, head=head, now=NOW + timedelta(hours=2))
    assert later.at == opening.at


def test_an_update_ahead_of_the_clock_is_told_with_the_time_before_it() -> None:
    """A mistyped hour hides nothing, and no message is dated ahead, which would silence those behind it."""
    told = messages(FIRST, "Update @ 11:20pm Eastern [identified]: The memory is faulty.")
    assert words(told) == USUAL
    assert [message.at for message in told[1:]] == [told[1].at] * 2
    assert told[1].at < NOW
    assert told[2].order > told[1].order


def test_what_monitoring_sees_is_told_after_a_while() -> None:
    """A blip is no news; what lasts is told once, and once more when it is over."""
    seen = alert()
    begun, due = seen.started, seen.announced_from
    assert due is not None
    assert not list(alert_messages([seen], due - timedelta(seconds=1)))
    (told,) = alert_messages([seen], due)
    assert (told.name, told.at, told.is_over) == (f"alert/{seen.slug}", due, False)
    blip = replace(seen, ended=due - timedelta(seconds=1), announced_from=None)
    assert not list(alert_messages([blip], begun + timedelta(hours=1)))
    passed = replace(seen, ended=begun + timedelta(minutes=30))
    first, last = alert_messages([passed], begun + timedelta(hours=1))
    assert first.name == told.name
    assert (last.name, last.at, last.is_over) == (f"alert/{seen.slug}/over", passed.ended, True)


def many(count: int) -> Content:
    """A folder with an incident each hour, the newest first; the oldest got its last update just now."""
    notes = []
    for number in range(count):
        begun = NOW - timedelta(hours=1 + number)
        last = NOW if number == count - 1 else begun + timedelta(minutes=20)
        note = read(
            f"Update @ {last:%Y-%m-%d %H:%M} UTC [resolved]: It is back.",
            slug=f"n{number}",
            head=f"started: {begun:%Y-%m-%d %H:%M} UTC",
        )
        assert isinstance(note, Incident)
        notes.append(note)
    return Content(inventory=INVENTORY, incidents=tuple(notes), read_at=NOW)


@pytest.mark.parametrize("component", [None, "srv3"])
def test_the_last_messages_are_found_without_asking_every_note(component: str | None) -> None:
    """What was said last comes first, in however old a note, and an archive of any size costs no more."""
    content = many(60)
    asked: list[str] = []

    class Items(dict[str, IncidentItem]):
        def get(self, slug: str, default: object = None) -> IncidentItem:  # type: ignore[override]
            asked.append(slug)
            return super().__getitem__(slug)

    items = {Incident: Items({note.slug: incident_item(note, NOW, NOW) for note in content.incidents})}
    found = chronicle_of(content).latest(component, items, 10, NOW, ZONE)  # type: ignore[arg-type]
    told = sorted((message.order for message in found), reverse=True)
    everything = [message for note in content.incidents for message in messages_of(item_of(note), NOW, ZONE)]
    assert told == sorted((message.order for message in everything), reverse=True)[:10]
    assert told[0][2] == "incident/n59/1"
    assert len(asked) <= 12


def test_a_component_of_which_nothing_was_said_has_no_messages() -> None:
    """Somebody else's trouble is not in one's feed."""
    chronicle = chronicle_of(many(3))
    assert chronicle.notes["srv3"]
    assert not chronicle.latest("ns3", {Incident: {}, Maintenance: {}}, 10, NOW, ZONE)
