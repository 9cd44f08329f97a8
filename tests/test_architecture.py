"""The house stands: which room may use which, and how large and how pure things may be."""

from __future__ import annotations

import ast
import subprocess
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "status_plugin"

# Arrows run one way. A module straight in the package is a room of its own.
ROOMS = {
    "core": {"core"},
    "setting_values": {"core", "setting_values"},
    "setting": {"setting"},
    "check_settings": {"check_settings", "setting", "setting_values"},
    "settings": {"check_settings", "core", "setting", "settings", "setting_values"},
    "settings_reader": {"settings", "settings_reader"},
    "sources": {"core", "sources", "settings"},
    "web": {"core", "sources", "settings", "web"},
    "staff": {"core", "sources", "settings", "setting_values", "web", "staff"},
    "blog": {"web"},
    "extension": {"core", "sources", "settings", "settings_reader", "web", "staff", "extension"},
    "__init__": {"extension", "settings"},
}

# The core's own wings, from the ground up: each may use those before it.
WINGS = ["words", "sayings", "problems", "times", "notes", "monitoring", "board", "history", "search"]

# What the core may import besides itself: nothing here opens a file or a socket or reads a clock.
PURE = {
    "__future__", "abc", "bisect", "collections", "contextlib", "copy", "dataclasses", "datetime",
    "difflib", "enum", "fractions", "frontmatter", "functools", "hashlib", "heapq", "html", "itertools",
    "json", "markdown", "math", "nh3", "operator", "pathlib.PurePosixPath", "re", "statistics", "string",
    "textwrap", "threading", "types", "typing", "unicodedata", "urllib.parse", "xml.etree", "yaml",
    "zlib", "zoneinfo",
}  # fmt: skip

CLOCKS_AND_FILES = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "open",
    "print",
    "input",
}

LOAD_CORE_WITHOUT_FLASK = """
import importlib, sys
for name in ("flask", "werkzeug", "jinja2", "click", "flask_caching", "urllib3"):
    sys.modules[name] = None
for name in sys.argv[1:]:
    importlib.import_module(name)
"""

IMPORT_EACH_ALONE = """
import gc, importlib, os, sys, traceback
# What others wrote is loaded once; each of our modules then by a process that has loaded none of ours.
for name in ("click", "flask", "flask_caching", "frontmatter", "icalendar", "markdown", "nh3", "urllib3"):
    importlib.import_module(name)
gc.disable()

def load(name):
    try:
        importlib.import_module(name)
    except BaseException:
        print(f"`import {name}` fails:", traceback.format_exc(), sep="\\n", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)

names, running, failed = sys.argv[1:], set(), False
while names or running:
    if names and len(running) < (os.cpu_count() or 1):
        name = names.pop()
        child = os.fork()
        if child == 0:
            load(name)
        running.add(child)
    else:
        child, status = os.wait()
        running.remove(child)
        failed |= status != 0
sys.exit(failed)
"""


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def dotted(path: Path) -> str:
    """The name under which a module is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(name: str) -> str:
    """The room of a module of the package: its folder, or itself."""
    return name.split(".")[1] if "." in name else "__init__"


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of everything that a module imports, wherever in the file it does so."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def functions(path: Path) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    """Every function with its number of lines, the docstring not counted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            said = node.body[0] if ast.get_docstring(node) is not None else None
            docstring = (said.end_lineno or 0) - said.lineno + 1 if said else 0
            yield node, (node.end_lineno or node.lineno) - node.lineno + 1 - docstring


def place(path: Path, line: int) -> str:
    """`file:line`, as editors and terminals understand it."""
    return f"{path.relative_to(ROOT)}:{line}"


