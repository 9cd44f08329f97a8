"""The commands under `flask status`, told in the order in which people need them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import click
from flask.cli import AppGroup


class ChapteredGroup(AppGroup):
    """A group whose help tells its commands in chapters; each command is in one of them."""

    def __init__(self, *, chapters: Mapping[str, Sequence[click.Command]], name: str, help: str) -> None:  # noqa: A002
        super().__init__(name, help=help)
        self._chapters = {title: [str(command.name) for command in told] for title, told in chapters.items()}
        for told in chapters.values():
            for command in told:
                self.add_command(command)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the chapters."""
        return [name for names in self._chapters.values() for name in names]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the chapters with a line for each command."""
        width = max(map(len, self.list_commands(ctx)))
        for title, names in self._chapters.items():
            with formatter.section(title):
                limit = formatter.width - width - 6
                rows = [(f"{name:<{width}}", self.commands[name].get_short_help_str(limit)) for name in names]
                formatter.write_dl(rows)


class LateGroup(click.Group):
    """A group that stands for another one, which is imported when somebody asks for a command of it.

    A worker of the site starts without what staff alone need.
    """

    def __init__(self, *, name: str, help: str, load: Callable[[], ChapteredGroup]) -> None:  # noqa: A002
        super().__init__(name, help=help)
        self._load = load

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the chapters."""
        return self._load().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, None when there is none."""
        return self._load().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the chapters with a line for each command."""
        self._load().format_commands(ctx, formatter)
