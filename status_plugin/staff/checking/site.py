"""The check of a site that carries the plugin, by its settings."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from status_plugin.core.problems import Problem
from status_plugin.sources.private_names import PrivateNames
from status_plugin.staff.checking.check import Places, Terms, find_problems, path_from_here
from status_plugin.staff.checking.dead_links import site_pages
from status_plugin.staff.checking.deny_list import read_deny_list
from status_plugin.web.state import PluginState


def terms_of(state: PluginState, now: datetime) -> Terms:
    """By what the site's notes are judged; raises DenyListError."""
    settings = state.settings
    return Terms(
        zone=settings.timezone,
        now=now,
        private=PrivateNames.of(state.monitor_map),
        denied=read_deny_list(settings.deny_list),
        notice=settings.notice_period,
        off=settings.check_off,
        guards_blog=settings.check_blog,
        blog_url=settings.blog_url,
        ask=site_pages(),
        misfits=lambda inventory: state.monitor_map.problems(inventory, state.sources),
    )


def problems_of_note(state: PluginState, path: Path, now: datetime) -> list[Problem]:
    """What is wrong with one note, which may just have been written; raises DenyListError.

    `path` is the file's own. Of other files nothing is told.
    """
    settings = state.settings
    inside = path.resolve().relative_to(settings.content.resolve()).as_posix()
    found = find_problems(Places.of(settings.content, settings.blog), terms_of(state, now), only={inside})
    shown = path_from_here(settings.content, inside)
    return [problem for problem in found if problem.path == shown]
