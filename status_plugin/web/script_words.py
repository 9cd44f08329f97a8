"""The words of the script, which come with each page: it has those of English itself."""

from __future__ import annotations

from status_plugin.web.language import Language

NUMBER, ALL = "{}", "{#}"
"""Where the script puts a time or a number into its words, and where the number of all there are."""


def script_words(language: Language) -> list[str]:
    """The words in the order in which the script names them."""
    say = language.say
    return [
        say("{begin} to {end}", begin="", end=""),
        say("{time} your time", time=NUMBER),
        say("ends {time}", time=NUMBER),
        say("{found} of {count} shown", found=NUMBER, count=ALL),
        say("None of {count} shown", count=ALL),
        say("You are offline."),
        say("This page cannot be renewed at the moment."),
        say("These facts are {age} old. Things may have changed since.", age=NUMBER),
        say("This page is up to date again."),
    ]
