"""The settings of `flask status check`, a part of the table of settings."""

from __future__ import annotations

from status_plugin import setting_values
from status_plugin.setting import Setting

CHECK_SETTINGS = (
    Setting(
        name="CHECK_OFF",
        default=(),
        read=setting_values.names,
        example="['no-cause', 'date-in-name']",
        help="Rules of `flask status check` that nobody wants to hear of; those that cost a word or tell a "
        "secret are always told.",
    ),
    Setting(
        name="NOTICE_PERIOD",
        default=0,
        read=setting_values.hours,
        example="72",
        help="Hours before its start by which a maintenance window is to be announced; `flask status check` "
        "says which is not.",
    ),
    Setting(
        name="DENY_LIST",
        private=True,
        default=None,
        read=setting_values.private_file,
        example="'/etc/example/never-public.txt'",
        help="A file of names that must never be public, one in each line, for `flask status check`; outside "
        "the content folder, relative to the instance folder.",
    ),
    Setting(
        name="CHECK_BLOG",
        default=False,
        read=setting_values.flag,
        example="True",
        help="Whether `flask status check` looks for what is private in the blog's posts, too.",
    ),
)
"""In the order of the documentation."""
