"""Reads the blog posts about a note."""

from __future__ import annotations

from status_plugin.core.notes.fields import Fields, Text, Value
from status_plugin.core.notes.findings import Findings, suggestion
from status_plugin.core.notes.links import is_on_site, is_web_address
from status_plugin.core.notes.note import Post

_FIELD = "posts"
_KEYS = ("title", "url")
_EXAMPLE = "Write - {title: What happened to Srv3, url: /blog/2008/09/srv3/}"


def read_post(value: Value, findings: Findings) -> Post | None:
    """The post that `value` names; None, and an error, if it names none that can be linked to."""
    if not isinstance(value, Fields):
        findings.error("not-a-post", "A post has a title and an address.", _EXAMPLE, at=value, field=_FIELD)
        return None
    texts = {part.name: part.value for part in value.fields if isinstance(part.value, Text)}
    for part in value.fields:
        if part.name not in _KEYS:
            message, hint = f"'{part.key}' means nothing here.", suggestion(part.name, _KEYS)
            findings.error("unknown-key", message, hint, at=part, field=_FIELD)
    for key in _KEYS:
        if key not in texts or not texts[key].text.strip():
            findings.error("not-a-post", f"The post has no {key}.", _EXAMPLE, at=value, field=_FIELD)
            return None
    url = texts["url"].text.strip()
    if not (is_on_site(url) or is_web_address(url)):
        message = f"'{url}' is no address that visitors can follow."
        hint = "Write /blog/... for a page of this site, or https://... for another one."
        findings.error("wrong-url", message, hint, at=texts["url"], field=_FIELD)
        return None
    return Post(title=" ".join(texts["title"].text.split()), url=url)
