"""A hundred ways to break a note, thrown into a folder of good ones: none of them costs another note."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from status_plugin.core.notes.content import Content
from status_plugin.core.problems import Severity
from status_plugin.sources.content import ContentFolder

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
COMPONENTS = "- name: Srv3\n- name: Srv9\n"

HEAD = "title: Srv9 is down\nstarted: 2026-11-20 6:00pm Eastern\nimpact: major\naffects: [srv9]\n"
GOOD = f"---\n{HEAD}---\nBody.\n\nUpdate @ 6:40pm Eastern [identified]: We know why.\n"
WINDOW = "title: New memory\nstarts: 2026-12-04 4:00pm EST\nends: 6:00pm\naffects: srv9\n"


def head(text: str) -> str:
    """An incident whose front matter is `text`."""
    return f"---\n{text}---\nBody.\n"


def more(text: str) -> str:
    """A good incident with more lines of front matter."""
    return head(HEAD + text)


def without(key: str, instead: str = "") -> str:
    """A good incident in which the line of one key is another."""
    lines = [instead if line.startswith(key) else line for line in HEAD.splitlines()]
    return head("".join(f"{line}\n" for line in lines if line))


def body(text: str) -> str:
    """A good incident with a body of its own."""
    return f"---\n{HEAD}---\n{text}\n"


# Each breakage with the line at which it must be named.
INCIDENTS: dict[str, tuple[str | bytes, int]] = {
    "empty": ("", 1),
    "blank": (" \n\n", 1),
    "no-front-matter": ("Srv9 is down.\n", 1),
    "no-closing-fence": (f"---\n{HEAD}Body.\n", 1),
    "no-opening-fence": (f"{HEAD}---\nBody.\n", 1),
    "two-hyphens": (f"--\n{HEAD}--\nBody.\n", 1),
    "em-dash-fence": (f"\u2014\n{HEAD}\u2014\nBody.\n", 1),
    "dots-for-a-fence": (f"---\n{HEAD}...\nBody.\n", 1),
    "plus-signs": (f"+++\n{HEAD}+++\nBody.\n", 1),
    "code-fence": (f"```yaml\n{HEAD}```\nBody.\n", 1),
    "a-rule-closes-it": (f"---\n{HEAD}\nUpdate @ 6:40pm Eastern: x\n\n---\nmore\n", 7),
    "only-fences": ("---\n---\n", 1),
    "json": ('{"title": "x"}\n', 1),
    "list": (head("- title\n- impact\n"), 2),
    "scalar": (head("words\n"), 2),
    "prose-inside": (head("title: x\nand more words\nimpact: major\n"), 4),
    "second-document": (head("title: x\n...\nimpact: major\n"), 4),
    "latin-1": (GOOD.replace("Body", "Störung").encode("latin-1"), 7),
    "utf-16": (GOOD.encode("utf-16"), 1),
    "half-a-character": (GOOD.encode() + b"\xe2\x82", 10),
    "nul-bytes": (b"\0" * 100, 1),
    "nul-in-title": (without("title", "title: Srv9\0 is down"), 2),
    "escape-sequence": (body("Body \x1b[31mred"), 7),
    "binary": (bytes(range(256)), 2),
    "too-large": (GOOD + "x" * 1_000_000, 1),
    "long-front-matter": (more("x: " + "y" * 30_000 + "\n"), 1),
    "tab-indent": (more("posts:\n\t- x\n"), 7),
    "tab-first": (head("\ttitle: x\n"), 2),
    "colon-in-title": (without("title", "title: Srv9: down"), 2),
    "brackets-in-title": (without("title", "title: [Resolved] Srv9"), 2),
    "star-in-title": (without("title", "title: *Srv9* down"), 2),
    "at-in-title": (without("title", "title: @Srv9"), 2),
    "backtick-in-title": (without("title", "title: `Srv9`"), 2),
    "percent-in-title": (without("title", "title: %50"), 2),
    "open-quote": (without("title", 'title: "Srv9 is down'), 2),
    "stray-apostrophe": (without("title", "title: 'Srv9's memory'"), 2),
    "bad-escape": (without("title", 'title: "C:\\srv9"'), 2),
    "hash-in-title": (without("title", "title: disk #2 failed"), 2),
    "no-blank": (without("title", "title:Srv9"), 2),
    "equals-sign": (head("title = x\n"), 2),
    "no-title": (without("title"), 1),
    "empty-title": (without("title", "title:"), 2),
    "title-list": (without("title", "title: [a, b]"), 2),
    "title-twice": (more("title: y\n"), 6),
    "anchor": (without("title", "title: &a x"), 2),
    "alias": (without("title", "title: *a"), 2),
    "merge-key": (more("<<: *a\n"), 6),
    "tag": (without("title", "title: !!python/name:os.system"), 2),
    "billion-laughs": (more("a: &a [l, l]\nb: &b [*a, *a]\nc: [*b, *b]\n"), 6),
    "self-reference": (more("a: &a [*a]\n"), 6),
    "deep-nesting": (more("a: " + "[" * 200 + "]" * 200 + "\n"), 6),
    "complex-key": (more("? [a, b]\n: c\n"), 6),
    "unclosed-list": (without("affects", "affects: [srv9"), 6),
    "unclosed-mapping": (without("affects", "affects: {srv9: major"), 6),
    "wrong-indent": (more("posts:\n  - title: a\n   url: /b/\n"), 8),
    "unknown-key": (more("severity: high\n"), 6),
    "misspelt-key": (more("afects: [srv3]\n"), 6),
    "key-of-a-window": (more("ends: 2026-11-20 8pm\n"), 6),
    "key-content": (more("content: x\n"), 6),
    "key-handler": (more("handler: x\n"), 6),
    "number-as-key": (more("10: x\n"), 6),
    "draft-maybe": (more("draft: maybe\n"), 6),
    "draft-empty": (more("draft:\n"), 6),
    "draft-misspelt": (more("drafts: true\n"), 6),
    "draft-no-blank": (more("draft:true\n"), 6),
    "draft-indented": (more(" draft: true\n"), 6),
    "draft-list": (more("draft: [yes]\n"), 6),
    "draft-twice": (more("draft: true\ndraft: false\n"), 7),
    "published": (more("published: false\n"), 6),
    "announced-misspelt": (more("anounced: 2027-01-01\n"), 6),
    "announced-vague": (more("announced: later\n"), 6),
    "announced-empty": (more("announced:\n"), 6),
    "redacted-misspelt": (more("redact: true\n"), 6),
    "redacted-unclear": (more("redacted: some\n"), 6),
    "started-missing": (without("started"), 1),
    "started-slashes": (without("started", "started: 11/20 6pm"), 3),
    "started-31-february": (without("started", "started: 2026-02-31 6pm"), 3),
    "started-no-date": (without("started", "started: 10:30"), 3),
    "started-number": (without("started", "started: 2026"), 3),
    "started-now": (without("started", "started: now"), 3),
    "started-weekday": (without("started", "started: Friday 6pm"), 3),
    "started-25-o-clock": (without("started", "started: 2026-11-20 25:00"), 3),
    "started-zone": (without("started", "started: 2026-11-20 6pm Mars"), 3),
    "started-ahead": (without("started", "started: 2027-11-20 6pm Eastern"), 3),
    "started-list": (without("started", "started: [6pm]"), 3),
    "resolved-word": (more("resolved: yes\n"), 6),
    "resolved-before": (more("resolved: 2026-11-20 2pm\n"), 6),
    "impact-word": (without("impact", "impact: mayor"), 4),
    "impact-list": (without("impact", "impact: [major]"), 4),
    "affects-unknown": (without("affects", "affects: [srv99]"), 5),
    "affects-state": (without("affects", "affects: [{srv9: majro}]"), 5),
    "affects-nested": (without("affects", "affects: [[srv9]]"), 5),
    "posts-script": (more('posts: [{title: x, url: "javascript:x"}]\n'), 6),
    "posts-text": (more("posts: [/blog/]\n"), 6),
    "aliases-words": (more("aliases: [Two Words]\n"), 6),
    "tags-mapping": (more("tags: [{a: b}]\n"), 6),
    "postmortem-due": (more("postmortem_due: soon\n"), 6),
    "update-time": (body("Update @ 9/4: x"), 7),
    "update-phase": (body("Update @ 6:40pm Eastern [identifed]: x"), 7),
    "update-ahead": (body("Update @ 2027-11-20 6:40pm Eastern: x"), 7),
}

WINDOWS: dict[str, tuple[str | bytes, int]] = {
    "starts-missing": (head(WINDOW.replace("starts", "begins")), 3),
    "starts-unreadable": (head(WINDOW.replace("2026-12-04 4:00pm EST", "next Friday")), 3),
    "ends-missing": (head(WINDOW.replace("ends: 6:00pm\n", "")), 1),
    "ends-before-starts": (head(WINDOW.replace("6:00pm", "2026-12-04 3:00pm")), 4),
    "duration-contradicts": (head(WINDOW + "duration: 5h\n"), 6),
    "duration-unreadable": (head(WINDOW + "duration: long\n"), 6),
    "emergency-unclear": (head(WINDOW + "emergency: perhaps\n"), 6),
    "state-in-a-window": (head(WINDOW.replace("srv9\n", "{srv9: major}\n")), 5),
    "impact-in-a-window": (head(WINDOW + "impact: major\n"), 6),
}

BROKEN = {f"incidents/{name}.md": found for name, found in INCIDENTS.items()} | {
    f"maintenance/{name}.md": found for name, found in WINDOWS.items()
}


def write(root: Path, path: str, text: str | bytes) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())


def write_good(root: Path) -> None:
    """Good notes that stand before, among and behind the broken ones, by name and by folder."""
    write(root, "components.yml", COMPONENTS)
    for path in ("incidents/0.md", "incidents/m/good.md", "incidents/zz.md"):
        write(root, path, GOOD)
    write(root, "maintenance/good.md", head(WINDOW))


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> tuple[Content, Content]:
    """The folder without and with the broken notes."""
    root = tmp_path_factory.mktemp("content")
    write_good(root)
    good = ContentFolder(root, zone=ZONE).read(NOW)
    for path, (text, _) in BROKEN.items():
        write(root, path, text)
    return good, ContentFolder(root, zone=ZONE).read(NOW)


def test_there_are_a_hundred_breakages() -> None:
    """All different."""
    assert len(BROKEN) >= 100
    assert len({text for text, _ in BROKEN.values()}) == len(BROKEN)


def test_every_good_note_is_still_read(contents: tuple[Content, Content]) -> None:
    """To the last letter."""
    good, all_of_them = contents
    assert (len(good.incidents), len(good.windows), good.problems) == (3, 1, ())
    for note in good.incidents:
        assert note in all_of_them.incidents
    for window in good.windows:
        assert window in all_of_them.windows


@pytest.mark.parametrize("path", BROKEN)
def test_every_broken_note_is_named_with_its_line(contents: tuple[Content, Content], path: str) -> None:
    """As an error, with what to do."""
    _, line = BROKEN[path]
    found = [problem for problem in contents[1].problems if problem.path == path]
    errors = [problem for problem in found if problem.severity is Severity.ERROR]
    assert line in [problem.line for problem in errors]
    for problem in found:
        assert problem.message
        assert problem.hint
        assert problem.rule


def test_a_broken_note_is_shown_or_counted(contents: tuple[Content, Content]) -> None:
    """Every file is either on the page or among the withheld; none disappears."""
    shown = {note.path for note in (*contents[1].incidents, *contents[1].windows)}
    withheld = set(BROKEN) - shown
    assert len(withheld) == contents[1].withheld
    assert "incidents/colon-in-title.md" in shown
    assert "incidents/no-closing-fence.md" in withheld


def test_a_typing_mistake_does_not_unpublish_an_outage(contents: tuple[Content, Content]) -> None:
    """Only a missing fence, unreadable YAML or text, and what may be meant to hide, withhold a note."""
    shown = {note.path for note in (*contents[1].incidents, *contents[1].windows)}
    fields = ("started", "resolved", "impact", "affects", "posts", "tags", "aliases", "update", "title")
    named_after_a_field = {path for path in BROKEN if Path(path).stem.startswith(fields)}
    assert len(named_after_a_field) > 25
    assert named_after_a_field <= shown


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: f"---\n{text}\n---\n{text}".encode()))
def test_no_bytes_raise_or_touch_another_note(data: bytes) -> None:
    """Whatever a note's file holds, reading the folder succeeds and the others are as they were."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        write_good(root)
        good = ContentFolder(root, zone=ZONE).read(NOW)
        write(root, "incidents/any.md", data)
        content = ContentFolder(root, zone=ZONE).read(NOW)
        others = tuple(note for note in content.incidents if note.path != "incidents/any.md")
        assert (others, content.windows) == (good.incidents, good.windows)
        named = {problem.path for problem in content.problems}
        assert named <= {"incidents/any.md"}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_to_a_good_note_raises(data: st.DataObject) -> None:
    """Cut anywhere, with anything put in: it is read, withheld or kept, and never an exception."""
    start = data.draw(st.integers(0, len(GOOD)))
    end = data.draw(st.integers(start, len(GOOD)))
    damaged = GOOD[:start] + data.draw(st.text(max_size=20)) + GOOD[end:]
    with TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, "components.yml", COMPONENTS)
        write(root, "incidents/a.md", GOOD)
        source = ContentFolder(root, zone=ZONE)
        source.read(NOW)
        write(root, "incidents/a.md", damaged)
        content = source.read(NOW)
        is_draft = "draft" in damaged
        assert content.incidents or content.withheld or is_draft
