"""The one table of keys: what may stand in a note's front matter and in components.yml, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ValueKind(StrEnum):
    """How the value of a key is read."""

    TEXT = "text"
    DATED = "dated"
    MOMENT = "moment"
    SPAN = "span"
    DURATION = "duration"
    FLAG = "flag"
    STATE = "state"
    AFFECTS = "affects"
    POSTS = "posts"
    WORDS = "words"
    SLUG = "slug"
    SLUGS = "slugs"
    CHECKS = "checks"
    COMPONENTS = "components"


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """One key; `examples` are values that a person may write as they are, the best first.

    `required` says that what it stands in is wrong without it.
    """

    name: str
    kind: ValueKind
    help: str
    examples: tuple[str, ...] = ()
    required: bool = False


_COMMON = (
    Key(
        name="title",
        kind=ValueKind.TEXT,
        help="What visitors read first: what has happened or will be done, in their words.",
        examples=("Srv3 is not responding",),
        required=True,
    ),
    Key(
        name="affects",
        kind=ValueKind.AFFECTS,
        help="What is affected: components by slug or name, a group's name, or all.",
    ),
    Key(name="posts", kind=ValueKind.POSTS, help="Posts about it, each with a title and an address."),
    Key(
        name="lang",
        kind=ValueKind.TEXT,
        help="The language of the note, if it is not the site's.",
        examples=("de", "pt-BR"),
    ),
    Key(name="tags", kind=ValueKind.WORDS, help="Words of your own."),
    Key(name="aliases", kind=ValueKind.SLUGS, help="Former names of this file; their addresses lead here."),
    Key(
        name="postmortem_due",
        kind=ValueKind.DATED,
        help="By when the report on the causes is promised.",
        examples=("2026-12-04",),
    ),
    Key(name="draft", kind=ValueKind.FLAG, help="Whether nobody may see the note yet.", examples=("true",)),
    Key(
        name="announced",
        kind=ValueKind.DATED,
        help="When the note becomes public; without it as soon as it is in the folder.",
        examples=("2026-11-20 8:00am Eastern",),
    ),
    Key(
        name="redacted",
        kind=ValueKind.FLAG,
        help="Whether something had to be taken out, so that no mark tells of the change.",
        examples=("true",),
    ),
)

INCIDENT_KEYS = (
    *_COMMON,
    Key(
        name="started",
        kind=ValueKind.DATED,
        help="When it began, as people write times; what stays vague is shown as it was written.",
        examples=("2026-11-20 6:00pm Eastern", "2026-11-20 about 6pm Eastern", "2026-11-20"),
    ),
    Key(
        name="resolved",
        kind=ValueKind.MOMENT,
        help="When it was over, where no update says so.",
        examples=("2026-11-20 8:05pm Eastern", "8:05pm"),
    ),
    Key(
        name="impact",
        kind=ValueKind.STATE,
        help="How badly all that is affected was hit.",
        examples=("degraded", "partial", "major"),
    ),
)
"""The keys of an incident's front matter."""

WINDOW_KEYS = (
    *_COMMON,
    Key(
        name="starts",
        kind=ValueKind.DATED,
        help="When the window begins.",
        examples=("2026-11-20 11:00pm Eastern",),
        required=True,
    ),
    Key(
        name="ends",
        kind=ValueKind.MOMENT,
        help="When the window ends; or say duration.",
        examples=("2026-11-21 1:00am Eastern", "1:00am"),
    ),
    Key(
        name="duration",
        kind=ValueKind.DURATION,
        help="How long the window lasts; or say ends.",
        examples=("2h", "90 min", "1h 30min"),
    ),
    Key(
        name="expected_downtime",
        kind=ValueKind.SPAN,
        help="How much of the window customers will notice.",
        examples=("under 30 min", "15-20 min"),
    ),
    Key(
        name="emergency",
        kind=ValueKind.FLAG,
        help="Whether the work could not be planned ahead.",
        examples=("true",),
    ),
)
"""The keys of a maintenance window's front matter."""

COMPONENT_KEYS = (
    Key(
        name="name",
        kind=ValueKind.TEXT,
        help="What clients call it.",
        examples=("Srv3",),
        required=True,
    ),
    Key(name="slug", kind=ValueKind.SLUG, help="Its name in addresses, if not made from the name."),
    Key(name="description", kind=ValueKind.TEXT, help="One line on what it does for clients."),
    Key(
        name="checks",
        kind=ValueKind.CHECKS,
        help="Public names of what is watched; [] if only reachability is, no line if nothing is.",
    ),
)
"""The keys of a component in components.yml."""

GROUP_KEYS = (
    Key(
        name="group",
        kind=ValueKind.TEXT,
        help="The heading above some components.",
        examples=("Shared hosting",),
        required=True,
    ),
    Key(
        name="components",
        kind=ValueKind.COMPONENTS,
        help="The components under the heading.",
        required=True,
    ),
)
"""The keys of a group in components.yml."""


def names(keys: tuple[Key, ...]) -> tuple[str, ...]:
    """The keys' names, in the order of the table."""
    return tuple(key.name for key in keys)
