"""What is affected, and how badly, as it is said on the command line: `srv3, "ns9: degraded"`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.findings import suggestion
from status_plugin.core.problems import UnreadableError
from status_plugin.core.words import STATE_WORDS, State, read_state

NOTHING = "none"
"""What is said where nothing that is listed is affected."""


def said_state(text: str, *, window: bool = False) -> State:
    """The state that a word means; else UnreadableError. Maintenance is only for windows."""
    state = read_state(text)
    if state is None or (state is State.UNDER_MAINTENANCE and not window):
        words = [word for word in STATE_WORDS if window or "maintenance" not in word]
        raise UnreadableError("wrong-word", f"'{text}' is no state.", suggestion(text, words))
    return state


def said_components(texts: Iterable[str], inventory: Inventory) -> dict[str, State | None]:
    """The components that are named, by slug, with the state that is said of each, if one is.

    Raises UnreadableError for a name that components.yml does not have.
    """
    found: dict[str, State | None] = {}
    for entry in _entries(texts, inventory):
        if entry.casefold() == NOTHING:
            continue
        name, separator, word = entry.replace("=", ":").rpartition(":")
        if separator and not _is_known(entry, inventory):
            found |= dict.fromkeys(inventory.find(name.strip()), said_state(word.strip(), window=True))
        else:
            found |= dict.fromkeys(inventory.find(entry))
    return found


def said_states(texts: Iterable[str], inventory: Inventory) -> Mapping[str, State]:
    """The components that are named, each with its state; raises UnreadableError."""
    states = {}
    for slug, state in said_components(texts, inventory).items():
        if state is None:
            hint = f"Write it like '{slug}: operational' or '{slug}: partial'."
            raise UnreadableError("no-state", f"'{slug}' is given no state.", hint)
        states[slug] = state
    return states


def _entries(texts: Iterable[str], inventory: Inventory) -> Iterator[str]:
    """The single names; one with a comma in it may be a name."""
    for text in texts:
        parts = [text] if _is_known(text, inventory) else text.split(",")
        yield from (part.strip() for part in parts if part.strip())


def _is_known(name: str, inventory: Inventory) -> bool:
    try:
        return bool(inventory.find(name))
    except UnreadableError:
        return False
