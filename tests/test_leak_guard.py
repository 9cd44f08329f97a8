"""What must not be public is found in the folder of notes, and repeated nowhere."""

from __future__ import annotations

import json
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from mounted_site import INCIDENT, Site, mounted_site

from status_plugin.settings import SettingError
from status_plugin.staff.checking.addresses import addresses_in
from status_plugin.staff.checking.deny_list import DenyListError, read_deny_list
from status_plugin.staff.checking.folder import TextFile
from status_plugin.staff.checking.secrets import secrets_in

OVER = INCIDENT.replace("2026", "2025").replace(
    "[identified; next update 7:30pm]: Half", "[resolved]: A fault: half"
)

# In two parts, so that nobody else's guard takes this file for a leak.
SECRETS = [
    "AKIA" + "IOSFODNN7EXAMPLE",
    "ghp_" + "a1B2" * 9,
    "github_pat_" + "a1B2_" * 12,
    "glpat-" + "a1B2c3D4e5F6g7H8i9J0",
    "xoxb-" + "123456789012-abcdefghijkl",
    "https://hooks.slack.com/services/" + "T00000000/B00000000/abcdefghijklmnop",
    "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "AIza" + "SyA1234567890abcdefghijklmnopqrstuv",
    "sk-ant-" + "api03-abcdefghijklmnopqrstuvwx",
    "SG." + "abcdefghijklmnopqrst.uvwxyz0123456789abcd",
    "npm_" + "a1B2" * 9,
    "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
    "-----BEGIN PGP " + "PRIVATE KEY BLOCK-----",
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
    "https://admin:" + "hunter2@db.example.net/",
    "postgres://app:" + "s3cret@localhost/db",
    "Authorization: Bearer " + "abcdef0123456789abcdef0123",
    "password=" + "correcthorse",
    "DB_PASSWORD = '" + "tr0ub4dor&3'",
    "api_key: " + "a8f5f167f44f4964e6c998dee827110c",
    "password: " + "Tr0ub4dor3",
]
NO_SECRETS = [
    "Your password: please change it.",
    "The password for the portal has been reset.",
    "password=<yours>",
    "password: ********",
    "PASSWORD=$DB_PASSWORD",
    "token = xxxxxxxx",
    "It is 5:33pm@work, see https://www.example.com/a:b@c",
    "https://www.example.com:8080/path?x=1",
    "The basic authentication of customers works again.",
    "key ring and monkey business",
    "A commit such as 4cb6cab0f0e1d2c3b4a5968778695a4b3c2d1e0f",
    "mailto:support@example.com",
]
ADDRESSES = [
    "10.1.2.3", "(192.168.0.1)", "127.0.0.1:8080", "10.0.0.0/8", "8.8.8.8.", "http://10.1.2.3/x",
    "010.001.002.003", "ip-10-1-2-3", "fe80::1", "2a01:4f8:1:2::3", "[::1]:80", "::ffff:10.1.2.3",
    "fd00:1:2:3:4:5:6:7", "2606:4700::1111,",
]  # fmt: skip
NO_ADDRESSES = [
    "version 10.1.2.3", "v10.1.2.3", "Release 5.2.11.1", "10.1.2", "10.1.2.3.4", "300.1.2.3", "at 17:33:20",
    "12::30x", "192.0.2.1", "203.0.113.255", "2001:db8::1", "aa:bb:cc:dd:ee:ff", "std::cafe", "1.2.3.4abc",
    "2008-09-04", "a::b",
]  # fmt: skip


def run(site: Site, *words: str) -> Result:
    """What the command says and how it ends."""
    return site.app.test_cli_runner().invoke(args=["status", "check", *words])


