"""Front matter is read as text with its place in the file, and every known trap is closed."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from status_plugin.core.notes import fields
from status_plugin.core.notes.fields import BrokenYamlError, Field, Fields, Items, Text, Value, read_yaml
from status_plugin.core.notes.frontmatter import FrontMatter, read_front_matter
from status_plugin.core.notes.guards import GUARDS, guard_meant
from status_plugin.core.notes.textfile import MAX_BYTES, decode, normalize


def read(text: str) -> FrontMatter:
    return read_front_matter(text, path="incidents/x.md")


def plain(value: Value) -> object:
    """A value without its places."""
    match value:
        case Text():
            return value.text
        case Items():
            return [plain(item) for item in value.items]
    return {field.key: plain(field.value) for field in value.fields}


def field_of(text: str, name: str) -> Field:
    head = read(text)
    assert head.fields is not None
    return head.fields[name]


def rules(head: FrontMatter) -> list[str]:
    return [problem.rule for problem in head.problems]


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "yes",
        "on",
        "10:30",
        "2008",
        "1e3",
        "0x1F",
        "012",
        "1_000",
        ".5",
        "2008-09-04 17:33",
        "=",
        "true",
    ],
)
def test_a_scalar_is_the_text_that_was_written(written: str) -> None:
    """YAML's guesses (10:30 is 630, no is False) never reach a field."""
    assert field_of(f"---\nvalue: {written}\n---\n", "value").value == Text(text=written, line=2, column=8)


@pytest.mark.parametrize("written", ["", " ", "~", "null", "''"])
def test_nothing_is_the_empty_text(written: str) -> None:
    """An empty value, `~` and `null` all say nothing."""
    assert plain(field_of(f"---\nvalue: {written}\n---\n", "value").value) == ""


def test_quoted_null_is_a_word() -> None:
    """What stands in quotes is meant."""
    assert plain(field_of('---\nvalue: "null"\n---\n', "value").value) == "null"


def test_every_value_knows_its_line_and_column() -> None:
    """Places count from 1, in characters as editors do, down to the items of a list in a mapping."""
    text = "\n---\ntitle: Störung\nposts:\n  - {title: größer, url: /x/}\n---\nBody"
    posts = field_of(text, "posts")
    assert (posts.line, posts.column) == (4, 1)
    assert isinstance(posts.value, Items)
    (post,) = posts.value.items
    assert isinstance(post, Fields)
    assert (post.line, post.column) == (5, 5)
    assert post.fields[1].value == Text(text="/x/", line=5, column=26)


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("---\na: b\n---\nBody", "Body", 4),
        ("---\na: b\n---\n\n    code\n", "\n    code", 4),
        ("\n\n---\na: b\n---\nBody", "Body", 6),
        ("---\n---\nBody\n---\nmore", "Body\n---\nmore", 3),
        ("---\r\na: b\r\n---\r\nBody\r\n\r\nmore", "Body\n\nmore", 4),
        ("---\ra: b\r---\rBody", "Body", 4),
        ("\ufeff---\na: b\n---\nBody", "Body", 4),
        ("-----  \na: b\n--- \t\nBody", "Body", 4),
        ("---\na: b\n---", "", 4),
    ],
)
def test_the_body_is_whole_and_knows_its_line(text: str, body: str, line: int) -> None:
    """Whatever ends lines or stands above, the body begins where the file says."""
    head = read(text)
    assert (head.body, head.body_line) == (body, line)
    assert head.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n \n",
        "No fence.",
        "---\ntitle: x\nNo closing fence.",
        "Text.\n\n---\n\nMore.\n\n---\n",
        "\u2014\ntitle: x\n\u2014\n",
        "--\ntitle: x\n--\n",
        " x\n---\ntitle: x\n---\n",
        "---\ntitle: x\n\nUpdate @ 5:33pm Eastern: It is down.\n\n---\nA rule closed the fence.",
        "---\ntitle: x\n\n- **Update 2 @ 5:33pm: It is down.\n---\n",
    ],
)
def test_a_missing_fence_is_an_error(text: str) -> None:
    """Nothing is read from a note whose fields and body cannot be told apart."""
    head = read(text)
    assert head.fields is None
    assert rules(head) == ["fence-missing"]
    assert head.problems[0].line is not None


