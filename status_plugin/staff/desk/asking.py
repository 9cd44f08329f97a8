"""Questions to a person at a terminal; nobody is asked where no terminal is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from status_plugin.core.notes.components import Inventory
from status_plugin.core.problems import UnreadableError
from status_plugin.staff.desk.at_hand import NoteItem
from status_plugin.staff.desk.edit import plain_text

_T = TypeVar("_T")

NOTHING_SAID = "-"
"""What is typed where a question has no answer; with it as an argument a text is read from the input."""


def is_asked() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty()


def given_text(argument: str | None, question: str, *, default: str | None = None) -> str:
    """The text of an argument; "-" and a pipe are read to their end, and at a terminal it is asked for.

    Raises click.UsageError where there is none.
    """
    if argument == NOTHING_SAID or (argument is None and not is_asked()):
        argument = _piped()
        argument = argument if argument.strip() or default is None else default
    elif argument is None:
        argument = str(click.prompt(question, default=default, type=str))
    text = plain_text(argument)
    if not text:
        raise click.UsageError("The text is empty. Give it in quotes, or '-' to have it read from the input.")
    return text


def _piped() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise click.UsageError("The text from the input is not UTF-8.") from None


def answer(question: str, read: Callable[[str], _T], *, default: str | None = None) -> _T:
    """An answer that can be read; what cannot be is said, and asked for again."""

    def understood(text: str) -> _T:
        try:
            return read(text)
        except UnreadableError as error:
            raise click.UsageError(f"{error}") from None

    found: _T = click.prompt(question, default=default, value_proc=understood)
    return found


def choice(question: str, words: Sequence[str], *, default: str | None = None) -> str:
    """One of some words."""
    return str(click.prompt(question, type=click.Choice(list(words), case_sensitive=False), default=default))


def chosen_of(items: Sequence[NoteItem]) -> NoteItem:
    """One of several notes, by its number."""
    for number, item in enumerate(items, start=1):
        click.echo(f"  {number}. {item.title} ({item.slug})")
    number = click.prompt("Which note", type=click.IntRange(1, len(items)), default=1)
    return items[int(number) - 1]


def show_components(inventory: Inventory) -> None:
    """The components that there are, for whoever is about to name some."""
    for component in inventory.components:
        click.echo(f"  {component.slug:<20} {component.name}")


def settle(doubts: Sequence[str]) -> None:
    """Ask whether it is meant so; where nobody can be asked the doubts are told, and it is done."""
    for doubt in doubts:
        if not is_asked():
            click.echo(f"Warning: {doubt}", err=True)
        elif not click.confirm(f"{doubt} Do it all the same?", default=False):
            raise click.ClickException("Nothing is written.")
