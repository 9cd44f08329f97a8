"""`flask status` as the application has it: a door, behind which nothing is imported until it is opened."""

from __future__ import annotations

from status_plugin.staff.command_group import ChapteredGroup, LateGroup

NAME = "status"
HELP = "The Network Status page: write its notes, check them, and see and tell what they say."


def _load() -> ChapteredGroup:
    from status_plugin.staff.cli import commands

    return commands


entrance = LateGroup(name=NAME, help=HELP, load=_load)