@pytest.mark.parametrize("block", ["- a\n- b\n", "text\n", "[a, b]\n", '"text"\n'])
def test_a_block_without_keys_is_an_error(block: str) -> None:
    """A list or a text instead of keys is not mistaken for no fields."""
    head = read(f"---\n{block}---\nBody\n")
    assert (head.fields, rules(head)) == (None, ["unreadable-yaml"])
    assert head.problems[0].line == 2


def test_no_fields_are_no_fault_of_the_block() -> None:
    """An empty block, or one of comments, is readable and says nothing."""
    for text in ("---\n---\nBody", "---\n\n# x\n---\nBody"):
        assert (read(text).fields, rules(read(text))) == ({}, [])


def test_of_a_key_written_twice_the_last_counts_and_it_is_an_error() -> None:
    """Never silently, and whatever the keys' case."""
    head = read("---\ntitle: a\nimpact: major\nTitle: b\n---\n")
    assert head.fields is not None
    assert plain(head.fields["title"].value) == "b"
    (problem,) = head.problems
    assert (problem.rule, problem.line, problem.field) == ("duplicate-key", 4, "Title")
    assert "line 2" in problem.message
    assert not head.doubtful


def test_a_guard_written_twice_is_in_doubt() -> None:
    """Nobody guesses which of two drafts was meant."""
    assert read("---\ndraft: true\ndraft: false\n---\n").doubtful


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("title: Srv3: down again", "Srv3: down again"),
        ("title: [Resolved] Srv3 is back", "[Resolved] Srv3 is back"),
        ("title: *Srv3* is down", "*Srv3* is down"),
        ("title: @Srv3 is down", "@Srv3 is down"),
        ("title: `Srv3` is down", "`Srv3` is down"),
        ("title: %50 lost", "%50 lost"),
        ("title: &amp; more", "&amp; more"),
        ("title: !important news", "!important news"),
        ("title: - Srv3", "- Srv3"),
        ('title: "Srv3 is down', "Srv3 is down"),
        ("title: 'Srv3's memory'", "Srv3's memory"),
        ('title: "Srv3" and "Srv9": down', '"Srv3" and "Srv9": down'),
        ('title: "C:\\dir"', "C:\\dir"),
        ("title:Srv3 is down", "Srv3 is down"),
        ("title: Srv3:", "Srv3:"),
    ],
)
def test_a_line_that_is_no_yaml_is_read_as_text(line: str, text: str) -> None:
    """A typing mistake in a title costs neither the title nor the fields around it, and is an error."""
    head = read(f"---\nimpact: major\n{line}\naffects: [srv3]\n---\n")
    assert head.fields is not None
    assert {name: plain(field.value) for name, field in head.fields.items()} == {
        "impact": "major",
        "title": text,
        "affects": ["srv3"],
    }
    (problem,) = head.problems
    assert (problem.rule, problem.line, problem.field) == ("unquoted-text", 3, "title")
    assert problem.hint.startswith('Write: title: "')


def test_the_suggested_line_reads_as_the_text() -> None:
    """The hint can be copied into the file."""
    for title in ('Srv3: "down" again', "[Resolved] it's \\ back: now"):
        hint = read(f"---\ntitle: {title}\n---\n").problems[0].hint
        assert plain(field_of(f"---\n{hint.removeprefix('Write: ')}\n---\n", "title").value) == title


def test_a_broken_field_of_several_lines_costs_itself() -> None:
    """The fields above and below it stand."""
    head = read("---\ntitle: x\nposts:\n  - title: a\n   url: b\nimpact: major\n---\n")
    assert head.fields is not None
    assert list(head.fields) == ["title", "impact"]
    assert [(p.rule, p.line, p.field) for p in head.problems] == [("unreadable-yaml", 5, "posts")]


