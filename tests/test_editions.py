"""One answer, one edition: no page mixes two moments, whatever happens while it is made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import request
from mounted_site import INCIDENT, Site, mounted_site

WEB = Path(__file__).resolve().parent.parent / "status_plugin" / "web"

TITLE = "Srv3 is not responding"
LATER_TITLE = "Srv3 answers half of the time"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site whose note is rewritten by somebody while the first answer is made."""
    found = mounted_site(tmp_path)
    found.note("incidents/down.md", INCIDENT)
    found.clock.move(1)

    @found.app.before_request
    def rewrite() -> None:
        for_anybody = "HTTP_X_VISITOR" not in request.environ
        if for_anybody and LATER_TITLE not in (found.folder / "incidents/down.md").read_text():
            found.note("incidents/down.md", INCIDENT.replace(TITLE, LATER_TITLE))
            found.clock.move(2)

    return found


@pytest.mark.parametrize(
    "address", ["/", "/board.json", "/incidents/", "/incidents/down/", "/components/srv3/"]
)
def test_an_answer_is_of_one_edition(site: Site, address: str) -> None:
    """What changes while an answer is made waits for the next one."""
    visitor = site.client
    visitor.environ_base["HTTP_X_VISITOR"] = "1"
    first = visitor.get(f"/status{address}").text
    assert TITLE in first
    assert LATER_TITLE not in first
    second = visitor.get(f"/status{address}").text
    assert LATER_TITLE in second
    assert TITLE not in second


def test_no_view_asks_for_an_edition_of_its_own() -> None:
    """Views ask for `current_edition()`; what wraps them holds one for it, and nobody else asks."""
    asking = re.compile(r"station\.(?:edition|renew)\(")
    found = {path.name for path in WEB.rglob("*.py") if asking.search(path.read_text(encoding="utf-8"))}
    assert found == {"blueprint.py", "fast_path.py", "state.py"}