def guarded(root: Path, **settings: Any) -> Site:
    """A site with a deny list."""
    (root / "instance").mkdir(exist_ok=True)
    names = "# Never public\nGandalf # the wizard\nExample Customer Ltd\nMüller & Söhne\n\nrack-7\n"
    (root / "instance" / "never-public.txt").write_text(names, encoding="utf-8")
    return mounted_site(root, components="- name: Srv3\n", STATUS_DENY_LIST="never-public.txt", **settings)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site with a deny list; commands are given in its folder."""
    monkeypatch.chdir(tmp_path)
    return guarded(tmp_path)


def places(site: Site, rule: str) -> list[str]:
    """Where a rule is broken."""
    found = json.loads(run(site, "--format", "json").stdout)
    return [
        ":".join(str(p[key]) for key in ("path", "line", "column") if p[key])
        for p in found
        if p["rule"] == rule
    ]


class TestShapes:
    """Secrets and addresses are told by what they look like."""

    @pytest.mark.parametrize("text", SECRETS)
    def test_secrets(self, text: str) -> None:
        """Well-known shapes are found, in a sentence as well."""
        for written in (text, f"Log in with {text}, then", f"<!-- {text} -->"):
            spans = [span for span, _ in secrets_in(written)]
            assert spans
            assert all(written[start:end] in text for start, end in spans)

    @pytest.mark.parametrize("text", NO_SECRETS)
    def test_no_secrets(self, text: str) -> None:
        """Sentences about passwords, placeholders and checksums are no alarm."""
        assert list(secrets_in(text)) == []

    @pytest.mark.parametrize("text", ADDRESSES)
    def test_addresses(self, text: str) -> None:
        """Addresses of both kinds, with what people write around them."""
        assert list(addresses_in(f"It is {text} and"))
        assert list(addresses_in(text))

    @pytest.mark.parametrize("text", NO_ADDRESSES)
    def test_no_addresses(self, text: str) -> None:
        """Versions, times, card addresses and what is set apart for examples are none."""
        assert list(addresses_in(f"It is {text} and")) == []


def test_no_text_makes_it_slow() -> None:
    """What a hostile or broken file repeats without end takes no longer than other text of its length."""
    for part in (
        "password:",
        "password:a1",
        "eyJaaaaaaaaaaa.",
        "https://a:",
        "<!--",
        "10.",
        ":",
        "will be back ",
    ):
        text = part * (200_000 // len(part))
        began = time.process_time()
        list(secrets_in(text))
        list(addresses_in(text))
        assert len(TextFile(path="a.md", text=f"---\n---\n{text}").prose) == len(text) + 8
        assert time.process_time() - began < 5


class TestDenyList:
    """STATUS_DENY_LIST."""

    @pytest.mark.parametrize(
        "text",
        [
            "Gandalf", "GANDALF's", "_gandalf_", "example customer ltd", "Example-Customer, Ltd.",
            "Example\nCustomer Ltd", "Mu\u0308ller & So\u0308hne", "MULLER SOHNE", "Ｇａｎｄａｌｆ",
            "Gan\u00addalf", "Rack 7", "rack_7",
        ],
    )  # fmt: skip
    def test_names_are_found(self, tmp_path: Path, text: str) -> None:
        """Whatever case, accents, hyphens, line ends and look-alike letters they are written with."""
        guarded(tmp_path)
        names = read_deny_list(tmp_path / "instance" / "never-public.txt")
        spans = list(names.names_in(f"It is {text} again."))
        assert [f"It is {text} again."[start:end].strip("_.'s, ") for start, end in spans] == [
            text.strip("_.'s, ")
        ]

    @pytest.mark.parametrize(
        "text", ["Gandalfine", "Example Customer", "Example\n\nCustomer Ltd", "rack 71", "wizard"]
    )
    def test_other_words_are_other_words(self, tmp_path: Path, text: str) -> None:
        """A name is found as a whole; a comment in the list is no name."""
        guarded(tmp_path)
        names = read_deny_list(tmp_path / "instance" / "never-public.txt")
        assert list(names.names_in(f"It is {text}.")) == []

    def test_a_list_that_is_not_there(self, site: Site, tmp_path: Path) -> None:
        """Nobody has looked, so it is not said that all is well."""
        (tmp_path / "instance" / "never-public.txt").unlink()
        result = run(site)
        assert result.exit_code == 2
        assert "STATUS_DENY_LIST: The deny list" in result.output
        assert "cannot be read (No such file or directory), so nobody looked for its names." in result.output

    def test_a_list_that_cannot_be_read(self, tmp_path: Path) -> None:
        """A line without a word is told by its number."""
        for data, said in (
            (b"\xff", "is not UTF-8"),
            (b"Gandalf\n***\n", ":2: there is no word in this line"),
        ):
            (tmp_path / "list").write_bytes(data)
            with pytest.raises(DenyListError, match=said):
                read_deny_list(tmp_path / "list")

    def test_the_web_process_needs_no_list(self, site: Site, tmp_path: Path) -> None:
        """Visitors are served where the list is not at hand."""
        (tmp_path / "instance" / "never-public.txt").unlink()
        site.note("incidents/down.md", OVER)
        assert site.client.get("/status/").status_code == 200
        with pytest.raises(SettingError, match="STATUS_DENY_LIST: the file lies in the content folder"):
            mounted_site(tmp_path, STATUS_DENY_LIST=str(tmp_path / "content" / "list"))


class TestWholeFiles:
    """Nothing of a file is left out."""

    def test_every_part_of_a_note(self, site: Site) -> None:
        """Front matter, comments of YAML and of Markdown, code, updates, and drafts."""
        text = (
            "---\n# Gandalf\ntitle: x\ndraft: true\n---\nText\n\n<!-- gandalf -->\n\n```\nGANDALF\n```\n\n"
            "Update @ 6pm [x]: Gandalf\n"
        )
        site.note("incidents/draft.md", text)
        assert places(site, "denied-name") == [
            f"content/incidents/draft.md:{at}" for at in ("2:3", "8:6", "11:1", "14:19")
        ]

    @pytest.mark.parametrize(
        "path", ["components.yml", "notes.txt", "incidents/sub/x.html", ".hidden", "README.md"]
    )
    def test_every_file(self, site: Site, path: str) -> None:
        """Whatever lies in a public folder is public, a note or not."""
        text = "- name: Srv3\n- name: Gandalf\n"
        site.note(path, text)
        assert places(site, "denied-name") == [f"content/{path}:2:9"]

    def test_names_of_files(self, site: Site) -> None:
        """The name of a file becomes an address; the report has a mask for it."""
        site.note("incidents/2025-example-customer-ltd.md", OVER)
        site.note("incidents/ip-10-1-2-3.md", OVER)
        assert places(site, "denied-name") == ["content/incidents/2025-***.md:1"]
        assert places(site, "ip-address") == ["content/incidents/***.md:1"]

    def test_files_that_hold_no_text(self, site: Site) -> None:
        """A picture is not read, UTF-16 is; what a link leads to is not in the folder."""
        (site.folder / "logo.png").write_bytes(b"\x89PNG\0Gandalf")
        (site.folder / "old.txt").write_bytes("Gandalf".encode("utf-16"))
        (site.folder / "link.txt").symlink_to("../instance/never-public.txt")
        assert places(site, "denied-name") == ["content/old.txt:1:1"]

    def test_the_blog_if_asked(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Posts may be about addresses; who wants them looked through says so."""
        monkeypatch.chdir(tmp_path)
        (tmp_path / "blog").mkdir()
        (tmp_path / "blog" / "post.md").write_text("---\ntitle: x\n---\nGandalf\n")
        assert places(guarded(tmp_path, STATUS_BLOG="blog"), "denied-name") == []
        asked = guarded(tmp_path, STATUS_BLOG="blog", STATUS_CHECK_BLOG=True)
        assert places(asked, "denied-name") == ["blog/post.md:4:1"]


