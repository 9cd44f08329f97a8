"""A Python-Markdown extension: links to incidents and maintenance windows in the site's own Markdown."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from flask import has_app_context
from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor

from status_plugin.core.notes.links import note_slug
from status_plugin.core.notes.markdown import NoteInBrackets, final_address
from status_plugin.web.incident_links import mark, status_incidents


class IncidentLinks(Extension):
    """`[[incident:slug]]` and `[words](incident:slug)` become links that tell the note's present state.

    Where Markdown is rendered outside an application the links are words, until the template filter
    `status_incidents` has gone over the HTML.
    """

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802, as the base class calls it
        """Add what finds the links to a converter."""
        md.inlinePatterns.register(NoteInBrackets(), "status-incident", 165)
        # Behind all others: only now are escapes and entities in addresses what they will be.
        md.treeprocessors.register(_Marks(md), "status-incident", -1)
        md.postprocessors.register(_PresentState(md), "status-incident", -1)


def makeExtension(**settings: Any) -> IncidentLinks:  # noqa: N802, as Python-Markdown calls it
    """What `markdown(text, extensions=["status_plugin.blog"])` asks for."""
    return IncidentLinks(**settings)


class _Marks(Treeprocessor):
    """Marks the links to notes."""

    def run(self, root: Element) -> None:
        """Changes the tree in place."""
        for link in list(root.iter("a")):
            slug = note_slug(final_address(link.get("href", "")))
            if slug is not None:
                mark(link, slug)


class _PresentState(Postprocessor):
    """Fills in what is known now."""

    def run(self, text: str) -> str:
        """The HTML with present states, where there is an application to ask."""
        return status_incidents(text) if has_app_context() else text