@pytest.mark.parametrize(
    "block",
    [
        "title: a: b\ndraft:true\n",
        "title: x\n draft: true\n",
        "title: x\n drfat : true\n",
        "posts:\n  - a\n   announced: 2027-01-01\n",
        'title: "a\n  redacted: yes\n',
        "title: {draft: true\n",
    ],
)
def test_what_cannot_be_read_may_hide_no_guard(block: str) -> None:
    """Where a line that hides the note may be among the broken ones, nothing is recovered."""
    head = read(f"---\n{block}---\n")
    assert (head.fields, head.doubtful) == (None, True)


def test_anchors_aliases_merge_keys_and_tags_mean_nothing() -> None:
    """They are text at most, and an error, so nothing can refer to itself, grow or run."""
    for value in ("&a x", "*a", "!!python/object/apply:os.system [id]", "!x y", "&a [*a]"):
        head = read(f"---\ntitle: {value}\nimpact: major\n---\n")
        assert head.fields is not None
        assert isinstance(head.fields["title"].value, Text)
        assert rules(head) == ["unquoted-text"]
    assert rules(read("---\na: {b: c}\n<<: *a\n---\n")) == ["unquoted-text"]


def test_a_billion_laughs_cost_nothing() -> None:
    """Aliases are not followed, not even to find out how much they would be."""
    levels = "".join(f"a{n}: &a{n} [{', '.join(f'*a{n - 1}' for _ in range(9))}]\n" for n in range(1, 60))
    begun = time.monotonic()
    head = read(f"---\na0: &a0 lol\n{levels}---\n")
    assert time.monotonic() - begun < 1
    assert len(head.problems) == 60


@pytest.mark.parametrize(
    "unit", ["[", "{", "- ", "? ", "a: ", "&a ", "!!", '"', "'", "\t", "a:\n", "[a: ", "#", "|"]
)
def test_a_hostile_block_costs_little(unit: str) -> None:
    """Deep nesting and endless openings are refused without deep recursion or a long wait."""
    for size in (19_000, 900_000):
        block = (unit * size)[:size]
        begun = time.monotonic()
        heads = [read(f"---\ntitle: {block}\n---\n"), read(f"---\n{block}\n---\n")]
        assert time.monotonic() - begun < 5
        assert all(head.fields is not None or head.problems for head in heads)


def test_values_nest_only_so_deep() -> None:
    """The limit stands where it says, and what is deeper is an error with its place."""
    assert read_yaml("[" * 8 + "]" * 8, path="x")
    with pytest.raises(BrokenYamlError, match="nest too deeply") as error:
        read_yaml("[" * 12 + "]" * 12, path="x")
    assert (error.value.line, error.value.column) == (1, 10)


def test_a_second_document_is_an_error() -> None:
    """What follows the end of the YAML is not dropped silently."""
    head = read("---\ntitle: x\n...\nimpact: major\n---\n")
    assert (head.fields, rules(head)) == (None, ["unreadable-yaml"])


def test_a_comment_that_cuts_a_text_is_an_error() -> None:
    """'disk #2 failed' loses its number to YAML; a comment with a blank behind its mark is a comment."""
    (problem,) = read("---\ntitle: RAID disk #2 failed\n---\n").problems
    assert (problem.rule, problem.line, problem.column) == ("comment-in-text", 2, 18)
    for fine in ("title: x # a comment", 'title: "disk #2"', "title: a#b", "# title: x #y", "url: /x/#y"):
        assert read(f"---\n{fine}\n---\n").problems == ()


def test_control_characters_are_replaced_and_reported() -> None:
    """No page, feed or YAML parser ever meets one; line and column are those of the first."""
    head = read("---\ntitle: a\n---\nBo\x00dy\x1b[0m \x85 \x0c \ufffe")
    assert head.body == "Bo\ufffddy\ufffd[0m \ufffd \ufffd \ufffd"
    (problem,) = head.problems
    assert (problem.rule, problem.line, problem.column) == ("control-character", 4, 3)