@pytest.mark.parametrize("form", ["text", "json", "github", "gitlab"])
@pytest.mark.parametrize(
    "secret", ["Gandalf", "Example Customer Ltd", "10.1.2.3", SECRETS[0], SECRETS[4], SECRETS[14]]
)
def test_no_report_repeats_it(site: Site, form: str, secret: str) -> None:
    """Wherever it stands and whatever else is wrong there, not a part of it is in any report."""
    text = OVER.replace("[srv3]", f"['{secret}']").replace(
        "impact: major", f"impact: {secret}\naliases: ['{secret}']"
    )
    text += f"\nUpdate 5:33pm, which is a very long and very winding way to {secret} and on: x\n"
    text += f"\n[x](incident:{secret})\n\nUpdate @ 5pm [{secret}; affects {secret}]: no\n"
    site.note("incidents/down.md", text)
    site.note(f"incidents/{'two' if '/' in secret else secret}.md", text)
    result = run(site, "--format", form)
    assert result.exit_code == 1
    for rule in ("unknown-component", "wrong-word", "update-without-at"):
        assert rule in result.output
    folded = unicodedata.normalize("NFKD", result.output).casefold()
    secret = secret.partition("db.example.net")[0]
    for part in (secret, secret[: max(6, len(secret) // 2)], secret[-8:]):
        assert part.casefold() not in folded
    assert "Traceback" not in result.output
