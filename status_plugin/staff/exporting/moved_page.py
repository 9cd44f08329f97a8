"""The page at a former address of a note: a copy is files alone, and no file can redirect."""

from __future__ import annotations

from markupsafe import Markup

from status_plugin.web.language import Language

_MOVED = Markup(
    '<!doctype html>\n<html{attributes}>\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n<title>{title}</title>\n'
    '<link rel="canonical" href="{present}">\n<meta name="robots" content="noindex">\n'
    '<meta http-equiv="refresh" content="0; url={onward}">\n</head>\n'
    "<body>\n<p>{words}</p>\n</body>\n</html>\n"
)


def moved_page(present: str, onward: str, language: Language) -> bytes:
    """A page that leads to `onward` at once; `present` is the note's address on the site itself."""
    say = language.say
    link = Markup('<a href="{}">').format(onward)
    return _MOVED.format(
        attributes=language.attributes,
        title=say("Moved – {name}", name=say("Network Status")),
        present=present,
        onward=onward,
        words=say("This page has moved: {begin}to its present address{end}.", begin=link, end=Markup("</a>")),
    ).encode()
