"""The first line of an update: `Update @ 5:33pm Eastern [identified]: what we know`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from status_plugin.core.problems import Doubt, Severity, UnreadableError
from status_plugin.core.times.time_parts import read_time_parts


@dataclass(frozen=True, kw_only=True, slots=True)
class UpdateLine:
    """An update line in its pieces; columns count from 1.

    `details` is what stands in the brackets. `text` is the rest of the line. `is_item` says that the
    line is an item of a list, so that what follows may be indented.
    """

    when: str
    when_column: int
    text: str
    details: str = ""
    details_column: int = 1
    is_item: bool = False
    doubts: tuple[Doubt, ...] = ()


_FLAGS = re.ASCII | re.IGNORECASE | re.VERBOSE
_NUMBER = r"(?: \#?[ ]?[0-9]{1,4} (?! [0-9] | [:.h/-][0-9] | [ ]?[ap]\.?m ) )?"
_WEEKDAY = r"(?: mon | tues? | wednes | thurs? | fri | satur | sun ) day"
_MONTH = r"(?: jan | feb | mar | apr | may | jun | jul | aug | sep | oct | nov | dec ) [a-z]* \.?"
_VAGUE = (
    r"(?: (?: about | around | approx\w* \.? | ca\.? | just | shortly | soon | after | before ) [ ] | ~ )*"
)
_DATED = rf"""{_VAGUE} (?: {_WEEKDAY} ,? [ ] )?
    (?: [0-9]{{1,2}} (?: [:.h][0-9]{{2}} | [ ]?[ap]\.?m\b | /[0-9] ) | [0-9]{{4}}-[0-9]
    | {_MONTH} [ ] [0-9] | [0-9]{{1,2}} (?:st|nd|rd|th)? [ ] {_MONTH} (?![a-z]) )"""
_TIME = rf"""(?: {_DATED} | {_VAGUE} (?: {_WEEKDAY} | noon | midnight
    | now | today | tonight | tomorrow | yesterday ) \b )"""

_SEPARATOR = r"(?: : (?= [ \t] | $ ) | [ \t] (?: --? | [–—] ) (?= [ \t] | $ ) )"

_FIRST_WORD = re.compile(
    r"(?: [ \t\#*_+•–—-] | [0-9]{1,3}[.)][ \t] )* (?P<word>[a-z]{4,8}) (?![a-z])", _FLAGS
)
_HEAD = re.compile(
    rf"""[ ]{{0,3}} (?P<item>[-*+][ \t]+)? (?P<mark>[*_]{{1,3}})? update [ \t]* {_NUMBER}
    (?P<end_mark>[*_]{{1,3}})? [ \t]* (?: @ | \b at [ \t] (?=[ \t]* {_TIME}) ) [ \t]*""",
    _FLAGS,
)
_STOP = re.compile(rf"\[ | : | {_SEPARATOR}", _FLAGS)
_CLOCK = re.compile(r"[0-9][:h][0-9] | [0-9][ ]?[ap]\.?m | noon | midnight", _FLAGS)
_DASHED_CLOCK = re.compile(r"[ \t]* [0-9]{1,2} (?: [:h][0-9]{2} | [ ]?[ap]\.?m )", _FLAGS)
_AFTER_DETAILS = re.compile(
    r"[ \t]* (?P<mark>[*_]{1,3})? [ \t]* (?P<colon> : | [–—] | --? (?= [ \t] | $ ) )?", _FLAGS
)
_END_OF_COLON = re.compile(r"(?P<mark>[*_]{0,3}) (?= [ \t] | $ )", _FLAGS)
_END_OF_TIME = re.compile(r"[ \t:] | $", _FLAGS)

_LATER_TIME = re.compile(
    rf"""(?: [^@]{{0,40}} @ | [^a-z@]{{0,12}} (?: \[[^\]]*\] [ \t]* )? \b at [ \t] (?= .* {_SEPARATOR}) )
    [ \t]* (?P<time> {_TIME} .* )""",
    _FLAGS,
)
_BARE_TIME = re.compile(rf"[ \t]* {_NUMBER} [*_ \t(,:–—-]* (?P<time> {_DATED} .* )", _FLAGS)
_NO_TIME = re.compile(rf"[ \t]* {_NUMBER} [*_]* [ \t]* (?: : | [–—] | --?[ \t] )", _FLAGS)
_MARKS = "*_ \t"
_BLANKS = dict.fromkeys(map(ord, "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"), " ")


def read_update_line(line: str) -> UpdateLine | None:
    """The pieces of a line, None if it is no update line; UnreadableError if it only looks like one."""
    first = _FIRST_WORD.match(line)
    if not first or not _resembles_update(first["word"].lower()):
        return None
    plain = line.translate(_BLANKS)
    head = _HEAD.match(plain)
    if not head:
        _refuse_lookalike(first["word"].lower(), plain[first.end() :])
        return None
    opening = None
    for stop in _STOP.finditer(plain, head.end()):
        if stop[0] == "[":
            end = _end_of_details(plain, stop.start())
            if end:
                return _with_details(line, head, (stop.start(), end), _AFTER_DETAILS.match(plain, end))
            opening = stop.start() if opening is None and "]" not in plain[stop.end() :] else opening
        elif _separates(plain, head, stop):
            return _up_to(stop, line, head, opening)
    if opening is not None:
        hint = "Write it like 'Update @ 5:33pm Eastern [resolved]: text'."
        raise UnreadableError("unclosed-bracket", "A bracket '[' is not closed.", hint)
    raise _without_colon(plain, head.end())


def update_column(line: str) -> int:
    """The column at which an update line's first word begins."""
    first = _FIRST_WORD.match(line)
    return first.start("word") + 1 if first else 1


