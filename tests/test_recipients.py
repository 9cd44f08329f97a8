"""Those who are told: what of Apprise's file counts, who follows what, and that nobody sees what is in it."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback_server import free_port
from mounted_site import mounted_site
from notes_repository import INCIDENT, notes_repository
from receivers import SECRET, MailServer, WebServer

from status_plugin.settings import SettingError
from status_plugin.staff.announcing.recipients import Recipients, RecipientsError, read_recipients
from status_plugin.web.announcements import Announcement

PAGE = "https://www.example.com/status/"
LETTER = Announcement(
    title="Resolved: Srv3 is not responding",
    text="All of its memory is back.\n\n" + "A long story. " * 60 + "\n\nhttps://www.example.com/x",
    html="<p>All of its memory is <strong>back</strong>.</p>",
    word="All of its memory is back, and so is everything else that we had thought lost.",
    last="https://www.example.com/x",
    tone="success",
)


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server."""
    with WebServer() as server:
        yield server


def read(tmp_path: Path, text: str, name: str = "announce.cfg") -> Recipients:
    """The recipients in a file."""
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return read_recipients(file, PAGE)


def followed(recipients: Recipients) -> dict[str, list[str]]:
    """What each follows of the components that there are."""
    return {
        one.name: [slug for slug in ("srv3", "srv9", "ns3") if one.follows([slug])] for one in recipients.all
    }


def test_tags_are_components(tmp_path: Path) -> None:
    """One tag is enough; whoever has none, or is tagged all or always, follows everything."""
    text = """
    # Clients
    srv3 = json://one
    srv3,NS3 = json://two
    json://three
    all,srv9 = json://four
    always = json://five
    shared = srv3, srv9
    srv9 = json://six
    """
    assert followed(read(tmp_path, text)) == {
        "JSON no. 1 (shared, srv3)": ["srv3"],
        "JSON no. 2 (ns3, shared, srv3)": ["srv3", "ns3"],
        "JSON no. 3 (everything)": ["srv3", "srv9", "ns3"],
        "JSON no. 4 (everything)": ["srv3", "srv9", "ns3"],
        "JSON no. 5 (everything)": ["srv3", "srv9", "ns3"],
        "JSON no. 6 (shared, srv9)": ["srv9"],
    }


def test_yaml_is_read_as_well(tmp_path: Path) -> None:
    """Apprise's other format, by the file's name."""
    text = "urls:\n  - json://one:\n      - tag: srv3\n  - json://two\n"
    assert followed(read(tmp_path, text, "announce.yml")) == {
        "JSON no. 1 (srv3)": ["srv3"],
        "JSON no. 2 (everything)": ["srv3", "srv9", "ns3"],
    }


