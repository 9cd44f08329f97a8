"""Every page and drawing by the rules of HTML and SVG, as the Nu Html Checker knows them."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from board_samples import SAMPLES
from flask import Flask
from page_screenshots import TRANSLATED, translated_app
from sample_site import sample_app, visitor
from system_parts import NPM

import website

CHECKER = NPM / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
SUFFIXES = {"text/html": ".html", "image/svg+xml": ".svg"}
BROKEN = {
    "broken.html": "<!doctype html><html lang='en'><title>x</title><p role='paragraf'>x</p>",
    "broken.svg": "<svg xmlns='http://www.w3.org/2000/svg'><rectangle/></svg>",
}


@dataclass(frozen=True)
class Document:
    """What a visitor gets at an address."""

    place: str
    suffix: str
    body: bytes


def documents(app: Flask, name: str, *starts: str) -> Iterator[Document]:
    """Every page and drawing that can be reached from some addresses, and the answer to a lost visitor."""
    client = visitor(app)
    ahead, seen = [*starts], set(starts)
    while ahead:
        address = ahead.pop()
        with client.get(address) as answer:
            body, suffix = answer.get_data(), SUFFIXES.get(answer.mimetype)
        if suffix is None:
            continue
        yield Document(place=f"{name}: {address}", suffix=suffix, body=body)
        links = re.findall(r'(?:href|src)="(?:http://localhost)?(/[^"#?]*)', body.decode())
        ahead += sorted(set(links) - seen)
        seen.update(links)


def checked(folder: Path) -> dict[str, list[str]]:
    """What the checker says of each file in a folder, in one run; nothing of those without fault."""
    # One kind after the other: each change between HTML and SVG costs the checker a new schema.
    files = sorted((path.name for path in folder.iterdir()), key=lambda name: name.rpartition(".")[2])
    command = [
        "java",
        "-jar",
        str(CHECKER),
        "--format",
        "json",
        "--also-check-svg",
        "--no-langdetect",
        *files,
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    said: dict[str, list[str]] = {}
    for message in json.loads(done.stderr)["messages"]:
        kind = message.get("subType", message["type"])
        place = message["url"].rpartition("/")[2]
        said.setdefault(place, []).append(f"{kind}: {message['message']} {message.get('extract', '')!r}")
    return said


@pytest.mark.system("vnu")
def test_every_page_and_drawing_is_valid(tmp_path: Path) -> None:
    """No error and no warning on any page, in any state of the world, on the site or without one."""
    found = [
        document
        for number, (name, shown) in enumerate(SAMPLES.items())
        for document in documents(
            sample_app(shown, tmp_path / f"site{number}"), name, "/status/", "/status/nowhere"
        )
    ]
    for code, name in TRANSLATED.values():
        translated = tmp_path / code
        translated.mkdir()
        found += documents(translated_app(code, name, translated), code, "/status/", "/status/nowhere")
    site = website.create_app({"STATUS_MONITOR_MAP": {}})
    found += documents(site, "the company's site", "/", "/nowhere", "/status/nowhere")
    folder = tmp_path / "documents"
    folder.mkdir()
    distinct = {document.body: document for document in found}.values()
    names = {f"{number}{document.suffix}": document for number, document in enumerate(distinct)}
    for name, document in names.items():
        (folder / name).write_bytes(document.body)
    for name, text in BROKEN.items():
        (folder / name).write_text(text)
    said = checked(folder)
    assert set(said) >= set(BROKEN)
    assert {names[name].place: lines for name, lines in said.items() if name in names} == {}
    assert {document.suffix for document in found} == set(SUFFIXES.values())
    assert {"calm: /status/embed/", "calm: /status/components/srv3/badge.svg"} <= {d.place for d in found}