@lru_cache(maxsize=4096)
def _resembles_update(word: str) -> bool:
    if word[0] not in "up":
        return False
    return word == "update" or SequenceMatcher(None, "update", word).ratio() >= 0.8


def _separates(plain: str, head: re.Match[str], stop: re.Match[str]) -> bool:
    after = stop.end()
    if stop[0] == ":":
        return bool(_END_OF_COLON.match(plain, after)) or bool(
            head["mark"] and plain.startswith(head["mark"], after)
        )
    # In "Sep 4 - 5:33pm: text" the dash belongs to the time.
    return bool(_CLOCK.search(plain, head.end(), stop.start())) or not _DASHED_CLOCK.match(plain, after)


def _end_of_details(plain: str, start: int) -> int | None:
    """The index behind the last of the brackets in a row; None if the first is a link or not closed."""
    end = None
    while plain.startswith("[", start):
        closing = plain.find("]", start) + 1
        if not closing or plain.startswith("(", closing):
            break
        end = start = closing
        while plain.startswith((" ", "\t"), start):
            start += 1
    return end


def _up_to(stop: re.Match[str], line: str, head: re.Match[str], opening: int | None) -> UpdateLine:
    """The pieces of a line without brackets, or with one that was opened and not closed."""
    end = stop.start() if opening is None else opening
    doubts: tuple[Doubt, ...] = ()
    if opening is not None:
        message = "A bracket '[' is not closed; it is read up to the colon."
        doubts = (
            Doubt(rule="unclosed-bracket", message=message, hint="Write ']:'.", severity=Severity.ERROR),
        )
    return UpdateLine(
        when=line[head.end() : end].rstrip(_MARKS),
        when_column=head.end() + 1,
        text=_text(head, line[: stop.start()], line[stop.end() :]),
        details="" if opening is None else line[opening + 1 : stop.start()],
        details_column=end + 2,
        is_item=bool(head["item"]),
        doubts=doubts,
    )


def _with_details(
    line: str, head: re.Match[str], brackets: tuple[int, int], after: re.Match[str] | None
) -> UpdateLine:
    start, end = brackets
    doubts: tuple[Doubt, ...] = ()
    text_start, mark = end, ""
    if after and after["colon"]:
        text_start, mark = after.end(), after["mark"] or ""
    else:
        doubts = (Doubt(rule="no-colon", message="The colon is missing behind ']'.", hint="Write ']:'."),)
    return UpdateLine(
        when=line[head.end() : start].rstrip(_MARKS),
        when_column=head.end() + 1,
        text=_text(head, mark, line[text_start:]),
        # A second pair of brackets continues the first; the columns stay.
        details=line[start + 1 : end - 1].replace("]", ";").replace("[", " "),
        details_column=start + 2,
        is_item=bool(head["item"]),
        doubts=doubts,
    )


def _text(head: re.Match[str], before: str, rest: str) -> str:
    """The text behind the head, with the mark that opened before "Update" if it closes only there."""
    mark, closing = head["mark"], _END_OF_COLON.match(rest)
    if closing:
        rest, before = rest[closing.end() :], before + closing["mark"]
    elif mark and rest.startswith(mark):
        rest, before = rest[len(mark) :], mark
    is_closed = head["end_mark"] == mark or before.rstrip().endswith(mark or "")
    return rest.lstrip() if is_closed or mark not in rest else mark + rest.lstrip()


def _without_colon(plain: str, start: int) -> UnreadableError:
    message = "This looks like an update, but no colon and blank follow its time."
    ends = [start + match.start() for match in _END_OF_TIME.finditer(plain[start : start + 60])]
    for end in reversed(ends):
        if _is_time(plain[start:end]):
            hint = f"Write 'Update @ {plain[start:end].strip()}: {_short(plain[end:].lstrip(': '))}'."
            return UnreadableError("update-without-colon", message, hint)
    return UnreadableError("update-without-colon", message, "Write it like 'Update @ 5:33pm Eastern: text'.")


def _is_time(text: str) -> bool:
    try:
        return bool(read_time_parts(text))
    except UnreadableError:
        return False


def _refuse_lookalike(word: str, rest: str) -> None:
    later = _LATER_TIME.match(rest)
    if later:
        rule, message = "update-malformed", "This looks like an update, but does not begin like one."
        if word != "update":
            rule, message = "update-misspelt", f"This looks like an update, but begins with '{word}'."
        raise UnreadableError(rule, message, f"Write 'Update @ {_short(later['time'])}'.")
    if word != "update":
        return
    bare = _BARE_TIME.match(rest)
    if bare:
        message = "This looks like an update, but there is no '@' before its time."
        raise UnreadableError("update-without-at", message, f"Write 'Update @ {_short(bare['time'])}'.")
    if _NO_TIME.match(rest):
        message = "This looks like an update, but has no time."
        raise UnreadableError(
            "update-without-time", message, "Write it like 'Update @ 5:33pm Eastern: text'."
        )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59].rstrip()}…"
