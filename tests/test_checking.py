"""The rules of `flask status check`: each has a note that breaks it, and one that does not."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from checked_notes import ELSEWHERE, FOLDER, checked, place_of, problems_of, rules
from click.testing import Result
from mounted_site import INCIDENT, Site, mounted_site

from status_plugin.settings import SettingError
from status_plugin.staff.checking.check import Places, Terms, find_problems
from status_plugin.staff.checking.registry import RULES
from status_plugin.staff.checking.site import problems_of_note

PLACES = {line.split()[0]: line for line in (FOLDER / "places.txt").read_text("utf-8").splitlines()}
OVER = INCIDENT.replace("2026", "2025").replace(
    "[identified; next update 7:30pm]: Half", "[resolved]: A fault: half"
)


def run(site: Site, *words: str) -> Result:
    """What the command says and how it ends."""
    return site.app.test_cli_runner().invoke(args=["status", "check", *words])


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site; commands are given in its folder."""
    monkeypatch.chdir(tmp_path)
    return mounted_site(tmp_path, components="- name: Srv3\n- name: Accounts\n")


class TestGoldenNotes:
    """tests/golden/checks/"""

    def test_every_rule_has_a_case(self) -> None:
        """No rule of the registry is without its two notes, and no notes are without their rule."""
        assert set(rules()) | set(ELSEWHERE) == set(RULES)
        for rule, file in ELSEWHERE.items():
            assert rule in (FOLDER.parent.parent.parent / file).read_text("utf-8")

    @pytest.mark.parametrize("rule", rules())
    def test_the_bad_one_is_found(self, tmp_path: Path, rule: str) -> None:
        """Where the rule is broken it is told, at its place and no milder than the registry says."""
        found = problems_of(rule, "bad", tmp_path)
        assert place_of(rule, found) == PLACES[rule]

    @pytest.mark.parametrize("rule", rules())
    def test_the_good_one_is_good(self, tmp_path: Path, rule: str) -> None:
        """Nothing at all is wrong with a note that keeps the rule."""
        assert [str(problem) for problem in problems_of(rule, "good", tmp_path)] == []

    @pytest.mark.parametrize(
        "rule",
        [name for name in rules() if RULES[name].can_be_allowed and (FOLDER / name / "bad.md").exists()],
    )
    def test_what_can_be_allowed_can_be(self, tmp_path: Path, rule: str) -> None:
        """A line above the place, that is all it takes; nobody says then that it is of no use."""
        problems_of(rule, "bad", tmp_path)
        [note] = tmp_path.glob("content/*/note.md")
        lines = note.read_text("utf-8").split("\n")
        line = int(PLACES[rule].split(":")[1])
        in_text = line > lines.index("---", 1) + 1
        lines.insert(line - 1, f"<!-- allow: {rule} -->" if in_text else f"# allow: {rule}")
        note.write_text("\n".join(lines), "utf-8")
        found = [problem.rule for problem in checked(tmp_path)]
        assert not {rule, "unused-allowance", "wrong-allowance"} & set(found)

    def test_severities(self) -> None:
        """What a rule says of itself is what it does; code that is only indented costs less."""
        told = {rule: line.split()[1] for rule, line in PLACES.items()}
        assert {rule for rule in told if told[rule] != RULES[rule].severity} == {"update-in-code"}


PROMISES = [
    "It will be fixed by 6pm.",
    "All servers should be back online within 2 hours.",
    "We'll have everything restored in half an hour.",
    "Mail will be back up in a few minutes.",
    "We expect it to be fixed by tomorrow.",
    "We hope to have Srv3 back by noon.",
    "Back in an hour.",
    "Srv3 is down. Back online by 7:30pm!",
    "Everything will be resolved shortly.",
    "The estimated time of repair is 6pm.",
    "ETA: one hour",
    "It will be\nback within 30-45 minutes",
]
NO_PROMISES = [
    "It was back by 6pm.",
    "Srv3 came back in an hour.",
    "We will write again by 6pm.",
    "A technician will be there in 20 minutes.",
    "Mail will be kept for five days.",
    "It has been fixed within ten minutes.",
    "We are back in the data center by now.",
    "A restart brought it back at 5:33pm.",
    "The beta version is out.",
    "All of it is restored. The work begins at 6pm.",
    "`will be fixed by 6pm`",
    "It will be fixed. We write again by 6pm.",
]


def words_of(site: Site, text: str) -> list[str]:
    """The rules that a text breaks, as the last words of an incident that is over."""
    site.note("incidents/down.md", OVER + "\n" + text + "\n")
    return [problem["rule"] for problem in json.loads(run(site, "--format", "json").stdout)]


