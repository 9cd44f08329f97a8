"""The path under which the page is mounted is its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from status_plugin import SettingError, StatusPlugin


def site(root: Path, prefix: str, *rules: str) -> Flask:
    """A site with routes of its own, and no status page yet."""
    (root / "content").mkdir(exist_ok=True)
    app = Flask("site", root_path=str(root), instance_path=str(root / "instance"))
    app.config.from_mapping(STATUS_TIMEZONE="UTC", STATUS_MONITOR=[], STATUS_URL_PREFIX=prefix)
    for number, rule in enumerate(rules):
        app.add_url_rule(rule, f"own-{number}", lambda **_: "own")
    return app


@pytest.mark.parametrize("rule", ["/blog/", "/blog", "/blog/incidents/", "/blog/board.json"])
def test_a_path_that_the_site_uses_is_refused(tmp_path: Path, rule: str) -> None:
    """The page does not vanish behind the site's own pages without a word."""
    app = site(tmp_path, "/blog", "/", "/about/", rule)
    with pytest.raises(SettingError) as error:
        StatusPlugin(app)
    assert str(error.value) == (
        f"STATUS_URL_PREFIX: the site has a page of its own at '{rule}' (own-2). "
        "Mount the status page at a path that the site does not use. Example: STATUS_URL_PREFIX = '/status'"
    )


@pytest.mark.parametrize(
    "rules",
    [
        (),
        ("/", "/blog/", "/blog", "/statuses/", "/status-of-orders/"),
        ("/<path:page>", "/<section>/", "/<section>/<slug>/", "/status/<slug>"),
    ],
)
def test_a_path_beside_the_sites_own_works(tmp_path: Path, rules: tuple[str, ...]) -> None:
    """Similar paths, and routes of the site that would take any path, leave the page where it is."""
    app = site(tmp_path, "/status", *rules)
    StatusPlugin(app)
    for address in ("/status/", "/status/incidents/", "/status/board.json"):
        answer = app.test_client().get(address)
        assert answer.status_code == 200
        assert answer.data != b"own"
