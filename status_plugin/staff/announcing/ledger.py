"""What is owed to whom and who was told what: a file that survives everything but its deletion."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path

from status_plugin.core.board.news import NEWS_FOR

REMEMBERED_FOR = timedelta(days=400)
"""How long it is kept who was told what."""

WAIT = 600.0
"""Seconds for which a run waits until another one is done."""

EAGER_TRIES = 10
PATIENCE = timedelta(hours=1)
"""After so many failures a recipient is only tried again when so much time has passed."""

_TABLES = """
CREATE TABLE IF NOT EXISTS salt (salt BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS recipients (id TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS debts (
    recipient TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, state TEXT NOT NULL,
    owed_since TEXT NOT NULL, changed TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (recipient, name)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS debts_by_state ON debts (state);
"""


class LedgerError(Exception):
    """The file cannot be used; the message says why."""


class Debt(StrEnum):
    """Where one piece of news stands with one recipient.

    OWED: to be told. LEAVING: on its way at this moment. TOLD: taken by the recipient's service.
    IN_DOUBT: it was on its way, and nobody knows whether it arrived. GIVEN_UP: too old to be told.
    """

    OWED = "owed"
    LEAVING = "leaving"
    TOLD = "told"
    IN_DOUBT = "in doubt"
    GIVEN_UP = "given up"


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """A piece of news that a recipient has yet to hear, by its name, with the value that is to be told."""

    name: str
    value: str


class Ledger:
    """One open file; whatever is written is on the disk before the method returns.

    Recipients are known by a mark of their address that tells nothing about it. Raises LedgerError.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        with _said():
            connection.executescript(_TABLES)
            found = connection.execute("SELECT salt FROM salt").fetchone()
            self._salt: bytes = found[0] if found else os.urandom(16)
            if not found:
                connection.execute("INSERT INTO salt VALUES (?)", (self._salt,))

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Ledger]:
        """The ledger in a file, which is made if need be and readable by its owner alone."""
        with _said(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            connection = _connect(str(path))
        try:
            yield cls(connection)
        finally:
            connection.close()

    @classmethod
    @contextmanager
    def copy(cls, path: Path) -> Iterator[Ledger]:
        """The same in memory, for asking what would be told; the file is left alone."""
        connection = _connect(":memory:")
        try:
            if path.exists():
                with _said(path):
                    source = _connect(f"{path.absolute().as_uri()}?mode=ro")
                    source.backup(connection)
                    source.close()
            yield cls(connection)
        finally:
            connection.close()

    @staticmethod
    @contextmanager
    def alone(path: Path, patience: float = WAIT) -> Iterator[None]:
        """Nobody else sends anything meanwhile; a process that is killed lets the next one in.

        Raises LedgerError when another run is not done within `patience` seconds.
        """
        deadline = time.monotonic() + patience
        lock = _connect(f"{path}.lock", timeout=0.2)
        try:
            while True:
                try:
                    lock.execute("BEGIN EXCLUSIVE")
                    break
                except sqlite3.Error as error:
                    if error.sqlite_errorname == "SQLITE_BUSY" and time.monotonic() < deadline:
                        continue
                    raise LedgerError(
                        "Another run does not end. What is to be told is noted, and the next run tells it."
                    ) from None
            yield
        finally:
            lock.close()

    def mark(self, address: str) -> str:
        """What a recipient is known by."""
        return blake2b(address.encode(), key=self._salt, digest_size=16).hexdigest()

    def meet(self, recipient: str, now: datetime) -> datetime:
        """Since when a recipient is known: from now on, unless it was before."""
        with _said():
            self._connection.execute(
                "INSERT OR IGNORE INTO recipients VALUES (?, ?)", (recipient, _text(now))
            )
            since = self._connection.execute("SELECT since FROM recipients WHERE id = ?", (recipient,))
            return datetime.fromisoformat(since.fetchone()[0])

    def owe(self, recipient: str, news: Iterable[tuple[Owed, Debt]], now: datetime) -> None:
        """Note what a recipient has to hear, or is taken to have heard, all of it or nothing.

        What is noted with the same value already stays as it is.
        """
        rows = [(recipient, one.name, one.value, state.value, _text(now), _text(now)) for one, state in news]
        with _said(), self._transaction():
            self._connection.executemany(
                "INSERT INTO debts (recipient, name, value, state, owed_since, changed)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (recipient, name) DO UPDATE SET"
                " value = excluded.value, state = excluded.state, owed_since = excluded.owed_since,"
                " changed = excluded.changed, tries = 0 WHERE debts.value != excluded.value",
                rows,
            )

    def owed(self, recipient: str, now: datetime) -> list[Owed]:
        """What a recipient has yet to hear and may be told now."""
        with _said():
            rows = self._connection.execute(
                "SELECT name, value FROM debts WHERE recipient = ? AND state = ?"
                " AND (tries < ? OR changed <= ?)",
                (recipient, Debt.OWED.value, EAGER_TRIES, _text(now - PATIENCE)),
            )
            return [Owed(name=name, value=value) for name, value in rows]

    def settle(self, recipient: str, names: Sequence[str], state: Debt, now: datetime) -> None:
        """Note how it stands with some news; OWED counts as one more try that failed."""
        failed = 1 if state is Debt.OWED else 0
        with _said(), self._transaction():
            self._connection.executemany(
                "UPDATE debts SET state = ?, changed = ?, tries = tries + ? WHERE recipient = ? AND name = ?",
                [(state.value, _text(now), failed, recipient, name) for name in names],
            )

    def doubt(self, now: datetime) -> list[str]:
        """Call in doubt what is still on its way though nobody is sending: something killed the sender.

        The recipients of it.
        """
        with _said(), self._transaction():
            found = self._connection.execute(
                "SELECT DISTINCT recipient FROM debts WHERE state = ?", (Debt.LEAVING.value,)
            ).fetchall()
            self._connection.execute(
                "UPDATE debts SET state = ?, changed = ? WHERE state = ?",
                (Debt.IN_DOUBT.value, _text(now), Debt.LEAVING.value),
            )
        return [recipient for (recipient,) in found]

    def tell_again(self, now: datetime) -> None:
        """Owe once more what has come in doubt while it was news."""
        with _said(), self._transaction():
            self._connection.execute(
                "UPDATE debts SET state = ?, owed_since = ?, changed = ?, tries = 0"
                " WHERE state = ? AND changed >= ?",
                (Debt.OWED.value, _text(now), _text(now), Debt.IN_DOUBT.value, _text(now - NEWS_FOR)),
            )

    def age(self, now: datetime) -> list[str]:
        """Give up what could not be told while it was news, and forget what is ancient.

        The recipients who were tried in vain.
        """
        late = (Debt.OWED.value, _text(now - NEWS_FOR))
        with _said(), self._transaction():
            found = self._connection.execute(
                "SELECT DISTINCT recipient FROM debts WHERE state = ? AND owed_since < ? AND tries > 0", late
            ).fetchall()
            self._connection.execute(
                "UPDATE debts SET state = ?, changed = ? WHERE state = ? AND owed_since < ?",
                (Debt.GIVEN_UP.value, _text(now), *late),
            )
            self._connection.execute(
                "DELETE FROM debts WHERE state != ? AND changed < ?",
                (Debt.OWED.value, _text(now - REMEMBERED_FOR)),
            )
        return [recipient for (recipient,) in found]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def _connect(name: str, timeout: float = 30) -> sqlite3.Connection:
    # A service may send from a thread of its own; it is waited for.
    return sqlite3.connect(name, timeout=timeout, isolation_level=None, check_same_thread=False, uri=True)


@contextmanager
def _said(path: Path | None = None) -> Iterator[None]:
    """What goes wrong with the file, in words."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = (error.strerror or "") if isinstance(error, OSError) else str(error)
        named = f" '{path}'" if path else ""
        raise LedgerError(
            f"STATUS_ANNOUNCED: the file{named} that remembers who was told what cannot be used: {reason}. "
            "Nothing more is sent. Let the one who runs this command write there; if the file is broken, "
            "move it away, and announce only what nobody has been told yet."
        ) from None


def _text(at: datetime) -> str:
    """A time that sorts as text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
