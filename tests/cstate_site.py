"""A site of cState with hundreds of issues, made from a seed, in which every trap of the format lies."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

CONFIG = """\
title: Example Status
baseURL: https://status.example.com
defaultContentLanguage: en
languages:
  en: {languageName: English}
  de: {languageName: Deutsch}
params:
  categories:
    - name: Hosting
      description: Everything that answers pages
      closed: true
    - name: Rest
      untitled: true
  systems:
    - name: Web 1
      category: Hosting
      description: The *first* of the servers
    - name: Web 2
      category: Hosting
    - name: Mail
      category: Hosting
      link: https://mail.example.com/
    - name: API
      category: Rest
"""
SYSTEMS = ["Web 1", "Web 2", "Mail", "API"]
_WORDS = """
server switch router memory queue pages clients answers slowly again while cable supplier reported
error errors timeouts naïve größer délai обслуживание 維護 don't half-open 99% (some) load<5 a_b
*really* restart restarted traffic customers notice nothing login database
""".split()  # noqa: SIM905
_LABELS = ["Investigating", "Identified", "Monitoring", "Update", "Resolved"]
_GERMAN = ["Wird untersucht", "Identifiziert", "Wird beobachtet", "Aktualisierung", "Behoben"]


@dataclass
class Issue:
    """An issue as it is written: its fields and its body, and what an import must find of it.

    `times` are those of its updates, `words` all that a reader could read.
    """

    path: str
    fields: dict[str, str | list[str]]
    blocks: list[str] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    form: str = "yaml"
    line_end: str = "\n"
    mark: str = ""
    has_fence: bool = True

    def say(self, text: str) -> str:
        """The text, whose words must not be lost."""
        self.words |= set(re.findall(r"\w+", text.casefold()))
        return text

    def text(self) -> str:
        """The file."""
        head = {"yaml": self._yaml, "toml": self._toml, "json": self._json}[self.form]()
        return (
            self.mark
            + f"{head}\n\n".replace("\n", self.line_end)
            + self.line_end.join("\n\n".join(self.blocks).split("\n"))
        )

    def _yaml(self) -> str:
        lines = ["---"]
        for key, value in self.fields.items():
            if isinstance(value, list):
                lines += [f"{key}:", *(f"  - {item}" for item in value)]
            else:
                lines.append(f"{key}: {value}")
        return "\n".join([*lines, *(["---"] if self.has_fence else [])])

    def _toml(self) -> str:
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in self.fields.items()]
        return "\n".join(["+++", *lines, "+++"])

    def _json(self) -> str:
        return json.dumps(self.fields, indent=2, ensure_ascii=False)


class SiteMaker:
    """Makes issue after issue; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._traps: list[Callable[[Issue], None]] = [
            value for name, value in sorted(vars(type(self)).items()) if name.startswith("trap_")
        ]

    @property
    def round(self) -> int:
        """How many issues it takes until each trap has come."""
        return len(self._traps)

    def issue(self, number: int) -> Issue:
        """The issue with a number; each has a trap, in turn."""
        chance = self._random
        began = datetime(2016, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(60 * 24 * 3600))
        count = chance.randrange(5)
        ended = began + timedelta(minutes=30 * count + chance.randrange(1, 30))
        issue = Issue(path=f"content/issues/{began:%Y-%m-%d}-issue-{number}.md", fields={})
        issue.fields = {
            "title": issue.say(f"{self._sentence(4)} {number}"),
            "date": self._written(began),
            "resolved": "true",
            "resolvedWhen": self._written(ended),
            "severity": chance.choice(["down", "disrupted", "notice"]),
            "affected": chance.sample(SYSTEMS, chance.randrange(1, 4)),
            "section": "issue",
        }
        if chance.random() < 0.5:
            issue.blocks.append(issue.say(self._sentence(12)))
        for block in self._updates(issue, began, count):
            issue.blocks.append(block)
        self._traps[number % len(self._traps)](self, issue)  # type: ignore[call-arg, arg-type]
        return issue

    def _updates(self, issue: Issue, began: datetime, count: int) -> list[str]:
        chance = self._random
        labels = chance.choice([_LABELS, _GERMAN])
        style = chance.choice(["{label} - {text} {stamp}", "- {text} {stamp}", "{stamp} - {text}"])
        style = chance.choice([style, "**{word}**: {text}\n{stamp}", "{text} {stamp}"])
        blocks = []
        for index in range(count):
            at = began + timedelta(minutes=30 * index)
            word = labels[min(index, 4)] if index < count - 1 else labels[4]
            text = issue.say(self._sentence(10))
            if "label" in style or "word" in style:
                issue.say(word)
            stamp = f'{{{{< track "{self._written(at)}" >}}}}'
            issue.times.append(at)
            blocks.append(style.format(label=f"*{word}*", word=word, text=text, stamp=stamp))
        return blocks if style.startswith("- ") else blocks[::-1]

    def _sentence(self, count: int) -> str:
        words = " ".join(self._random.choices(_WORDS, k=count))
        return f"{words[0].upper()}{words[1:]}."

    def _written(self, at: datetime) -> str:
        return self._random.choice(
            [
                f"{at:%Y-%m-%d %H:%M:%S}",
                f"{at:%Y-%m-%d} {at.hour}:{at:%M}:{at:%S}",
                f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
                (at - timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M:%S") + "-06:00",
            ]
        )

    def trap_toml(self, issue: Issue) -> None:
        issue.form = "toml"

    def trap_json(self, issue: Issue) -> None:
        issue.form = "json"

    def trap_windows_lines_and_a_mark(self, issue: Issue) -> None:
        issue.line_end, issue.mark = "\r\n", "\ufeff"

    def trap_no_fence(self, issue: Issue) -> None:
        issue.has_fence, issue.times = False, []

    def trap_unquoted_colon(self, issue: Issue) -> None:
        issue.fields["title"] = f"Web: {issue.fields['title']}"

    def trap_nulls(self, issue: Issue) -> None:
        issue.fields |= {"resolvedWhen": "null", "severity": "~"}

    def trap_texts(self, issue: Issue) -> None:
        issue.fields |= {"resolved": '"true"', "affected": "Mail"}

    def trap_impossible_date(self, issue: Issue) -> None:
        issue.fields["date"] = "2021-02-30 10:00:00"
        issue.blocks.append(f'*Update* - {issue.say("Never.")} {{{{< track "2021-13-01 10:00" >}}}}')
        issue.say("2021 02 30 13 01")

    def trap_range(self, issue: Issue) -> None:
        issue.fields["date"] = "2016-01-01 10:00 - 12:00"

    def trap_no_end(self, issue: Issue) -> None:
        del issue.fields["resolvedWhen"]

    def trap_open_with_an_end(self, issue: Issue) -> None:
        issue.fields["resolved"] = "false"

    def trap_code(self, issue: Issue) -> None:
        issue.blocks.insert(0, issue.say('```\n{{< track "2021-01-01 10:00:00" >}}\n\nUpdate @ 5pm: no\n```'))

    def trap_sentence_with_times(self, issue: Issue) -> None:
        text = 'From {{< track "2021-01-01 10:00:00" >}} to {{< track "2021-01-01 11:00:00" >}} nothing.'
        issue.blocks.insert(0, text)
        issue.say("From 2021 01 10 00 to 11 nothing")

    def trap_unknown_words(self, issue: Issue) -> None:
        issue.fields |= {"severity": "apocalyptic", "affected": ["Fax", "mail"], "twitterFeed": "@somebody"}
        issue.say("apocalyptic Fax mail somebody")

    def trap_draft(self, issue: Issue) -> None:
        issue.fields["draft"] = "true"

    def trap_hidden(self, issue: Issue) -> None:
        issue.fields["published"] = "false"

    def trap_future_work(self, issue: Issue) -> None:
        issue.fields |= {"date": "2027-05-01 10:00:00", "resolvedWhen": "2027-05-01 12:00:00"}
        issue.fields |= {"severity": "notice", "resolved": "false"}

    def trap_work_without_end(self, issue: Issue) -> None:
        issue.fields |= {"date": "2027-05-01 10:00:00", "severity": "notice", "resolved": "false"}
        del issue.fields["resolvedWhen"]

    def trap_markup(self, issue: Issue) -> None:
        issue.blocks.append(
            issue.say('{{< figure src="/x.png" >}} <b>bold</b> ![an image](/img/a.png) [link](../other/)')
        )

    def trap_our_own_syntax(self, issue: Issue) -> None:
        issue.blocks.insert(0, issue.say("Update @ 5:33pm Eastern: this is no update.\nUpdate - nor this."))

    def trap_unclosed_code(self, issue: Issue) -> None:
        issue.blocks.append(issue.say("```\nnever closed"))

    def trap_post_mortem(self, issue: Issue) -> None:
        issue.blocks[:0] = [issue.say("*Post-mortem*"), issue.say("It was a switch.\nSorry."), "---"]

    def trap_without_times(self, issue: Issue) -> None:
        issue.blocks.append(issue.say("*Update* - Nobody has dated this."))

    def trap_informational(self, issue: Issue) -> None:
        issue.fields = {key: issue.fields[key] for key in ("title", "date", "section")}
        issue.fields |= {"informational": "true", "pin": "true"}

    def trap_same_name(self, issue: Issue) -> None:
        issue.path = "content/issues/same-name.md"

    def trap_same_name_but_for_case(self, issue: Issue) -> None:
        issue.path = "content/issues/Same-Name.md"

    def trap_translation(self, issue: Issue) -> None:
        issue.path = "content/issues/same-name.de.md"

    def trap_alias(self, issue: Issue) -> None:
        issue.fields["aliases"] = ["/issues/an-old-name/", "/issues/same-name/"]

    def trap_bundle(self, issue: Issue) -> None:
        issue.path = issue.path.replace(".md", "/index.md")


def build_site(root: Path, *, count: int, seed: int = 0, first: int = 0) -> list[Issue]:
    """Writes a site with so many issues; a path that comes twice gets a number."""
    maker = SiteMaker(seed)
    issues: dict[str, Issue] = {}
    (root / "content" / "issues").mkdir(parents=True, exist_ok=True)
    (root / "config.yml").write_text(CONFIG, encoding="utf-8")
    for number in range(first, first + count):
        issue = maker.issue(number)
        if issue.path in issues:
            stem, dot, ending = issue.path.removeprefix("content/issues/").partition(".")
            issue.path = f"content/issues/{number}/{stem}{dot}{ending}"
        issues[issue.path] = issue
        file = root / issue.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(issue.text().encode("utf-8"))
    return list(issues.values())


def commit_all(root: Path, at: str) -> None:
    """Commits everything in a repository at `root`, as if it were that time."""
    told = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for who in ("AUTHOR", "COMMITTER"):
        told |= {f"GIT_{who}_NAME": "Staff", f"GIT_{who}_EMAIL": "staff@example.com", f"GIT_{who}_DATE": at}
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "A change"]):
        subprocess.run(["git", "-C", str(root), *words], env=os.environ | told, check=True)
