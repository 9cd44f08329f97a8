"""IP addresses in a text, told from version numbers and times of day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network, ip_network

Span = tuple[int, int]
"""Where something stands in a text, from the first index to that behind the last."""

_V4 = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?!\w|\.[0-9])")
# The names that machines get from their addresses: ip-10-1-2-3.
_V4_IN_NAME = re.compile(r"(?<![^\W_])ip((?:[-_][0-9]{1,3}){4})(?![^\W_])", re.IGNORECASE)
_V6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f:]{2,40}(?:(?<=:)[0-9]{1,3}(?:\.[0-9]{1,3}){3})?(?![\w:]|\.[0-9])")
_VERSION_BEFORE = re.compile(r"(?:\bv|\b(?:version|release|build)s?)\.?[ \t]*\Z", re.IGNORECASE)

# Set apart for examples, so they are nobody's.
_FOR_EXAMPLES = [
    ip_network(name) for name in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]
_USUAL = [IPv6Network(name) for name in ("2000::/3", "fc00::/7", "fe80::/10", "::1/128", "::ffff:0:0/96")]


def addresses_in(text: str) -> Iterator[Span]:
    """Every IPv4 and IPv6 address but those set apart for examples, in no order."""
    for found in _V4.finditer(text):
        is_version = _VERSION_BEFORE.search(text, max(0, found.start() - 12), found.start())
        if not is_version and _is_someones_v4(found[0]):
            yield found.span()
    for found in _V4_IN_NAME.finditer(text):
        if _is_someones_v4(re.sub("[-_]", ".", found[1][1:])):
            yield found.span()
    if "::" in text or text.count(":") >= 7:
        for found in _V6.finditer(text):
            if _is_someones_v6(found[0]):
                yield found.span()


def _is_someones_v4(text: str) -> bool:
    parts = [int(part) for part in text.split(".")]
    if any(part > 255 for part in parts):
        return False
    address = IPv4Address(bytes(parts))
    return not any(address in network for network in _FOR_EXAMPLES)


def _is_someones_v6(text: str) -> bool:
    try:
        address = IPv6Address(text.rstrip(":") if not text.endswith("::") else text)
    except AddressValueError:
        return False
    # 'std::cafe' of a programmer is an address by its letters alone.
    looks_like_one = len([part for part in text.split(":") if part]) > 2 or any(
        address in network for network in _USUAL
    )
    return looks_like_one and not any(address in network for network in _FOR_EXAMPLES)
