"""components.yml is read entry by entry: what is wrong with one never costs another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_plugin.core.notes.components import Component, Inventory, read_components
from status_plugin.core.problems import UnreadableError

PATH = "components.yml"

WHOLE = """\
# What is public.
- group: Shared Linux hosting
  components:
    - name: Srv3
      description: Web, mail and databases
        of shared hosting
      checks: [Web, Mail, Database]
    - name: Account management
- name: ns3
  slug: name-server-3
  checks: []
"""


def slugs(text: str) -> list[str]:
    inventory, _ = read_components(text, path=PATH)
    return [component.slug for component in inventory.components] if inventory else []


def problems(text: str) -> list[str]:
    _, found = read_components(text, path=PATH)
    assert all(problem.path == PATH and problem.hint and problem.line for problem in found)
    return [f"{problem.line}:{problem.column} {problem.rule} {problem.field or '-'}" for problem in found]


def test_a_whole_file_is_read() -> None:
    """Groups, single components, derived and given slugs, and the three kinds of checks."""
    inventory, found = read_components(WHOLE, path=PATH)
    assert found == ()
    assert inventory == Inventory(
        components=(
            Component(
                slug="srv3",
                name="Srv3",
                group="Shared Linux hosting",
                description="Web, mail and databases of shared hosting",
                checks=("Web", "Mail", "Database"),
            ),
            Component(slug="account-management", name="Account management", group="Shared Linux hosting"),
            Component(slug="name-server-3", name="ns3", checks=()),
        )
    )


def test_without_checks_nothing_is_watched() -> None:
    """No `checks` is not monitored; an empty list is reachability alone, which is monitoring."""
    inventory, _ = read_components(WHOLE, path=PATH)
    assert inventory
    assert [component.is_monitored for component in inventory.components] == [True, False, True]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Srv3", "srv3"),
        ("Account management", "account-management"),
        ("Kundenportal (Größe L)", "kundenportal-grosse-l"),
        ("Our customers' portal", "our-customers-portal"),
        ("ns3.example.com", "ns3-example-com"),
        ("10:30", "10-30"),
        ("no", "no"),
    ],
)
def test_a_slug_is_derived_from_the_name(name: str, slug: str) -> None:
    """A slug stands in addresses, so it is small, plain and always the same."""
    assert slugs(f'- name: "{name}"\n') == [slug]


def test_a_name_without_any_latin_letter_has_an_address_all_the_same() -> None:
    """It is not pretty, but different for different names and never empty."""
    first, second = slugs("- name: 日本\n- name: 中国\n")
    assert first != second
    assert first.isascii()
    assert first.isalnum()


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("- title: Srv3\n- name: ns3\n", ["ns3"], ["1:3 unknown-key title", "1:3 name-missing name"]),
        ("- name:\n- name: ns3\n", ["ns3"], ["1:3 name-missing name"]),
        ("- name: [a]\n- name: ns3\n", ["ns3"], ["1:3 name-missing name", "1:9 wrong-kind name"]),
        ("- Srv3\n- name: ns3\n", ["ns3"], ["1:3 not-a-component -"]),
        ("- [Srv3]\n- name: ns3\n", ["ns3"], ["1:3 not-a-component -"]),
        ("- name: Srv3\n- name: srv3\n- name: ns3\n", ["srv3", "ns3"], ["2:9 duplicate-component name"]),
        ("- name: a\n  slug: x\n- name: x\n", ["x"], ["3:9 duplicate-component name"]),
        ("- name: All\n- name: ns3\n", ["ns3"], ["1:9 duplicate-component name"]),
        ("- name: Srv3\n  slug: Srv 3!\n", ["srv-3"], ["2:9 wrong-slug slug"]),
        ("- name: Srv3\n  host: srv3.dal.example.net\n", ["srv3"], ["2:3 unknown-key host"]),
        ("- name: Srv3\n  name: Srv4\n", ["srv4"], ["2:3 duplicate-key name"]),
        ("- name: Srv3\n  description: {a: b}\n", ["srv3"], ["2:16 wrong-kind description"]),
        ("- group: A\n- name: ns3\n", ["ns3"], ["1:3 group-without-components components"]),
        ("- group: A\n  components:\n- name: ns3\n", ["ns3"], ["2:14 group-without-components components"]),
        ("- group: A\n  components: Srv3\n", [], ["2:15 group-without-components components"]),
        ("- components: [{name: ns3}]\n", ["ns3"], ["1:3 group-missing -"]),
        ("- group: A\n  checks: [Web]\n  components: [{name: a}]\n", ["a"], ["2:3 unknown-key checks"]),
        ("- group: A\n  components: [{name: a}, b, {name: c}]\n", ["a", "c"], ["2:27 not-a-component -"]),
    ],
)
def test_a_wrong_entry_costs_itself_alone(text: str, known: list[str], expected: list[str]) -> None:
    """The other entries stand, and the wrong one is named with line and column."""
    assert (slugs(text), problems(text)) == (known, expected)


@pytest.mark.parametrize(
    ("written", "checks", "in_doubt", "expected"),
    [
        ("checks: [Web, Mail]", ("Web", "Mail"), False, []),
        ("Checks: [Web, Mail]", ("Web", "Mail"), False, []),
        ("checks: []", (), False, []),
        ("checks: [ 'Web  mail' , no]", ("Web mail", "no"), False, []),
        ("checks:", (), True, ["2:10 wrong-checks checks"]),
        ("checks: Web", ("Web",), False, ["2:11 wrong-checks checks"]),
        ("checks: Web, Mail", ("Web", "Mail"), False, ["2:11 wrong-checks checks"]),
        ("checks: ','", (), True, ["2:11 wrong-checks checks"]),
        ("checks: {Web: HTTP}", (), True, ["2:11 wrong-checks checks"]),
        ("checks: [Web, Web, Mail]", ("Web", "Mail"), False, ["2:17 wrong-checks checks"]),
        ("checks: [Web, {Mail: SMTP}]", ("Web",), True, ["2:17 wrong-checks checks"]),
        ("checks: [Web, '']", ("Web",), True, ["2:17 wrong-checks checks"]),
        ("cheks: [Web]", ("Web",), True, ["2:3 unknown-key cheks"]),
        ("check: Web", ("Web",), True, ["2:3 unknown-key check", "2:10 wrong-checks checks"]),
    ],
)
def test_checks_are_a_list_of_public_labels(
    written: str, checks: tuple[str, ...], in_doubt: bool, expected: list[str]
) -> None:
    """Whoever writes of checks wants them watched: what cannot be read of them is in doubt, not unwatched."""
    text = f"- name: Srv3\n  {written}\n"
    inventory, _ = read_components(text, path=PATH)
    assert inventory
    (component,) = inventory.components
    assert (component.checks, component.checks_in_doubt, problems(text)) == (checks, in_doubt, expected)
    assert inventory.complete is not in_doubt


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("- nmae: Srv3\n- name: ns3\n", ["srv3", "ns3"]),
        ("- name: Srv3\n  slgu: srv-3\n", ["srv-3"]),
        ("- group: A\n  component:\n    - name: Srv3\n", ["srv3"]),
    ],
)
def test_a_misspelt_key_is_read_as_what_it_may_mean(text: str, known: list[str]) -> None:
    """A slip of the finger takes no server off the page; it is an error and in doubt all the same."""
    inventory, found = read_components(text, path=PATH)
    assert inventory
    assert (list(inventory.by_slug), inventory.complete) == (known, False)
    assert [problem.rule for problem in found] == ["unknown-key"]


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        (WHOLE, True),
        ("- name: Srv3\n- just words\n", False),
        ("- name: Srv3\n- description: nameless\n", False),
        ("- name: Srv3\n- name: srv3\n", False),
        ("- name: Srv3\n  slug: Srv 3!\n", False),
        ("- name: Srv3\n- group: A\n  components: ns3\n", False),
        ("- name: Srv3\n  checks: [Web]\n  name: ns3\n", False),
        ("- group: A\n  components: [{name: a}]\n  components: [{name: b}]\n", False),
        ("- group: A\n  components: [{name: a}]\n  checks: [Web]\n", False),
        ("- name: Srv3\n  host: srv3.dal.example.net\n", True),
        ("- name: Srv3\n  description: {a: b}\n", True),
        ("- name: Srv3\n  description: a\n  description: b\n", True),
        ("- components: [{name: a}]\n", True),
    ],
)
def test_a_list_is_complete_unless_a_mistake_costs_a_component_or_a_check(text: str, complete: bool) -> None:
    """Who keeps the last good list must know a bad one; what is only decoration makes none."""
    inventory, found = read_components(text, path=PATH)
    assert inventory
    assert inventory.complete is complete
    assert complete or found


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "1:1 no-components -"),
        ("# nothing yet\n", "1:1 no-components -"),
        ("[]\n", "1:1 no-components -"),
        ("components:\n  - name: Srv3\n", "1:1 no-components -"),
        ("- name: a: b\n", "1:10 unreadable-yaml -"),
        ("- name: x\n\tslug: y\n", "2:1 unreadable-yaml -"),
        ("- name: &a x\n- name: *a\n", "1:9 unreadable-yaml -"),
    ],
)
def test_without_a_readable_list_there_is_no_inventory(text: str, place: str) -> None:
    """None is not the same as an inventory without components, which would hide everything."""
    inventory, found = read_components(text, path=PATH)
    assert inventory is None
    assert problems(text) == [place]
    assert found[0].hint


def test_byte_order_mark_and_carriage_returns_are_fine() -> None:
    """The file may come from any editor."""
    assert slugs("\ufeff- name: Srv3\r\n- name: ns3\r\n") == ["srv3", "ns3"]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("srv3", ("srv3",)),
        (" SRV3 ", ("srv3",)),
        ("account  Management", ("account-management",)),
        ("shared linux hosting", ("srv3", "account-management")),
        ("ns3", ("name-server-3",)),
        ("all", ("srv3", "account-management", "name-server-3")),
    ],
)
def test_a_word_stands_for_components(word: str, found: tuple[str, ...]) -> None:
    """Slugs, names, groups and "all", in any case."""
    inventory, _ = read_components(WHOLE, path=PATH)
    assert inventory
    assert inventory.find(word) == found


def test_a_component_comes_before_a_group_of_the_same_name() -> None:
    """Who writes the name of one thing means that thing."""
    inventory, _ = read_components("- group: web\n  components: [{name: Web}, {name: b}]\n", path=PATH)
    assert inventory
    assert inventory.find("Web") == ("web",)


def test_an_unknown_word_is_answered_with_the_nearest() -> None:
    """Did you mean, else what there is."""
    inventory, _ = read_components(WHOLE, path=PATH)
    assert inventory
    with pytest.raises(UnreadableError, match=r"Did you mean 'Srv3'\?|Did you mean 'srv3'\?"):
        inventory.find("srv")
    with pytest.raises(UnreadableError, match="Known are: srv3, account-management, name-server-3"):
        inventory.find("zzzz")
    with pytest.raises(UnreadableError, match="not in components"):
        inventory.find("")


@given(st.text() | st.text(alphabet="-:[]{} \nabnamechks,&*!'\"#"))
def test_any_text_is_an_inventory_or_a_problem(text: str) -> None:
    """Nothing that can stand in the file raises."""
    inventory, found = read_components(text, path=PATH)
    assert inventory is not None or found
