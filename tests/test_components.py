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
        ("- nmae: Srv3\n- name: ns3\n", ["ns3"], ["1:3 unknown-key nmae", "1:3 name-missing name"]),
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
    ("written", "checks", "expected"),
    [
        ("[Web, Mail]", ("Web", "Mail"), []),
        ("[]", (), []),
        ("[ 'Web  mail' , no]", ("Web mail", "no"), []),
        ("", None, ["2:10 wrong-checks checks"]),
        ("Web", None, ["2:11 wrong-checks checks"]),
        ("{Web: HTTP}", None, ["2:11 wrong-checks checks"]),
        ("[Web, Web, Mail]", ("Web", "Mail"), ["2:17 wrong-checks checks"]),
        ("[Web, {Mail: SMTP}]", ("Web",), ["2:17 wrong-checks checks"]),
        ("[Web, '']", ("Web",), ["2:17 wrong-checks checks"]),
    ],
)
def test_checks_are_a_list_of_public_labels(
    written: str, checks: tuple[str, ...] | None, expected: list[str]
) -> None:
    """What is no list leaves the component unmonitored, and is an error rather than a guess."""
    text = f"- name: Srv3\n  checks: {written}\n"
    inventory, _ = read_components(text, path=PATH)
    assert inventory
    assert (inventory.components[0].checks, problems(text)) == (checks, expected)


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
