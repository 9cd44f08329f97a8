"""What a note affects and how badly: slugs, names, a group's name, "all", each with a state if need be."""

from __future__ import annotations

from collections.abc import Iterator

from status_plugin.core.notes.components import Inventory
from status_plugin.core.notes.fields import Field, Fields, Items, Text, Value
from status_plugin.core.notes.findings import Findings, suggestion
from status_plugin.core.problems import UnreadableError
from status_plugin.core.words import STATE_WORDS, State, read_state, worst

_FIELD = "affects"
_EXAMPLE = "Write affects: [srv3, {ns3: degraded}]"


def read_impact(text: Text, findings: Findings, *, field: str) -> State | None:
    """The state that an incident's word means; None, and an error, if it means none."""
    state = read_state(text.text)
    if state is None or state is State.UNDER_MAINTENANCE:
        words = [word for word in STATE_WORDS if read_state(word) is not State.UNDER_MAINTENANCE]
        hint = suggestion(text.text, words)
        findings.error("wrong-word", f"'{text.text}' is no impact.", hint, at=text, field=field)
        return None
    return state


def read_affects(
    value: Value, findings: Findings, *, inventory: Inventory, impact: State
) -> dict[str, State]:
    """The state of every component that `value` names: its own, else `impact`.

    A component's own state counts before that of a group or of "all"; of two, the worse. In a
    maintenance window, whose impact is maintenance, there are no others.
    """
    reader = _Reader(findings, inventory, is_window=impact is State.UNDER_MAINTENANCE)
    reader.read(value)
    return {slug: reader.own_states.get(slug, impact) for slug in reader.slugs}


class _Reader:
    def __init__(self, findings: Findings, inventory: Inventory, *, is_window: bool) -> None:
        self._findings = findings
        self._inventory = inventory
        self._is_window = is_window
        self.slugs: dict[str, None] = {}
        self.own_states: dict[str, State] = {}

    def read(self, value: Value) -> None:
        """Takes in a text, a list, or a mapping of components to states."""
        if isinstance(value, Text):
            for text in self._parts(value):
                self._name(text)
        elif isinstance(value, Fields):
            for entry in value.fields:
                self._state(entry)
        else:
            for item in value.items:
                if isinstance(item, Items):
                    self._findings.error("wrong-kind", "A list in a list.", _EXAMPLE, at=item, field=_FIELD)
                else:
                    self.read(item)

    def _parts(self, text: Text) -> Iterator[Text]:
        """The names in a text; one with commas is a list without brackets, unless it is a name."""
        column = text.column
        parts = [text.text] if self._is_known(text.text) else text.text.split(",")
        for part in parts:
            blanks = len(part) - len(part.lstrip())
            yield Text(text=part.strip(), line=text.line, column=column + blanks)
            column += len(part) + 1

    def _is_known(self, name: str) -> bool:
        try:
            return bool(self._inventory.find(name))
        except UnreadableError:
            return False

    def _name(self, text: Text) -> tuple[str, ...]:
        if not text.text:
            self._findings.error("empty-name", "A name is missing.", _EXAMPLE, at=text, field=_FIELD)
            return ()
        try:
            found = self._inventory.find(text.text)
        except UnreadableError as error:
            self._findings.unreadable(error, at=text, field=_FIELD)
            return ()
        self.slugs.update(dict.fromkeys(found))
        return found

    def _state(self, entry: Field) -> None:
        slugs = self._name(Text(text=entry.key, line=entry.line, column=entry.column))
        if not isinstance(entry.value, Text):
            message = f"The state of '{entry.key}' is no word."
            self._findings.error("wrong-kind", message, _EXAMPLE, at=entry.value, field=_FIELD)
            return
        if self._is_window:
            message = f"In a maintenance window '{entry.key}' has no state of its own."
            hint = "Write the name alone, and the impact in the text."
            self._findings.error("state-in-window", message, hint, at=entry.value, field=_FIELD)
            return
        state = read_impact(entry.value, self._findings, field=_FIELD)
        if state is None:
            return
        for slug in slugs:
            if self.own_states.get(slug, state) is not state:
                message = f"'{slug}' has two states; the worse one counts."
                self._findings.error("two-states", message, "Keep one of them.", at=entry, field=_FIELD)
            self.own_states[slug] = worst((state, self.own_states.get(slug, state)))