def test_who_stands_there_twice_is_one(tmp_path: Path) -> None:
    """With the tags of both lines, so that nobody hears of what touches both components twice."""
    found = read(tmp_path, "srv3=json://one\nsrv9=json://one\nsrv9=json://two\n")
    assert followed(found) == {
        "JSON no. 1 (srv3, srv9)": ["srv3", "srv9"],
        "JSON no. 3 (srv9)": ["srv9"],
    }


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"json://one\nsrv3=jsno://user:{SECRET}@two\n", "line 2"),
        (f"json://one\n\nslack://{SECRET}\n", "line 3"),
        (f"json://one\nsrv3:2=json://user:{SECRET}@two\n", "line 2"),
    ],
)
def test_a_broken_line_costs_that_line(
    tmp_path: Path, text: str, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The others are read; the place is told and nothing of what stands there."""
    with caplog.at_level(logging.DEBUG):
        found = read(tmp_path, text)
    assert [one.name for one in found.all] == ["JSON no. 1 (everything)"]
    assert found.broken == (place,)
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "text", ["", "# nobody\n", f"jsno://user:{SECRET}@two\n", f"{SECRET}\n\0", "urls: x"]
)
def test_a_file_without_anybody_is_an_error(tmp_path: Path, text: str) -> None:
    """It names the setting, shows how a line looks, and repeats none."""
    with pytest.raises(RecipientsError) as error:
        read(tmp_path, text)
    assert str(error.value).startswith("STATUS_ANNOUNCE: ")
    assert "srv3 = mailto://" in str(error.value)
    assert SECRET not in str(error.value)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """With its path and the reason."""
    with pytest.raises(RecipientsError, match=r"announce.cfg' cannot be read: No such file or directory\."):
        read_recipients(tmp_path / "announce.cfg", PAGE)
    (tmp_path / "announce.cfg").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RecipientsError, match=r"announce.cfg' is not text in UTF-8\."):
        read_recipients(tmp_path / "announce.cfg", PAGE)


def test_without_apprise_there_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra, and the error names it."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(RecipientsError, match=re.escape("pip install status-plugin[announce]")):
        read(tmp_path, "json://one\n")


def test_nobody_sees_an_address(tmp_path: Path, web: WebServer) -> None:
    """Not in a representation, and not in a name."""
    (one,) = read(tmp_path, web.address("a")).all
    assert SECRET in one.address
    assert SECRET not in f"{one!r} {one} {one.name}"


@pytest.mark.parametrize(
    "value", [f"mailto://user:{SECRET}@example.com", f"json://{SECRET}", "content/announce.cfg"]
)
def test_a_setting_that_would_show_passwords_stops_the_start(tmp_path: Path, value: str) -> None:
    """An address where a path should be is not repeated; a file in the public folder is refused."""
    if value.startswith("content"):
        value = str(tmp_path / value)
    with pytest.raises(SettingError, match=r"^STATUS_ANNOUNCE") as error:
        mounted_site(tmp_path, STATUS_ANNOUNCE=value)
    assert SECRET not in str(error.value)


@pytest.mark.system("git")
@pytest.mark.parametrize("fault", ["refused", "down", "no answer", "mail refused", "broken line"])
def test_passwords_are_in_no_output_and_no_log(
    tmp_path: Path, web: WebServer, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever fails, and however much is logged of other things."""
    notes = notes_repository(tmp_path / "site")
    notes.commit({"incidents/srv3.md": INCIDENT})
    lines = {
        "refused": web.address("a"),
        "down": f"json://user:{SECRET}@127.0.0.1:{free_port()}/{SECRET}",
        "no answer": f"{web.address(SECRET)}?rto=0.1",
        "mail refused": f"mailto://user:{SECRET}@127.0.0.1:{free_port()}?from=a@b.example&to=c@d.example",
        "broken line": f"{web.address('b')}\njsno://{SECRET}:{SECRET}@host/{SECRET}",
    }
    web.answers["/a"] = 403
    if fault == "no answer":
        web.gate.clear()
    notes.follow(lines[fault])
    caplog.set_level(logging.DEBUG)
    logging.getLogger("anybody").debug("this is heard")
    result = notes.announce("HEAD~1..HEAD")
    assert result.exit_code == 1
    assert re.search("JSON no. 1|E-Mail no. 1", result.output)
    assert "this is heard" in caplog.text
    assert SECRET not in result.output + caplog.text
    assert SECRET.encode() not in (notes.top / "instance" / "announced.sqlite3").read_bytes()


def test_a_message_fits_the_service(tmp_path: Path, web: WebServer) -> None:
    """Plain text to most; what is too long for a service becomes a sentence and the address."""
    (one,) = read(tmp_path, web.address("a")).all
    one.send(LETTER, lambda: None)
    assert web.heard[-1][1]["message"] == LETTER.text
    one.service.body_maxlen = 160
    one.send(LETTER, lambda: None)
    assert web.heard[-1][1] == {
        "version": "1.0",
        "title": "Resolved: Srv3 is not responding",
        "message": f"{LETTER.word}\nhttps://www.example.com/x",
        "attachments": [],
        "type": "success",
    }
    one.service.body_maxlen, one.service.title_maxlen = 120, 0
    one.send(LETTER, lambda: None)
    said = web.heard[-1][1]["message"]
    assert said.replace("\r\n", "\n") == (
        "Resolved: Srv3 is not responding\n"
        "All of its memory is back, and so is everything else …\nhttps://www.example.com/x"
    )
    assert len(said) <= 120


def test_mail_is_plain_text_and_html(tmp_path: Path) -> None:
    """Each mail program shows what it can."""
    with MailServer() as mail:
        (one,) = read(tmp_path, mail.address("srv3")).all
        one.send(LETTER, lambda: None)
        (message,) = mail.messages
        plain, html = (message.get_body((form,)) for form in ("plain", "html"))
        assert plain is not None
        assert html is not None
        assert html.get_content().strip() == LETTER.html
        assert plain.get_content().strip() == "All of its memory is back."
        assert message["Subject"] == LETTER.title
        assert "Apprise" not in message.as_string()


def test_what_is_about_to_leave_can_be_kept(tmp_path: Path, web: WebServer) -> None:
    """Who cannot note that a message leaves does not let it."""
    (one,) = read(tmp_path, web.address("a")).all

    def refuse() -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        one.send(LETTER, refuse)
    assert web.heard == []


def test_the_message_leaves_once_it_is_connected(tmp_path: Path) -> None:
    """Until somebody listens nothing has left, and the next run may send it."""
    (one,) = read(tmp_path, f"json://127.0.0.1:{free_port()}/a").all
    left: list[bool] = []
    one.send(LETTER, lambda: left.append(True))
    assert left == []
    with MailServer(refused="srv3") as mail:
        (one,) = read(tmp_path, mail.address("srv3")).all
        one.send(LETTER, lambda: left.append(True))
        assert left == []
        mail.refused = ""
        (one,) = read(tmp_path, mail.address("srv3")).all
        one.send(LETTER, lambda: left.append(True))
        assert left == [True]
