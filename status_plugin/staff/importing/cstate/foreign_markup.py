"""What Hugo would have made something else of than our pages do."""

from __future__ import annotations

import re

from status_plugin.core.notes.findings import Findings
from status_plugin.core.notes.update_details import Spot
from status_plugin.core.notes.verbatim import find_verbatim, without_code_spans

_KEPT = "It stays in the text as it is written."
_SHORTCODE = re.compile(r"\{\{[<%](?!\s*/?\s*(?:track|comment)(?![\w-])).*?[>%]\}\}")
_ANY_SHORTCODE = re.compile(r"\{\{[<%].*?[>%]\}\}")
_HTML = re.compile(r"</?[a-z][a-z0-9-]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_LINK = re.compile(r"(?P<image>!?)\[[^\]\n]*\]\((?P<address>[^)\s]*)[^)\n]*\)")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_COMMENT = re.compile(
    r"\{\{[<%]\s*comment\s*[>%]\}\}(?P<text>.*?)\{\{[<%]\s*/\s*comment\s*[>%]\}\}|\{\{/\*(?P<own>.*?)\*/\}\}",
    re.DOTALL,
)


def hide_comments(body: str) -> str:
    """The text with Hugo's comments as HTML's, so that what nobody saw stays unseen."""

    def hidden(found: re.Match[str]) -> str:
        text = found["text"] if found["text"] is not None else found["own"]
        return f"<!--{text.replace('--', '- -')}-->"

    return _COMMENT.sub(hidden, body)


def report_markup(body: str, first_line: int, findings: Findings) -> None:
    """Adds a doubt for each shortcode, HTML tag, image and link that will look or lead otherwise here."""
    lines = body.split("\n")
    inside = find_verbatim(lines).inside
    for number, line in enumerate(lines):
        if inside[number]:
            continue
        at = Spot(line=first_line + number, column=1)
        plain = without_code_spans(line)
        for found in _SHORTCODE.finditer(plain):
            findings.warning("shortcode", f"'{found[0]}' is a shortcode of Hugo's.", _KEPT, at=at)
        for found in _HTML.finditer(_ANY_SHORTCODE.sub("", plain)):
            findings.warning("html", f"'{found[0]}' is HTML, which is shown as it is typed.", _KEPT, at=at)
        for found in _LINK.finditer(plain):
            _report_link(found, findings, at)


def _report_link(found: re.Match[str], findings: Findings, at: Spot) -> None:
    address = found["address"]
    if found["image"]:
        message = f"The image '{address}' is not copied."
        findings.warning("image", message, "Put it into your site and correct its address.", at=at)
    elif address and not _ELSEWHERE.match(address) and not address.startswith("#"):
        message = f"The link '{address}' leads to a page of the old site."
        findings.warning("relative-link", message, "Check where it should lead now.", at=at)
