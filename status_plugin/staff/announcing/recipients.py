"""Those who are told: the services in the site's Apprise file, each with the components that it follows."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any

from status_plugin.core.board.news import News
from status_plugin.staff.announcing.handover import handover
from status_plugin.web.announcements import Announcement

if TYPE_CHECKING:
    from apprise import NotifyBase

EVERYTHING = frozenset({"all", "always"})
"""Tags of those who are told everything; so are those who have no tag."""

# What Apprise and what it sends with say in their logs may hold addresses and passwords.
_TALKATIVE = ("apprise", "requests", "urllib3")
_PLACE = re.compile(r"\b(line \d+|entry #\d+|item #\d+)\b")
_REFUSAL = re.compile(r"\berror=([45]\d\d)\b|Exception: \(([45]\d\d),")

_LINE_BREAKS = 4
"""What a service may put between a title and a text that it shows as one."""


class RecipientsError(Exception):
    """Nobody can be told; the message says why."""


class Outcome(Enum):
    """What became of a message: taken, not taken, or on its way when the answer failed to come."""

    TOLD = auto()
    NOT_TOLD = auto()
    IN_DOUBT = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """One service; `name` is fit for any log, `address` for none.

    `tags` are the components that it follows, None when it follows everything.
    """

    name: str
    tags: frozenset[str] | None
    address: str = field(repr=False)
    service: NotifyBase = field(repr=False)

    def follows(self, components: Iterable[str]) -> bool:
        """Whether what touches these components is news here."""
        return self.tags is None or not self.tags.isdisjoint(components)

    def is_told(self, news: News) -> bool:
        """Whether this is news here: it is followed, and nobody here has heard it."""
        return self.follows(news.components) and (news.heard is None or not self.follows(news.heard))

    def send(self, announcement: Announcement, leaving: Callable[[], None]) -> tuple[Outcome, str]:
        """Send one message and say what became of it, and why in a sentence if it was not taken.

        `leaving` is called when the message is about to leave.
        """
        from apprise import Apprise

        alone = Apprise(asset=self.service.asset)
        alone.add(self.service)
        with _overheard() as said, handover(leaving) as watched:
            try:
                is_taken = bool(alone.notify(**self._letter(announcement)))
            except Exception:  # a service's own code failed: nothing of it may be shown
                is_taken = False
        if watched.error:
            raise watched.error
        if is_taken:
            return Outcome.TOLD, ""
        answers = [found[1] or found[2] for _, text in said if (found := _REFUSAL.search(text))]
        answer = f"It answered {answers[-1]}." if answers else "It cannot be reached, or does not answer."
        is_certain = not watched.has_begun or (bool(answers) and self._is_single)
        return Outcome.NOT_TOLD if is_certain else Outcome.IN_DOUBT, answer

    @property
    def _is_single(self) -> bool:
        """Whether there is one address behind it, so that a refusal means that nobody was told."""
        return len(self.service) <= self.service.retry + 1

    def _letter(self, announcement: Announcement) -> dict[str, Any]:
        """The message as this service wants it."""
        from apprise import NotifyFormat

        service = self.service
        title = announcement.title
        room = service.body_maxlen - (0 if service.title_maxlen else len(title) + _LINE_BREAKS)
        form, body = NotifyFormat.TEXT, announcement.text
        if service.resolve_format(None) is NotifyFormat.HTML:
            form, body = NotifyFormat.HTML, announcement.html
        if len(body) > room:
            form, body = NotifyFormat.TEXT, announcement.short(room)
        return {"title": title, "body": body, "body_format": form, "notify_type": announcement.tone}


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipients:
    """All that could be read; `broken` says where in the file something could not."""

    all: tuple[Recipient, ...]
    broken: tuple[str, ...] = ()


def read_recipients(path: Path, page: str) -> Recipients:
    """The recipients in a file of Apprise's; `page` is the address of the status page.

    Raises RecipientsError when there are none. Nothing that the file says is ever repeated.
    """
    try:
        from apprise import Apprise, AppriseAsset, AppriseConfig
    except ImportError:
        raise RecipientsError(
            "Announcements are sent by Apprise, which is not installed: pip install status-plugin[announce]"
        ) from None
    try:
        content = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RecipientsError(f"STATUS_ANNOUNCE: '{path}' cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise RecipientsError(f"STATUS_ANNOUNCE: '{path}' is not text in UTF-8.") from None
    asset = AppriseAsset(
        app_id="Network Status",
        app_desc="Network Status",
        app_url=page,
        async_mode=False,
        service_timeout=0,
        image_url_mask="",
        image_url_logo="",
    )
    with _overheard() as said, warnings.catch_warnings():
        # Apprise loads all its services, of which some use what later Pythons no longer have.
        warnings.simplefilter("ignore", DeprecationWarning)
        config = AppriseConfig(asset=asset)
        is_read = config.add_config(content, format="yaml" if path.suffix in (".yml", ".yaml") else "text")
        blanks: list[Any] = []
        services = list(Apprise(config, asset=asset).find(report=blanks)) if is_read else []
    broken = _places(said) + (("a ${NAME} without a value",) if blanks else ())
    if not services:
        where = f" ({', '.join(broken)})" if broken else ""
        raise RecipientsError(
            f"STATUS_ANNOUNCE: '{path}' names nobody whom Apprise can tell{where}. "
            "Its lines look like: srv3 = mailto://user:password@mail.example.com?to=list@example.com"
        )
    return Recipients(all=tuple(_recipients(services)), broken=broken)


def _recipients(services: Iterable[NotifyBase]) -> Iterator[Recipient]:
    """The services by their place in the file; one that stands there twice hears of everything once."""
    tags: dict[str, frozenset[str] | None] = {}
    found: dict[str, tuple[int, NotifyBase]] = {}
    for number, service in enumerate(services, start=1):
        address: str = service.url()  # type: ignore[no-untyped-call]
        followed = frozenset(str(tag).lower() for tag in service.tags)
        everything = not followed or not followed.isdisjoint(EVERYTHING)
        before = tags.get(address, frozenset())
        tags[address] = None if everything or before is None else before | followed
        found.setdefault(address, (number, service))
    for address, (number, service) in found.items():
        followed_here = tags[address]
        follows = "everything" if followed_here is None else ", ".join(sorted(followed_here))
        yield Recipient(
            name=f"{service.service_name} no. {number} ({follows})",
            tags=followed_here,
            address=address,
            service=service,
        )


def _places(said: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """Where in the file something is wrong, from what Apprise said: the places alone."""
    # Of an address that it cannot read Apprise says in passing where it stands.
    complaints = [text for level, text in said if level >= logging.WARNING or text.startswith("Unparseable")]
    places = dict.fromkeys(found[1] for text in complaints for found in _PLACE.finditer(text))
    return tuple(places) or (("some part",) if complaints else ())


@contextmanager
def _overheard() -> Iterator[list[tuple[int, str]]]:
    """What is said in the logs of others, with its level, while nobody else can hear it."""
    said: list[tuple[int, str]] = []
    ear = logging.Handler(logging.DEBUG)
    ear.emit = lambda record: said.append((record.levelno, record.getMessage()))  # type: ignore[method-assign]
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    before = [(logger, logger.level, logger.propagate, logger.handlers[:]) for logger in loggers]
    for logger in loggers:
        logger.handlers, logger.propagate = [ear], False
        logger.setLevel(logging.DEBUG)
    try:
        yield said
    finally:
        for logger, level, propagate, handlers in before:
            logger.handlers, logger.propagate = handlers, propagate
            logger.setLevel(level)