def run_python(*arguments: str) -> str:
    """What a fresh interpreter complains about, or nothing."""
    command = [sys.executable, "-W", "error", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return done.stderr if done.returncode else ""


def hold(findings: Iterable[str], remedy: str) -> None:
    """Fail with a line for each finding and the way out; without a finding, pass."""
    if lines := list(findings):
        pytest.fail("\n".join([*lines, f"Remedy: {remedy}"]), pytrace=False)


@pytest.mark.timeout(300)
def test_every_module_can_be_imported_alone() -> None:
    """No module relies on another one having been imported before it."""
    names = [dotted(path) for path in modules()]
    complaint = run_python("-c", IMPORT_EACH_ALONE, *names)
    hold(
        [complaint] if complaint else [],
        "import what the module needs where it needs it; if two need each other, one holds a third.",
    )


def test_core_loads_where_there_is_no_flask() -> None:
    """The rules of the page can be used without any web framework installed."""
    core = [dotted(path) for path in modules() if room(dotted(path)) == "core"]
    complaint = run_python("-c", LOAD_CORE_WITHOUT_FLASK, *core)
    hold(
        [complaint] if complaint else [],
        "core takes values and returns values; status_plugin/__init__.py, which runs before it, must load"
        " StatusPlugin only when somebody asks for it.",
    )


def test_core_imports_only_what_is_pure() -> None:
    """The core gets no file, no socket, no clock and no framework, not even by a detour."""
    hold(
        (
            f"{place(path, line)} imports {name}"
            for path in modules()
            if room(dotted(path)) == "core"
            for line, name in imports(path)
            if not any(f"{name}.".startswith(f"{pure}.") for pure in PURE | {"status_plugin.core"})
        ),
        "let sources/ or web/ do it and pass the value in; what does no I/O may be added to PURE.",
    )


def test_core_reads_no_clock_and_opens_no_file() -> None:
    """Time is a value that is passed in."""
    hold(
        (
            f"{place(path, node.lineno)} calls {called}"
            for path in modules()
            if room(dotted(path)) == "core"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
            if (called := ".".join(ast.unparse(node.func).split(".")[-2:])) in CLOCKS_AND_FILES
        ),
        "take `now`, or the text, as an argument.",
    )


def test_every_module_lives_in_a_known_room() -> None:
    """Nobody adds a room without saying what it may use."""
    hold(
        (place(path, 1) for path in modules() if room(dotted(path)) not in ROOMS),
        "put the module into one of the rooms, or say in ROOMS what the new one may use.",
    )


def test_arrows_run_one_way() -> None:
    """core <- sources <- web, staff <- extension, and nothing looks back."""
    hold(
        (
            f"{place(path, line)}: {here} may not use {name}"
            for path in modules()
            if (here := room(dotted(path))) in ROOMS
            for line, name in imports(path)
            if name.startswith("status_plugin.") and room(name) not in ROOMS[here] | {"__version__"}
        ),
        "move the line to the room it belongs to, or pass the value in.",
    )


def test_the_wings_of_the_core_stand_on_each_other() -> None:
    """times <- notes <- monitoring <- board, and nothing looks back."""
    found = {dotted(path): path for path in modules() if dotted(path).startswith("status_plugin.core.")}
    assert {name.split(".")[2] for name in found} == set(WINGS)
    hold(
        (
            f"{place(path, line)}: {wing} may not use {name}"
            for here, path in found.items()
            for line, name in imports(path)
            if name.startswith("status_plugin.core.")
            and WINGS.index(name.split(".")[2]) > WINGS.index(wing := here.split(".")[2])
        ),
        "move the line to the wing it belongs to, or pass the value in.",
    )


def test_modules_are_about_one_noun() -> None:
    """No module is a drawer for everything."""
    drawers = {"utils", "util", "helpers", "common", "misc"}
    hold(
        (place(path, 1) for path in modules() if path.stem in drawers),
        "name the module after the one thing that it is about.",
    )


def test_modules_are_short() -> None:
    """No module has more than 300 lines."""
    sizes = [(path, len(path.read_text(encoding="utf-8").splitlines())) for path in modules()]
    hold(
        (f"{place(path, 301)}: {size} lines" for path, size in sizes if size > 300),
        "find the second noun in it and give that a module of its own.",
    )


def test_functions_are_short() -> None:
    """No function has more than 50 lines, and nine in ten have fewer than 30."""
    sizes = [
        (lines, f"{place(path, node.lineno)}: {node.name} has {lines} lines")
        for path in modules()
        for node, lines in functions(path)
    ]
    hold((told for lines, told in sizes if lines > 50), "take a step that has a name out of it.")
    long = [told for lines, told in sizes if lines >= 30]
    if len(long) * 10 > len(sizes):
        hold(
            long,
            f"shorten some: of {len(sizes)} functions only {len(sizes) // 10} may have 30 lines or more.",
        )


def test_every_test_says_its_promise() -> None:
    """A test that fails tells in one sentence what is broken for somebody."""
    hold(
        (
            place(path, node.lineno)
            for path in sorted((ROOT / "tests").glob("test_*.py"))
            for node, _ in functions(path)
            if node.name.startswith("test_") and not ast.get_docstring(node)
        ),
        "give the test a docstring of one line.",
    )


def test_warnings_are_errors() -> None:
    """A warning in a test fails it, so that none reaches the people who run the site."""
    with pytest.raises(DeprecationWarning):
        warnings.warn("something will go away", DeprecationWarning, stacklevel=1)
