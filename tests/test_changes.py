"""What readers learn when the folder of notes changes: cases as data, and promises for every history."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from status_plugin.core.board.changes import Changes, changes
from status_plugin.core.board.messages import messages_of
from status_plugin.core.board.news import News, NoteItem, Origin
from status_plugin.core.board.standing import standing
from status_plugin.core.monitoring.memory import Memory
from status_plugin.core.monitoring.summary import Summary
from status_plugin.core.notes.components import Component, Inventory
from status_plugin.core.notes.content import Content
from status_plugin.core.notes.note import Incident, Maintenance
from status_plugin.core.notes.reader import read_note
from status_plugin.sources.content import ContentFolder

FOLDER = Path(__file__).parent / "golden" / "changes"
ZONE = ZoneInfo("America/New_York")
COMPONENTS = "- name: Srv3\n- name: Srv9\n- name: ns3\n"


def said(news: News) -> str:
    """A piece of news as the cases write it."""
    line = f"{news.kind.value} {news.name} {news.value}".rstrip()
    if news.before and news.before.note.starts:
        line += f", before {news.before.note.starts.at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if news.heard is not None:
        new = sorted(news.components - news.heard)
        line += f" for {', '.join(new)}, heard by {', '.join(sorted(news.heard))}"
    return line


def told(found: Changes) -> list[str]:
    """All news."""
    return [said(news) for news in found.news]


def read_folder(root: Path, files: dict[str, str], now: datetime) -> Content:
    """A folder of these files, read as the page reads it."""
    for path, text in {"components.yml": COMPONENTS, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return ContentFolder(root, zone=ZONE).read(now)


def after(case: dict[str, Any]) -> dict[str, str]:
    """The files after the change: edited ones, and those that are written out."""
    files = dict(case["before"]) if "edit" in case else {}
    for path, edits in case.get("edit", {}).items():
        for old, new in edits:
            assert old in files[path], f"{old!r} is not in {path}"
            files[path] = files[path].replace(str(old), str(new))
    return files | case.get("after", {})


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yml")), ids=lambda path: path.stem)
def test_golden_case(path: Path, tmp_path: Path) -> None:
    """Two folders of notes, and what readers of the one learn by the other."""
    case = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    now = datetime.fromisoformat(case["now"]).replace(tzinfo=ZONE)
    old = read_folder(tmp_path / "old", case["before"], now)
    new = read_folder(tmp_path / "new", after(case), now)
    found = changes(old, new, now, ZONE)
    assert told(found) == case["expect"]
    assert list(found.gone) == case.get("gone", [])
    assert dict(found.renamed) == case.get("renamed", {})
    assert not changes(new, new, now, ZONE).news


@dataclass(frozen=True)
class Story:
    """A note that staff write over time; `said` are the phases of its updates."""

    kind: type[Incident] | type[Maintenance]
    said: tuple[str, ...] = ()
    moved: int = 0
    closed: bool = False
    touches: tuple[str, ...] = ("srv3",)
    name: str = "first"
    spelling: int = 0
    minute: int = 0

    def note(self) -> Incident | Maintenance:
        """The note as it is read."""
        is_incident = self.kind is Incident
        begin = NOON if is_incident else NOON + timedelta(hours=20)
        moved = begin + timedelta(hours=self.moved)
        head = [
            f"title: Note{'s' * self.spelling}",
            f"affects: [{', '.join(self.touches)}]",
            "aliases: [first]",
        ]
        if is_incident:
            head += [f"started: {begin:%Y-%m-%d %H:%M}", "impact: major"]
            head += [f"resolved: {NOON + timedelta(hours=9):%Y-%m-%d %H:%M}"] if self.closed else []
        else:
            head += [f"starts: {moved:%Y-%m-%d %H:%M}", "duration: 2h"]
        body = [f"Something{'s' * self.spelling}."]
        for hour, phase in enumerate(self.said, start=1):
            at = NOON + timedelta(hours=hour, minutes=self.minute)
            body.append(f"Update @ {at:%Y-%m-%d %H:%M}{phase}: Word{'s' * self.spelling}.")
        text = "\n".join(["---", *head, "---", "\n\n".join(body)])
        path = f"{'incidents' if is_incident else 'maintenance'}/{self.name}.md"
        reading = read_note(text, path=path, kind=self.kind, zone=ZONE, inventory=INVENTORY, read_at=NOW)
        assert reading.note is not None
        assert not reading.note.incomplete
        return reading.note


NOON = datetime(2026, 11, 20, 0, 0, tzinfo=ZONE)
NOW = NOON + timedelta(hours=10)
INVENTORY = Inventory(components=tuple(Component(slug=slug, name=slug) for slug in ("srv3", "srv9", "ns3")))
PHASES = {
    Incident: ["", " [identified]", " [monitoring]", " [resolved]", " [investigating]"],
    Maintenance: ["", " [scheduled]", " [in progress]", " [verifying]", " [completed]", " [cancelled]"],
}


def content(*stories: Story | None) -> Content:
    """A folder of these notes; None stands for a note that is not there."""
    notes = [story.note() for story in stories if story]
    return Content(
        inventory=INVENTORY,
        incidents=tuple(note for note in notes if isinstance(note, Incident)),
        windows=tuple(note for note in notes if isinstance(note, Maintenance)),
        read_at=NOW,
    )


@st.composite
def continued(draw: st.DrawFn, story: Story | None, kind: Any = Incident) -> Story | None:
    """What may become of a note by the next commit: more is said, a window moves, it goes or comes."""
    if story is None:
        return draw(st.none() | st.builds(Story, kind=st.just(kind)))
    if draw(st.integers(0, 9)) == 0:
        return None
    more = draw(st.lists(st.sampled_from(PHASES[story.kind]), max_size=2))
    touches = draw(st.sampled_from([story.touches, ("srv3", "srv9"), ("srv3", "srv9", "ns3")]))
    return replace(
        draw(retouched(story)),
        said=(*story.said, *more)[:8],
        moved=draw(st.sampled_from([story.moved, 0, 24, 48])),
        closed=story.kind is Incident and draw(st.booleans()),
        touches=max(story.touches, touches, key=len),
    )


def retouched(story: Story) -> st.SearchStrategy[Story]:
    """The same note with other spellings, other minutes and another name of its file."""
    return st.builds(
        replace,
        st.just(story),
        name=st.sampled_from(["first", "second", "third"]),
        spelling=st.integers(0, 2),
        minute=st.integers(0, 59),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[list[Story | None]]:
    """Three commits of a folder of an incident and a window."""
    kinds = (Incident, Maintenance)
    begun = [draw(st.none() | st.just(Story(kind=kind)).flatmap(continued)) for kind in kinds]
    second = [draw(continued(story, kind)) for story, kind in zip(begun, kinds, strict=True)]
    return [begun, second, [draw(continued(story, kind)) for story, kind in zip(second, kinds, strict=True)]]


@dataclass
class Reader:
    """What a follower of a component knows of each note: its updates, its times, whether it is over."""

    component: str
    words: dict[str, set[int]] = field(default_factory=dict)
    plans: dict[str, str] = field(default_factory=dict)
    over: dict[str, bool] = field(default_factory=dict)

    def hear(self, found: Changes) -> None:
        """Learn what is told, and from the same message how the note stands."""
        for news in found.news:
            if self.component not in news.components or self.component in (news.heard or ()):
                continue
            note = news.name.partition("/")[0]
            self.words.setdefault(note, set()).update([news.update.update.number] if news.update else [])
            if news.origin is Origin.PLAN:
                self.plans[note] = news.value
            self.over[note] = over(news.item)  # type: ignore[arg-type]

    def knows(self, now: Content) -> tuple[dict[str, Any], ...]:
        """What is known of the notes that are there now.

        Nobody needs to know the times of what is over; late followers need no earlier word, and nothing
        of what is over by now.
        """
        notes = {"incident" for _ in now.incidents} | {"maintenance" for _ in now.windows}
        ahead = {note: plan for note, plan in self.plans.items() if not self.over[note]}
        still_on = {note: False for note, is_over in self.over.items() if not is_over}
        known = [self.words, ahead, self.over] if self.component == "srv3" else [ahead, still_on]
        return tuple({note: value for note, value in each.items() if note in notes} for each in known)


def over(item: NoteItem) -> bool:
    """Whether a note says that it is over."""
    return item.phase.value in ("resolved", "postmortem", "completed", "cancelled")


def found_between(old: Content, new: Content) -> Changes:
    """What readers learn."""
    return changes(old, new, NOW, ZONE)


NOTHING = Content(inventory=INVENTORY, read_at=NOW)


@settings(max_examples=60, deadline=None)
@given(histories(), st.sampled_from(["srv3", "srv9", "ns3"]))
def test_two_steps_tell_what_one_tells(history: list[list[Story | None]], component: str) -> None:
    """Who hears of A..B and then of B..C knows what somebody knows who hears of A..C at once."""
    first, second, third = (content(*stories) for stories in history)
    stepwise, at_once = Reader(component), Reader(component)
    for reader in (stepwise, at_once):
        reader.hear(found_between(NOTHING, first))
    stepwise.hear(found_between(first, second))
    stepwise.hear(found_between(second, third))
    at_once.hear(found_between(first, third))
    assert stepwise.knows(third) == at_once.knows(third)


@settings(max_examples=60, deadline=None)
@given(histories(), st.data())
def test_corrections_are_no_news(history: list[list[Story | None]], data: st.DataObject) -> None:
    """Other spellings, other times of old updates and other names of files are told to nobody."""
    stories = [story for story in history[-1] if story]
    retold = [data.draw(retouched(story)) for story in stories]
    found = found_between(content(*stories), content(*retold))
    assert told(found) == []
    assert found.renamed == ()


@settings(max_examples=60, deadline=None)
@given(histories())
def test_news_and_feeds_have_the_same_names(history: list[list[Story | None]]) -> None:
    """What is told as new under the name of a feed's entry is new in the feed, and the other way round."""
    old, new = content(*history[1]), content(*history[2])
    names = {
        news.name for news in found_between(old, new).news if news.origin is Origin.WORD and not news.heard
    }
    assert names == feed_names(new) - feed_names(old)


def feed_names(now: Content) -> set[str]:
    """The names of all messages that the feeds can have."""
    stand = standing(now, Summary(), Memory(), NOW, ZONE)
    items: list[NoteItem] = [*stand.incidents, *stand.windows]
    return {message.name for item in items for message in messages_of(item, NOW, ZONE)}