def test_promises(site: Site) -> None:
    """A promised time of repair is found in many words, and a report of the past is none."""
    assert [text for text in PROMISES if "promised-repair" not in words_of(site, text)] == []
    assert [text for text in NO_PROMISES if words_of(site, text)] == []


def test_an_announcement_is_as_old_as_the_first_commit(tmp_path: Path) -> None:
    """Readers could first see a window when git first had it, or when it was announced, if that was later."""
    window = (
        "---\ntitle: Memory\nstarts: 2026-12-04 4:00pm UTC\nends: 6pm UTC\naffects: []\n---\nMore of it.\n"
    )
    now = datetime(2026, 12, 2, tzinfo=UTC)
    (tmp_path / "components.yml").write_text("- name: Srv3\n")
    (tmp_path / "maintenance").mkdir()
    for name in ("early", "late", "new"):
        (tmp_path / "maintenance" / f"{name}.md").write_text(window)
    said = window.replace("---\nMore", "announced: 2026-11-20 4:00pm UTC\n---\nMore")
    assert said != window
    (tmp_path / "maintenance" / "backdated.md").write_text(said)
    known = {
        "maintenance/backdated.md": now - timedelta(hours=2),
        "maintenance/early.md": now - timedelta(days=9),
        "maintenance/late.md": now - timedelta(hours=2),
    }

    def late(first: dict[str, datetime] | None) -> list[str]:
        places = Places(
            content=tmp_path,
            blog=None,
            shown_content=tmp_path,
            shown_blog=None,
            first_committed=lambda: first,
        )
        found = find_problems(places, Terms(zone=UTC, now=now, notice=timedelta(hours=72)))
        return [Path(problem.path).stem for problem in found if problem.rule == "short-notice"]

    assert late(known) == ["backdated", "late", "new"]
    assert late(None) == [], "without git nobody can tell"


def test_columns_are_an_editors(site: Site) -> None:
    """Tabs and wide characters count as one, a byte-order mark as none, after any kind of line end."""
    text = OVER.replace("Nothing of Srv3", "Ein\tWort 全角 🙂 10.1.2.3 at midnight. Nothing of Srv3")
    for written in (text, "\ufeff" + text, text.replace("\n", "\r\n")):
        (site.folder / "incidents").mkdir(exist_ok=True)
        (site.folder / "incidents" / "down.md").write_bytes(written.encode())
        found = json.loads(run(site, "--format", "json").stdout)
        line = text.split("\n")[6]
        assert {(p["rule"], p["line"], p["column"]) for p in found} == {
            ("ip-address", 7, line.index("10.") + 1),
            ("midnight-in-text", 7, line.index("midnight") + 1),
        }
    wide = OVER.replace("affects: [srv3]", "affects: [全角, '🙂', srv4]")
    site.note("incidents/down.md", wide)
    found = json.loads(run(site, "--format", "json").stdout)
    assert [p["column"] for p in found] == [11, 15, 20]


class TestSwitchingOff:
    """STATUS_CHECK_OFF."""

    def test_a_rule_that_is_off_is_not_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """It is switched off in one place, and the check says so each time, apart from what it found."""
        monkeypatch.chdir(tmp_path)
        text = OVER.replace("title: Srv3 is not responding", "title: Outage")
        site = mounted_site(tmp_path, components="- name: Srv3\n")
        site.note("incidents/down.md", text)
        assert "[empty-title]" in run(site).output
        quiet = mounted_site(tmp_path, components="- name: Srv3\n", STATUS_CHECK_OFF=["empty-title"])
        result = run(quiet)
        assert (result.stdout, result.stderr) == ("No problems found.\n", "Switched off: empty-title.\n")

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("empty-titel", "there is no rule 'empty-titel'. Did you mean 'empty-title'?"),
            ("unknown-key", "'unknown-key' costs a word or may leak, so it cannot be switched off."),
            ("secret", "'secret' costs a word or may leak, so it cannot be switched off."),
        ],
    )
    def test_what_cannot_be_off(self, tmp_path: Path, name: str, said: str) -> None:
        """A name that is none stops the start with the one that was meant, and so does one that matters."""
        with pytest.raises(SettingError) as error:
            mounted_site(tmp_path, STATUS_CHECK_OFF=[name])
        assert f"STATUS_CHECK_OFF: {said} Example: STATUS_CHECK_OFF = " in str(error.value)

    def test_what_costs_something_is_always_told(self) -> None:
        """No error can be switched off, but for a shape that some sites publish on purpose."""
        optional = {rule.name for rule in RULES.values() if rule.can_be_off and rule.severity == "error"}
        assert optional == {"ip-address"}


