"""What is kept of finished answers: so many bytes, and of them what is wanted."""

from __future__ import annotations

from pathlib import Path

from status_plugin.web import fast_path, shelf
from status_plugin.web.stock import Stock


def names(stock: Stock[str, str], *asked: str) -> list[str]:
    """Those of the names that are still there."""
    return [name for name in asked if stock.find(name)]


def test_it_holds_so_many_bytes() -> None:
    """However much is brought, no more is kept; of what nobody asked for again the oldest goes first."""
    stock: Stock[str, str] = Stock(100)
    for name in "abcdefgh":
        stock.keep(name, name, 30)
    assert names(stock, *"abcdefgh") == ["f", "g", "h"]
    stock.keep("large", "large", 90)
    assert names(stock, "f", "g", "h", "large") == ["large"]


def test_what_is_too_large_is_kept_until_the_next() -> None:
    """An answer larger than all room is not made for every visitor."""
    stock: Stock[str, str] = Stock(100)
    stock.keep("a", "a", 30)
    stock.keep("huge", "huge", 1000)
    assert names(stock, "a", "huge") == ["huge"]
    stock.keep("b", "b", 30)
    assert names(stock, "b", "huge") == ["b"]


def test_a_walk_over_everything_pushes_out_nothing_wanted() -> None:
    """A robot that asks for each page once leaves those there that visitors ask for."""
    stock: Stock[str, str] = Stock(100)
    stock.keep("page", "page", 30)
    assert stock.find("page")
    for number in range(50):
        stock.keep(f"note-{number}", "note", 30)
    assert stock.find("page")


def test_what_was_wanted_once_goes_in_the_end() -> None:
    """Where all are wanted, those that are no longer make room for others that are."""
    stock: Stock[str, str] = Stock(100)
    for name in "abc":
        stock.keep(name, name, 30)
        assert stock.find(name)
    for name in "defg":
        stock.keep(name, name, 30)
        for _ in range(2):
            assert stock.find(name)
    assert names(stock, *"abc") == []


def test_a_value_is_replaced() -> None:
    """The same name again is the newer value, and the older one's bytes count no more."""
    stock: Stock[str, str] = Stock(100)
    stock.keep("a", "a", 30)
    for number in range(20):
        stock.keep("b", f"b{number}", 60)
    assert (stock.find("a"), stock.find("b"), len(stock)) == ("a", "b19", 2)
    stock.forget("b")
    stock.forget("b")
    stock.keep("c", "c", 60)
    assert (stock.find("a"), stock.find("b"), stock.find("c")) == ("a", None, "c")


def test_the_capacity_sheet_says_what_is_kept() -> None:
    """An operator reads how much memory finished pages take: those of an edition and of the one before.

    The fast path holds on to as much, for now and for the time when the application fails.
    """
    page = (Path(__file__).resolve().parent.parent / "docs" / "capacity.md").read_text("utf-8")
    at_most, with_fast_path = 2 * shelf.KEPT, 2 * shelf.KEPT + 2 * fast_path.KEPT
    told = f"at most {at_most // 1_000_000} MB, {with_fast_path // 1_000_000} MB with `STATUS_FAST_PATH`"
    assert told in " ".join(page.split())