def test_only_a_line_feed_ends_a_line() -> None:
    """Line numbers are those of an editor, whatever else ends lines for YAML or for Python."""
    text, problems = normalize("a\u2028b\u2029c\x0bd\r\ne\rf\n", path="x")
    assert text == "a b c\ufffdd\ne\nf\n"
    assert len(problems) == 1
    head = read("---\ntitle: a\u2028b\nwrong\u2029: x\nimpact: major\n---\n")
    assert head.fields is not None
    assert head.fields["impact"].line == 4


def test_a_file_that_is_not_utf_8_names_its_line() -> None:
    """The place is that of the first byte that is wrong; UTF-16 is called by its name."""
    found = decode("eins\nzw\u00f6lf Stör".encode() + b"\xf6", path="x.md")
    assert not isinstance(found, str)
    assert (found.rule, found.line, found.column) == ("not-utf-8", 2, 11)
    utf16 = decode("x".encode("utf-16"), path="x.md")
    assert not isinstance(utf16, str)
    assert "UTF-16" in utf16.message
    assert decode("\ufeffzwölf".encode(), path="x.md") == "\ufeffzwölf"


def test_a_file_beyond_the_limit_is_refused() -> None:
    """A megabyte is read, one byte more is not."""
    assert isinstance(decode(b"x" * MAX_BYTES, path="x"), str)
    found = decode(b"x" * (MAX_BYTES + 1), path="x")
    assert not isinstance(found, str)
    assert found.rule == "too-large"


@pytest.mark.parametrize(
    ("key", "guard"),
    [
        *[(guard, guard) for guard in GUARDS],
        ("drafts", "draft"),
        ("darft", "draft"),
        ("draf", "draft"),
        ("is draft", "draft"),
        ("DRAFT", "draft"),
        ("published", "draft"),
        ("hidden", "draft"),
        ("anounced", "announced"),
        ("announce", "announced"),
        ("annonced", "announced"),
        ("embargo", "announced"),
        ("redact", "redacted"),
        ("redcated", "redacted"),
        ("reacted", "redacted"),
    ],
)
def test_a_misspelt_guard_is_recognised(key: str, guard: str) -> None:
    """A key that may be meant to hide a note is not shrugged off."""
    assert guard_meant(key) == guard


@pytest.mark.parametrize(
    "key",
    [
        "title",
        "started",
        "resolved",
        "impact",
        "affects",
        "posts",
        "tags",
        "aliases",
        "postmortem_due",
        "starts",
        "ends",
        "duration",
        "emergency",
        "expected_downtime",
        "content",
        "handler",
        "date",
        "related",
        "severity",
        "description",
        "created",
        "after",
    ],
)
def test_other_keys_are_no_guards(key: str) -> None:
    """A wrong key that has nothing to do with hiding costs itself alone."""
    assert guard_meant(key) is None


def test_it_reads_the_same_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pure parser stands in where there is no compiled one."""
    texts = [
        "---\ntitle: Größe: x\naffects: [srv9, {ns9: degraded}]\n---\nBody",
        "---\ntitle: >\n  a\n  b\nposts:\n  - {title: x, url: /y/}\n---\n",
        "---\n- a\n---\n",
    ]
    compiled = [read(text) for text in texts]
    monkeypatch.setattr(fields, "_LOADER", yaml.BaseLoader)
    assert [head.fields for head in map(read, texts)] == [head.fields for head in compiled]


@given(st.text())
def test_any_text_gives_fields_or_a_problem(text: str) -> None:
    """Nothing that can stand in a file raises."""
    for whole in (text, f"---\n{text}\n---\nBody", f"---\ntitle: {text}\n---\n"):
        head = read(whole)
        assert head.fields is not None or head.problems


@given(st.text(alphabet="ab:-#'\"[]{}&*!|> \n\t", max_size=60))
def test_any_yaml_like_text_gives_fields_or_a_problem(text: str) -> None:
    """Nor does anything made of YAML's own characters."""
    head = read(f"---\n{text}\n---\nBody")
    assert head.fields is not None or head.problems
