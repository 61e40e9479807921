"""Frames out of bytes: the same however the bytes are cut, and nothing crashes them."""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.service.inbox.framing import HEAD, Fault, Frame, Framer, framed

ODDS = st.lists(
    st.one_of(
        st.sampled_from([b"\x0b", b"\x1c", b"\x1c\r", b"\r", b"\n", b"MSH|", b"\x0bMSH|^~\\&|", b" "]),
        st.binary(max_size=12),
    ),
    max_size=30,
).map(b"".join)
CONTENT = st.binary(min_size=1, max_size=60).filter(
    lambda raw: not {0x0B, 0x1C} & set(raw) and bool(raw.strip())
)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """``data`` cut at some places."""
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    return [data[start:stop] for start, stop in pairwise(places)]


def frames(parts: list[bytes], longest: int = 100_000) -> list[Frame]:
    """All frames, the end of the connection included."""
    framer = Framer(longest)
    return [frame for part in parts for frame in framer.feed(part)] + framer.finish()


@settings(deadline=None, max_examples=300)
@given(data=ODDS, cuts=st.lists(st.integers(0, 400), max_size=20), longest=st.integers(1, 60))
def test_any_bytes_give_the_same_frames_however_they_are_cut(data, cuts, longest):
    whole = frames([data], longest)
    assert frames(pieces(data, cuts), longest) == whole
    assert frames([data[at : at + 1] for at in range(len(data))], longest) == whole
    assert all(len(frame.content) <= longest for frame in whole)


@settings(deadline=None, max_examples=150)
@given(
    contents=st.lists(CONTENT, min_size=1, max_size=6),
    cuts=st.lists(st.integers(0, 600), max_size=20),
    between=st.sampled_from([b"", b"\r\n", b" \n"]),
)
def test_what_was_framed_comes_out_whole_and_in_order(contents, cuts, between):
    data = between.join(map(framed, contents))
    told = frames(pieces(data, cuts))
    assert [frame.content for frame in told] == contents
    assert [frame.sha256 for frame in told] == [sha256(each).hexdigest() for each in contents]
    assert {frame.fault for frame in told} == {Fault.NONE}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x0bMSH|a\x1c\n\x0bMSH|b\x1c\r", [(b"MSH|a", Fault.NONE), (b"MSH|b", Fault.NONE)]),
        (b"\x0bMSH|a\x1c\x0bMSH|b\x1c\r", [(b"MSH|a", Fault.NONE), (b"MSH|b", Fault.NONE)]),
        (b"\x0bMSH|a\x1cb\x1c\r", [(b"MSH|a\x1cb", Fault.NONE)]),
        (b"\x0bMSH|a\x1c", [(b"MSH|a", Fault.NONE)]),
        (b"\x0bMSH|a\x0bMSH|b\x1c\r", [(b"", Fault.CUT_OFF), (b"MSH|b", Fault.NONE)]),
        (b"\x0bMSH|a\x0bb\x1c\r", [(b"MSH|a\x0bb", Fault.NONE)]),
        (b"\x0bMSH|a", [(b"MSH|a", Fault.CUT_OFF)]),
        (b"MSH|a\x1c\r", [(b"MSH|a", Fault.NO_START)]),
        (b"GET / HTTP/1.1\r\n\r\n", [(b"GET / HTTP/1.1\r\n\r\n", Fault.UNFRAMED)]),
        (b"x\x0bMSH|a\x1c\r", [(b"x", Fault.STRAY), (b"MSH|a", Fault.NONE)]),
        (b"\r\n\x1c\r \n", []),
        (b"\x0b\x1c\r", [(b"", Fault.NONE)]),
    ],
)
def test_what_is_a_frame(data, expected):
    assert [(frame.content, frame.fault) for frame in frames([data])] == expected


def test_only_what_a_sender_waits_for_is_answered():
    answered = {fault for fault in Fault if Frame(b"", 0, "", fault).is_answered}
    assert answered == {Fault.NONE, Fault.TOO_LARGE, Fault.NO_START, Fault.UNFRAMED}


def test_what_is_too_large_is_measured_and_its_beginning_kept_and_the_next_is_whole():
    large = b"MSH|" + b"x" * (3 * HEAD)
    first, second = frames([framed(large) + framed(b"MSH|next")], longest=2 * HEAD)
    assert (first.fault, first.size, first.sha256) == (
        Fault.TOO_LARGE,
        len(large),
        sha256(large).hexdigest(),
    )
    assert first.content == large[:HEAD]
    assert (second.fault, second.content) == (Fault.NONE, b"MSH|next")


def test_a_missing_carriage_return_is_forgiven_after_a_pause():
    framer = Framer(100)
    assert framer.feed(b"\x0bMSH|a\x1c") == []
    assert framer.awaits_return
    assert [frame.content for frame in framer.pause()] == [b"MSH|a"]
    assert not framer.is_within
    assert [frame.content for frame in framer.feed(b"\r" + framed(b"MSH|b"))] == [b"MSH|b"]
