"""Programs of real editors with our schemas: yaml-language-server, and remark for front matter."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from system_parts import NPM
from test_documentation import snippets

import website

pytestmark = pytest.mark.system("editors")

HOME = Path(__file__).parent.parent
MODULES = NPM / "node_modules"
PAGE = (HOME / "docs" / "phone.md").read_text("utf-8")
COMMENT = snippets(PAGE, "yaml")[0].splitlines(keepends=True)[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The company's notes in a repository with the schemas and the file for remark that the page shows."""
    shutil.copytree(HOME / "content", tmp_path / "content")
    (tmp_path / ".remarkrc.mjs").write_text(snippets(PAGE, "js")[0], "utf-8")
    (tmp_path / "node_modules").symlink_to(MODULES)
    app = website.create_app({"STATUS_MONITOR_MAP": {}, "STATUS_CONTENT": str(tmp_path / "content")})
    result = app.test_cli_runner().invoke(args=["status", "schema", "--write"])
    assert result.exit_code == 0, result.output
    return tmp_path


def told(server: Any) -> Iterator[dict[str, Any]]:
    """The messages that a language server sends."""
    while header := server.stdout.readline():
        length = int(header.split(b":")[1])
        while server.stdout.readline().strip():
            pass
        yield json.loads(server.stdout.read(length))


def diagnostics(file: Path) -> list[str]:
    """What yaml-language-server finds wrong in a file, as an editor would show it."""
    command = ["node", str(MODULES / "yaml-language-server" / "bin" / "yaml-language-server"), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:

        def say(**message: Any) -> None:
            assert server.stdin is not None
            text = json.dumps({"jsonrpc": "2.0", **message}).encode()
            server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(text), text))
            server.stdin.flush()

        root = file.parent.as_uri()
        folders = [{"uri": root, "name": "notes"}]
        params = {"processId": None, "rootUri": root, "workspaceFolders": folders, "capabilities": {}}
        say(id=1, method="initialize", params=params)
        try:
            for message in told(server):
                if message.get("id") == 1 and "method" not in message:
                    say(method="initialized", params={})
                    document = {"uri": file.as_uri(), "languageId": "yaml", "version": 1}
                    document["text"] = file.read_text("utf-8")
                    say(method="textDocument/didOpen", params={"textDocument": document})
                elif message.get("method") == "textDocument/publishDiagnostics":
                    return [found["message"] for found in message["params"]["diagnostics"]]
                elif "id" in message and "method" in message:
                    say(id=message["id"], result=None)
        finally:
            server.kill()
    raise AssertionError("the server ended without a word")


def test_the_comment_works_in_components(folder: Path) -> None:
    """With the line at its top a good components.yml is good, and a mistake is marked."""
    file = folder / "content" / "components.yml"
    file.write_text(COMMENT + file.read_text("utf-8"), "utf-8")
    assert diagnostics(file) == []
    file.write_text(file.read_text("utf-8") + "- nam: Srv9\n", "utf-8")
    found = diagnostics(file)
    assert 'Missing property "name".' in found
    assert "Property nam is not allowed." in found


def remarks(folder: Path) -> str:
    """What remark says of all notes."""
    return subprocess.run(
        ["node_modules/.bin/remark", "--frail", "--quiet", "--no-color", "content"],
        cwd=folder,
        env=os.environ | {"NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    ).stderr


def test_the_front_matter_of_notes(folder: Path) -> None:
    """The company's notes are good; a wrong key and a wrong word in one are found."""
    assert remarks(folder) == ""
    note = folder / "content" / "incidents" / "wrong.md"
    note.write_text("---\ntitel: x\nimpact: terrible\n---\nText.\n", "utf-8")
    found = remarks(folder)
    assert "content/incidents/wrong.md" in found
    assert "Must have required property 'title'" in found
    assert "`degraded`" in found
