"""Secrets that can be told by their shape: what the services that give them out have published."""

from __future__ import annotations

import re
from collections.abc import Iterator

from status_plugin.staff.checking.addresses import Span

_SHAPES = {
    "a private key": r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[0-9]",
    "an AWS access key": r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{40,255})\b",
    "a GitLab token": r"\bgl(?:pat|dt|rt|ptt|soat|cbt|ft|imt|agent)-[\w-]{20,}",
    "a Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-[0-9]-[A-Za-z0-9-]{20,}",
    "a Slack webhook": r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,}",
    "a Discord webhook": r"discord(?:app)?\.com/api/webhooks/[0-9]{15,}/[\w-]{30,}",
    "a Stripe key": r"\b(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,}",
    "a Google key": r"\bAIza[0-9A-Za-z_-]{35}(?![\w-])",
    "an API key": r"\bsk-(?:ant-|proj-|or-)?[A-Za-z0-9_-]{24,}|\bSK[0-9a-f]{32}\b",
    "a SendGrid key": r"\bSG\.[\w-]{16,}\.[\w-]{16,}",
    "an npm or PyPI token": r"\bnpm_[A-Za-z0-9]{36}\b|\bpypi-[\w-]{50,}",
    "a Telegram token": r"\b[0-9]{8,10}:AA[\w-]{33}(?![\w-])",
    "a JSON web token": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}",
    "a password in an address": r"\b[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s/:@<>\"']{1,100}:[^\s/@<>\"']{1,200}@",
    "an authorization header": r"\b(?:Bearer|Basic)\s+(?=[\w.~+/-]*[0-9])[\w.~+/-]{20,}={0,2}",
}
_KEY = (
    r"(?:pass(?:word|wd|phrase|wort)?|pwd|secret|api[_-]?key|(?:access|auth|api)?[_-]?token|private[_-]?key)"
)
# Behind a colon people write sentences, so there a value must not look like a word of one.
_ASSIGNED = re.compile(
    rf"""(?<![^\W_]){_KEY}["'`]?\s{{0,3}}(?:
        =\s{{0,3}}["'`]?(?P<equals>[^\s"'`<>\[\]{{}}$*.,;][^\s"'`<>]{{3,200}})
    |   :\s{{0,3}}["'`]?(?=[^\s"'`<>]{{0,200}}[0-9])(?=[^\s"'`<>]{{0,200}}[A-Za-z])
            (?P<colon>[^\s"'`<>\[\]{{}}$*]{{6,200}}))""",
    re.IGNORECASE | re.VERBOSE,
)
_PLACEHOLDER = re.compile(
    r"(.)\1+|x+|(?:your|my|the|some)[_-].*|changeme|redacted|removed|hidden", re.IGNORECASE
)
_NAMED = [(what, re.compile(shape)) for what, shape in _SHAPES.items()]


def secrets_in(text: str) -> Iterator[tuple[Span, str]]:
    """Every secret, and what it looks like, in no order; one may be found by two shapes."""
    for what, shape in _NAMED:
        for found in shape.finditer(text):
            yield found.span(), what
    for found in _ASSIGNED.finditer(text):
        name = "equals" if found["equals"] else "colon"
        value = found[name].rstrip(".,;:!?)")
        if not _PLACEHOLDER.fullmatch(value):
            yield (found.start(name), found.start(name) + len(value)), "a password or key"
