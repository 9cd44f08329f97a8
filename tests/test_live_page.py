"""The page in a browser that is kept open: it renews itself, loses nobody's place, and knows its age."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from board_samples import NOW, OFFLINE, OPEN_INCIDENT, SAMPLES, incident, update
from live_site import LiveSite, chromium, later, live_site, until

from status_plugin.core.board.overall import Overall

pytestmark = pytest.mark.system("chromium")

OUTAGE = SAMPLES["outage"]
NEW_WORD = "The second module is fitted."
NEWEST = update("17:56", NEW_WORD)


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    """One browser for all tests here."""
    with chromium() as found:
        found.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "America/New_York"})
        yield found


@pytest.fixture
def site(driver: Any, tmp_path: Path) -> Iterator[LiveSite]:
    """A site with an outage."""
    with live_site(driver, tmp_path, OUTAGE) as found:
        yield found


LISTEN = (
    "window.heard = []; const voice = document.querySelector('p[role=status].status-hidden');"
    "new MutationObserver(() => heard.push(voice.textContent)).observe(voice, {childList: true});"
)


def told_more(site: LiveSite) -> None:
    """Five minutes later staff has written again, and there is another incident above the first."""
    site.pass_time(minutes=5)
    newest = replace(NEWEST, update=replace(NEWEST.update, number=4))
    first = replace(OPEN_INCIDENT, updates=(newest, *OPEN_INCIDENT.updates))
    above = incident("mail", "Mail is late", text="Mail waits.\n\n" * 3)
    overall = Overall(state=OFFLINE, text="Two are down")
    site.show(later(OUTAGE, site.now, current=(above, first), overall=overall))


def test_fresh_facts_need_no_word(site: LiveSite) -> None:
    """Who comes to the page is not told that it is new, and asks for it once."""
    site.open()
    assert site.text(".status-overall .status-ago") == "(1 minute ago)"
    assert site.text(".status-age") == ""
    assert site.asked == [200]


def test_a_page_that_is_kept_open_and_cannot_be_renewed_says_how_old_it_is(site: LiveSite) -> None:
    """When the server is gone the page says so, and how old its facts are, until it is back."""
    site.open()
    site.ask(LISTEN)
    site.fails = True
    site.pass_time(minutes=25)
    assert site.renewed() == 503
    until(lambda: site.text(".status-age"))
    assert site.text(".status-age") == (
        "This page cannot be renewed at the moment. These facts are 26 minutes old. "
        "Things may have changed since."
    )
    assert site.text(".status-age") in site.ask("return heard"), "a screen reader is told"
    assert site.text(".status-overall .status-ago") == "(26 minutes ago)"
    site.fails = False
    site.show(later(OUTAGE, site.now))
    assert site.renewed() == 200
    until(lambda: not site.text(".status-age"))
    assert site.text(".status-overall .status-ago") == "(1 minute ago)"


def test_the_word_of_age_moves_nothing(site: LiveSite) -> None:
    """It stands at the foot of the screen and what is being read stays where it is."""
    site.open()
    measure = "return document.querySelector('#status-past').getBoundingClientRect().top"
    before = site.ask(measure)
    site.fails = True
    site.pass_time(minutes=25)
    site.renewed()
    until(lambda: site.text(".status-age"))
    assert site.ask(measure) == before
    top, bottom, height = site.ask(
        "const box = document.querySelector('.status-age').getBoundingClientRect();"
        "return [box.top, box.bottom, innerHeight]"
    )
    assert 0 < top < bottom <= height
    site.ask("scrollTo(0, document.documentElement.scrollHeight)")
    last = "return document.querySelector('.status-foot').getBoundingClientRect().bottom"
    until(lambda: site.ask(last) <= top)


def test_facts_that_were_old_when_they_came_are_called_so(site: LiveSite) -> None:
    """A copy, or a cache on the way, hands out what was true; the page says how long ago."""
    site.now = NOW + timedelta(hours=3)
    site.open()
    until(lambda: site.text(".status-age"))
    assert site.text(".status-age") == "These facts are 3 hours old. Things may have changed since."


@pytest.mark.parametrize("wrong", [timedelta(hours=2), timedelta(hours=-2)])
def test_a_clock_that_goes_wrong_makes_nothing_old(site: LiveSite, wrong: timedelta) -> None:
    """The server's clock counts, not that of the visitor's machine."""
    site.open(clock_ahead=wrong)
    until(lambda: site.text(".status-overall .status-ago") == "(1 minute ago)")
    assert site.text(".status-age") == ""
    assert len(site.asked) == 2


def test_what_is_unchanged_is_not_sent_again(site: LiveSite) -> None:
    """The page asks with its tag: while nothing is new the server answers so and the page stays the same."""
    site.open()
    assert site.renewed() in (200, 304)
    site.ask("document.querySelector('h1').mark = 1")
    assert site.renewed() == 304
    assert site.ask("return document.querySelector('h1').mark") == 1


def test_news_come_without_losing_the_readers_place(site: LiveSite) -> None:
    """New words stand on the page; focus, what was opened and the place on the screen stay."""
    site.open()
    site.ask(
        "document.querySelector('.status-earlier').open = true;"
        "window.link = document.querySelector('.status-table th a'); link.focus();"
        "link.scrollIntoView({block: 'center'}); window.top0 = link.getBoundingClientRect().top;"
    )
    told_more(site)
    site.renew_until(lambda: NEW_WORD in site.text(".status-plugin"))
    assert site.ask("return document.title") == "Two are down – Network Status"
    assert site.ask("return [...document.querySelectorAll('h3')].map((h) => h.textContent.trim())")[:2] == [
        "Mail is late",
        "Srv3 is not responding",
    ]
    assert site.ask("return document.activeElement === link && link.isConnected")
    assert site.ask("return document.querySelectorAll('.status-earlier')[0].open")
    until(lambda: abs(site.ask("return link.getBoundingClientRect().top - top0")) < 2)


def test_news_are_announced_once(site: LiveSite) -> None:
    """A screen reader hears what is new, not what it knows, and not again at the next look."""
    site.open()
    told_more(site)
    site.ask(LISTEN)
    site.renew_until(lambda: NEW_WORD in site.text(".status-plugin"))
    site.renewed()
    site.pass_time(minutes=1)
    site.show(later(site.station.shown, site.now))
    site.renew_until(lambda: "17:57" in site.text(".status-overall-facts"))
    heard = [line for line in site.ask("return heard") if line]
    assert len(heard) == 1
    assert heard[0].startswith("Two are down. Mail is late")
    assert NEW_WORD in heard[0]
    assert "Only half of the memory" not in heard[0]


def test_what_happened_meanwhile_is_announced_when_the_page_is_back(site: LiveSite) -> None:
    """After a failure the news are read, and if there are none, that the page is up to date again."""
    site.open()
    site.ask(LISTEN)
    for news in (False, True):
        site.fails = True
        site.pass_time(minutes=25)
        site.renew_until(lambda: site.text(".status-age"))
        site.fails = False
        site.show(later(OUTAGE, site.now))
        if news:
            told_more(site)
        site.ask("heard.length = 0")
        site.renew_until(lambda: not site.text(".status-age"))
        heard = [line for line in site.ask("return heard") if line]
        assert len(heard) == 1
        assert (NEW_WORD in heard[0]) if news else (heard == ["This page is up to date again."])


def test_when_what_had_the_focus_is_gone_its_heading_has_it(site: LiveSite) -> None:
    """The focus is never lost to the top of the page."""
    site.open()
    site.ask("document.querySelector('.status-item h3 a').focus()")
    site.show(later(OUTAGE, site.now, current=()))
    site.renew_until(lambda: not site.text(".status-item"))
    assert site.ask("return document.activeElement.id") == "status-current"


def test_failures_make_it_ask_less_often(site: LiveSite) -> None:
    """A server in trouble is asked after one minute, two, four, and at last every quarter of an hour."""
    site.open()
    site.ask(
        "window.waits = []; const real = setTimeout;"
        "window.setTimeout = (call, ms) => { if (ms > 2e4) waits.push(ms / 6e4); return real(call, ms); };"
    )
    site.fails = True
    for attempt in range(1, 7):
        site.renewed()
        until(lambda attempt=attempt: len(site.ask("return waits")) >= attempt)
    waits = site.ask("return waits")
    for number, wait in enumerate(waits, start=1):
        expected = min(2**number, 15)
        assert 0.8 * expected <= wait <= 1.2 * expected
    site.fails = False
    site.renewed()
    until(lambda: site.ask("return waits.at(-1)") <= 1.2)


def test_a_page_that_nobody_sees_asks_for_nothing(site: LiveSite) -> None:
    """In the background it keeps still, and looks at once when it is seen again."""
    site.open()
    hide = (
        "Object.defineProperty(document, 'hidden', {configurable: true, get: () => %s});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    site.ask(hide % "true")
    site.pass_time(minutes=10)
    site.wake()
    site.show(later(OUTAGE, site.now))
    site.ask(hide % "false")
    until(lambda: len(site.asked) == 2)
    until(lambda: site.text(".status-overall .status-ago") == "(1 minute ago)")
    assert site.text(".status-age") == ""
    assert len(site.asked) == 2


def test_offline_it_says_so(site: LiveSite) -> None:
    """Without a network the page says that it has none, and how old it is."""
    site.open()
    offline = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    site.driver.execute_cdp_cmd("Network.enable", {})
    try:
        site.driver.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
        site.pass_time(minutes=2)
        until(lambda: site.text(".status-age"))
        assert site.text(".status-age").startswith("You are offline. These facts are")
    finally:
        site.driver.execute_cdp_cmd("Network.emulateNetworkConditions", offline | {"offline": False})
    until(lambda: not site.text(".status-age"))


def test_without_monitoring_the_servers_word_is_what_is_fresh(site: LiveSite) -> None:
    """Where only staff write, a page that the server has just confirmed is not old."""
    shown = SAMPLES["not monitored"]
    site.show(shown)
    site.now = NOW + timedelta(hours=5)
    site.open()
    until(lambda: len(site.asked) == 2)
    until(lambda: not site.ask("return document.querySelector('.status-age').textContent"))
    site.fails = True
    site.pass_time(minutes=10)
    site.renewed()
    until(lambda: site.text(".status-age"))
    assert "These facts are 10 minutes old." in site.text(".status-age")


def test_a_policy_that_forbids_it_to_ask_ends_its_asking(site: LiveSite) -> None:
    """On a site whose policy does not know of it the page does not fail again and again; it says its age."""
    site.policy = "default-src 'none'; style-src 'self'; script-src 'self'"
    site.open()
    site.pass_time(minutes=20)
    site.wake()
    until(lambda: site.text(".status-age").startswith("These facts are 21 minutes old."))
    assert site.asked == [200]


def test_a_note_follows_its_incident(site: LiveSite) -> None:
    """Who watches one incident sees the next word on it, too."""
    site.open("/status/incidents/2008-09-04-srv3/")
    told_more(site)
    site.station.add(site.station.shown.current[1])
    site.renew_until(lambda: NEW_WORD in site.text(".status-updates"))
    assert site.text("[role=status].status-hidden") == NEW_WORD


def test_promises_and_windows_are_told_by_how_far_they_are(site: LiveSite) -> None:
    """Beside a time stands how far it is from now: behind for a word, ahead for a promise."""
    site.open()
    assert "(in 38 minutes)" in site.text(".status-item .status-remark")
    assert site.text(".status-latest .status-when") == "17:45 EDT (7 minutes ago)"
    site.show(SAMPLES["memory"])
    site.open()
    assert "(ends in 68 minutes)" in site.text(".status-item .status-facts")


def test_both_times_stand_beside_each_other(site: LiveSite) -> None:
    """A visitor elsewhere reads the own time, and then how long ago that was."""
    site.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Tokyo"})
    try:
        site.open()
        words = site.text(".status-latest .status-when").split()
    finally:
        site.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "America/New_York"})
    assert " ".join(words) == "17:45 EDT (Fri 06:45 your time) (7 minutes ago)"


def test_a_preview_stays_at_its_moment(driver: Any, tmp_path: Path) -> None:
    """A page of another moment neither renews itself nor is called old."""
    layout = (
        "<!doctype html><html lang=en><head>{% block head %}{% endblock %}</head>"
        "<body><div id=status-preview>Preview</div>{% block content %}{% endblock %}</body></html>"
    )
    with live_site(driver, tmp_path, OUTAGE, templates={"status/layout.html": layout}) as site:
        site.open(clock_ahead=timedelta(days=3))
        site.ask("dispatchEvent(new Event('online'))")
        assert site.text(".status-age") == ""
        assert site.ask("return document.querySelector('.status-age')") is None
        assert site.asked == [200]


def test_link_and_notice_of_the_site_follow(driver: Any, tmp_path: Path) -> None:
    """What the site's layout says of the state never contradicts the page below it."""
    layout = (
        "<!doctype html><html lang=en><head>{% block head %}{% endblock %}</head><body>"
        "{{ status_link() }}{{ status_notice() }}{% block content %}{% endblock %}</body></html>"
    )
    with live_site(driver, tmp_path, OUTAGE, templates={"status/layout.html": layout}) as site:
        site.open()
        assert "Offline" in site.text(".status-link")
        assert "Srv3 is offline" in site.text(".status-notice")
        site.show(later(SAMPLES["calm"], site.now))
        site.renew_until(lambda: "Operational" in site.text(".status-link"))
        assert site.text(".status-notice") == ""
