"""What a first visit to the page costs somebody on a bad line."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from board_samples import SAMPLES
from flask.testing import FlaskClient
from sample_site import WatchedHistories, sample_app

import website

LIMIT = 14 * 1024
"""Bytes that a server may send before it has to wait for the visitor's first answer."""


def fetched(client: FlaskClient, address: str = "/status/") -> dict[str, int]:
    """The bytes of the page and of everything of ours that it loads, as they are sent, by address."""
    page = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(page.data).decode()
    loaded = re.findall(r'<(?:script|img|iframe)[^>]* src="(.*?)"', html)
    loaded += re.findall(r'<link rel="(?:stylesheet|icon|preload)"[^>]*href="(.*?)"', html)
    assert not [place for place in loaded if not place.startswith("/")], "nothing is from another host"
    found = {address: len(page.data)}
    for place in (place for place in loaded if place.startswith("/status/")):
        answer = client.get(place, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip", place
        assert "immutable" in answer.headers["Cache-Control"], place
        found[place] = len(answer.data)
    return found


def test_the_demonstration_is_small() -> None:
    """Page, style sheet and script together fit into what one exchange can carry, in three requests."""
    found = fetched(website.create_app({"STATUS_MONITOR_MAP": {}}).test_client())
    assert len(found) == 3
    assert sum(found.values()) <= LIMIT, found


@pytest.mark.parametrize("name", ["outage", "memory", "twelve incidents"])
def test_trouble_is_small_as_well(name: str, tmp_path: Path) -> None:
    """When it matters, with a history of all components, the page is hardly heavier."""
    app = sample_app(SAMPLES[name], tmp_path, histories=WatchedHistories())
    found = fetched(app.test_client())
    assert len(found) == 3
    assert sum(found.values()) <= LIMIT, found
