"""JSON that monitoring systems answer is taken at its word or not at all."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_plugin.sources.monitors import SourceError
from status_plugin.sources.monitors.json_answers import JsonObject, read_json, read_json_object

MARKED = st.text(alphabet='secret{}[]",:0123456789.eE+-\\ u', max_size=20).map(lambda text: f"zzmark{text}")


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'\xef\xbb\xbf {"a": [1, null]}\n', {"a": [1, None]}),
        ('{"ü": "\u2028"}'.encode(), {"ü": "\u2028"}),
        (b'{"a": "B\xfcro\x07"}', {"a": "B\ufffdro\x07"}),
        (b'{"a": 1, "b": 2, "a": 1}', {"a": 1, "b": 2}),
        (b"17", 17),
    ],
)
def test_what_can_be_read(body: bytes, value: object) -> None:
    """A mark at the beginning, a strange letter or a bell in a text does not cost the whole answer."""
    assert read_json(body) == value


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\xef\xbb\xbf <html>secret", "web page"),
        (b'{"secret": ', "breaks off"),
        (b'{"secret": 1} {"secret": 2}', "not JSON"),
        (b'{"secret": 1, "secret": 2}', "not JSON"),
        (b'{"secret": NaN}', "not JSON"),
        (b'{"secret": -Infinity}', "not JSON"),
        (b'{"secret": %s}' % (b"9" * 5000), "not JSON"),
        (b"[" * 100_000, "not JSON"),
        ('{"secret": 1}'.encode("utf-16"), "not JSON"),
        (b"[secret]", "not JSON"),
        (b'["secret"]', "has not the form"),
    ],
)
def test_what_cannot_be_read(body: bytes, complaint: str) -> None:
    """What is broken, ambiguous or something else is refused, and not repeated."""
    with pytest.raises(SourceError, match=complaint) as error:
        read_json_object(body)
    assert "secret" not in f"{error.value} {error.value.detail} {error.value.__context__}"


@given(MARKED)
def test_error_repeats_nothing(text: str) -> None:
    """Whatever stands in a broken answer, the error and what led to it do not have it."""
    with pytest.raises(SourceError) as error:
        read_json(b'{"a": ' + text.encode())
    assert error.value.__context__ is None
    assert "zzmark" not in str(error.value) + error.value.detail


class TestMembers:
    """What is asked of an object."""

    SEEN = read_json_object(
        json.dumps(
            {
                "text": "words",
                "number": 1.5,
                "whole": 2.0,
                "yes": True,
                "one": 1,
                "far": 1e300,
                "none": None,
                "object": {"inner": {"a": 1}},
                "list": [{"a": 1}, {"a": 2}],
                "mixed": [{}, 1],
            }
        ).encode()
    )

    def test_what_is_there(self) -> None:
        """Each kind is found."""
        seen = self.SEEN
        assert seen.text("text") == "words"
        assert (seen.number("number"), seen.number("one")) == (1.5, 1.0)
        assert (seen.whole("whole"), seen.whole("one")) == (2, 1)
        assert seen.flag("yes")
        assert seen.flag("one")
        assert seen.object("object", "inner").number("a") == 1
        assert [(name, inner.number("a")) for name, inner in seen.object("object").objects()] == [
            ("inner", 1)
        ]
        assert [inner.number("a") for inner in seen.list("list")] == [1, 2]

    @pytest.mark.parametrize("name", ["missing", "none", "object", "list"])
    def test_what_is_of_another_kind_is_not_there(self, name: str) -> None:
        """Nothing is made of something else: the default counts, or the answer is none."""
        assert self.SEEN.text(name, "?") == "?"
        assert self.SEEN.number(name, 7) == 7
        assert self.SEEN.flag(name, True)
        for ask in (self.SEEN.text, self.SEEN.number, self.SEEN.whole, self.SEEN.flag):
            with pytest.raises(SourceError, match="has not the form"):
                ask(name)

    @pytest.mark.parametrize("name", ["yes", "number", "far"])
    def test_what_is_no_count(self, name: str) -> None:
        """`true` is not 1, a fraction is not whole, and what no clock could say is not there."""
        with pytest.raises(SourceError, match="has not the form"):
            self.SEEN.whole(name)

    @pytest.mark.parametrize("name", ["missing", "none", "text", "mixed", "yes"])
    def test_missing_parts_are_another_form(self, name: str) -> None:
        """An answer without the part that must be there is no answer."""
        for ask in (self.SEEN.object, self.SEEN.list):
            with pytest.raises(SourceError, match="has not the form"):
                ask(name)

    def test_nothing_is_shown(self) -> None:
        """An object that is printed by mistake tells nothing."""
        assert "words" not in repr(self.SEEN)
        assert "words" not in repr(JsonObject({"words": "words"}))