class TestAllowing:
    """`allow:` in a note."""

    def test_it_covers_its_line_alone(self, site: Site) -> None:
        """The same in another line is told, and so is another rule in the same line."""
        text = (
            "10.1.2.3 <!-- allow: ip-address -->\n\n10.1.2.3\n\n10.1.2.3 midnight <!-- allow: ip-address -->"
        )
        site.note("incidents/down.md", OVER + "\n" + text + "\n")
        assert sorted(words_of(site, text)) == ["ip-address", "midnight-in-text"]

    def test_alone_in_a_line_it_covers_the_next(self, site: Site) -> None:
        """Long lines need not become longer; several rules may be named."""
        comment = "<!-- allow: ip-address, midnight-in-text (both are meant) -->"
        assert words_of(site, f"{comment}\n10.1.2.3 at midnight") == []
        assert words_of(site, f"{comment}\n\n10.1.2.3 at midnight").count("unused-allowance") == 2

    @pytest.mark.parametrize("rule", ["private-name", "denied-name", "unknown-component"])
    def test_what_cannot_be_allowed(self, site: Site, rule: str) -> None:
        """To allow a private name would point at it, and an error costs a word whatever is allowed."""
        assert words_of(site, f"x <!-- allow: {rule} -->") == ["wrong-allowance"]

    def test_it_is_on_no_page(self, site: Site) -> None:
        """Staff see it in the file; visitors, feeds and programs do not."""
        site.clock.now = datetime.now(UTC)
        text = OVER.replace("A fault:", "A fault of 198.18.0.9: <!-- allow: ip-address -->")
        site.note("incidents/down.md", text.replace("responding\n", "responding # allow: empty-title\n"))
        site.clock.move(2)
        for address in ("/status/", "/status/incidents/down/", "/status/board.json", "/status/feed.atom"):
            page = site.client.get(address).get_data(as_text=True)
            assert "allow" not in page.replace("allowfullscreen", "")
        assert "198.18.0.9" in site.client.get("/status/incidents/down/").get_data(as_text=True)


class TestFormats:
    """--format"""

    def test_gitlab(self, site: Site) -> None:
        """A report of code quality has what GitLab asks of it, with fingerprints that tell entries apart."""
        site.note("incidents/down.md", OVER.replace("impact: major", "impakt: x\nimpact: y\n"))
        site.note("incidents/two.md", OVER.replace("impact: major", "impakt: x\nimpact: y\n"))
        entries: list[dict[str, Any]] = json.loads(run(site, "--format", "gitlab").stdout)
        schema = {
            "type": "array",
            "minItems": 4,
            "items": {
                "type": "object",
                "required": ["description", "check_name", "fingerprint", "severity", "location"],
                "properties": {
                    "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                    "location": {
                        "required": ["path", "lines"],
                        "properties": {"lines": {"required": ["begin"]}, "path": {"pattern": "^content/"}},
                    },
                },
            },
        }
        jsonschema.validate(entries, schema)
        assert len({entry["fingerprint"] for entry in entries}) == len(entries)


def test_one_note_can_be_asked_about(site: Site) -> None:
    """Who has just written a note learns what is wrong with it, and nothing of others."""
    path = site.note("incidents/down.md", OVER.replace("Nothing", "10.1.2.3"))
    site.note("incidents/other.md", OVER.replace("Nothing", "10.1.2.3"))
    with site.app.app_context():
        found = problems_of_note(site.app.extensions["status_plugin"], path, datetime.now(UTC))
    assert [(problem.rule, problem.path) for problem in found] == [
        ("ip-address", "content/incidents/down.md")
    ]


def test_no_note_stops_the_check(tmp_path: Path) -> None:
    """Whatever the golden notes get wrong, each file is looked at and each problem has its rule and place."""
    shutil.copytree(FOLDER.parent / "notes", tmp_path / "content")
    for number, note in enumerate(sorted(tmp_path.glob("content/*/*.md"))):
        data = note.read_bytes()
        note.with_name(f"half-{number}.md").write_bytes(data[: len(data) // 2])
    terms = Terms(zone=UTC, now=datetime.now(UTC), notice=timedelta(hours=72))
    found = find_problems(Places.of(tmp_path / "content", None), terms)
    assert len({problem.rule for problem in found}) > 40
    assert {problem.rule for problem in found} <= set(RULES)
    assert [str(problem) for problem in found if not problem.line] == []


def test_exit_codes(site: Site) -> None:
    """0 for nothing wrong, 1 for an error, 2 where nobody has looked."""
    site.note("incidents/down.md", OVER)
    assert run(site).exit_code == 0
    assert run(site, "--format", "xml").exit_code == 2
    assert run(site, "--staged").exit_code == 2
    site.note("incidents/down.md", OVER.replace("impact", "impakt"))
    assert run(site).exit_code == 1
