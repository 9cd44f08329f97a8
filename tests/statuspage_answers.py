"""What the tests of Statuspage's API share: its addresses, its schema, and answers over any board."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
from board_samples import ZONE

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import IncidentItem, WindowItem
from status_plugin.core.board.order import began
from status_plugin.core.notes.markdown import render, words_of
from status_plugin.web.addresses import kind_of
from status_plugin.web.statuspage.answers import Answers
from status_plugin.web.statuspage.views import ANSWERS

SCHEMA = json.loads(files("status_plugin").joinpath("schema", "statuspage.schema.json").read_text())
ADDRESSES = tuple(ANSWERS)
VALIDATORS = {
    address: jsonschema.Draft202012Validator(
        SCHEMA | {"$ref": f"#/$defs/{address.removesuffix('.json').replace('/', '_')}"},
        format_checker=jsonschema.FormatChecker(),
    )
    for address in ADDRESSES
}


def answers_of(shown: Board) -> Answers:
    """The answers over a board that shows every note there is."""
    items = sorted((*shown.current, *shown.scheduled, *shown.past), key=began, reverse=True)
    return Answers(
        board=shown,
        incidents=[item for item in items if isinstance(item, IncidentItem)],
        windows=[item for item in items if isinstance(item, WindowItem)],
        zone=ZONE,
        page_url="https://www.example.com/status/",
        address=lambda item: f"https://www.example.com/status/{kind_of(item)}/{item.slug}/",
        plain=lambda text: words_of(render(text)),
    )


def everything(shown: Board) -> dict[str, Any]:
    """All eight answers over a board, by address, each held against the schema."""
    answers = answers_of(shown)
    values = {address: answer(answers) for address, answer in ANSWERS.items()}
    for address, value in values.items():
        VALIDATORS[address].validate(value)
    return values
