"""The envelope of a backup: what was written is read again, and nothing else is."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.record.errors import BadInput
from openfls.service.safekeeping import frames
from openfls.service.safekeeping.frames import FrameReader, FrameWriter
from openfls.service.safekeeping.keys import make_key, name_of, read_key
from openfls.service.safekeeping.rotation import Keep, kept

KEY, OTHER = bytes(range(32)), bytes(32)


@pytest.fixture(autouse=True)
def _small_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "FRAME", 64)


def packed(content: bytes, key: bytes | None = None) -> bytes:
    """The envelope with that content."""
    into = io.BytesIO()
    writer = FrameWriter(into, key)
    for start in range(0, len(content), 50):
        writer.write(content[start : start + 50])
    writer.finish()
    return into.getvalue()


def unpacked(envelope: bytes, key: bytes | None = None) -> bytes:
    """Its content again."""
    return io.BufferedReader(FrameReader(io.BytesIO(envelope), "it", key)).read()


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "with a key"])
@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 128, 1000])
def test_what_was_written_is_read_again(length: int, key: bytes | None) -> None:
    content = os.urandom(length)
    assert unpacked(packed(content, key), key) == content
    assert length < 60 or key is None or content[:60] not in packed(content, key)


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "with a key"])
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_any_damage_is_found(key: bytes | None, data: st.DataObject) -> None:
    """A bit turned, an end cut off, a part taken out or put in twice, something behind the end."""
    whole = packed(bytes(range(200)), key)
    place = data.draw(st.integers(0, len(whole) - 1))
    match data.draw(st.sampled_from(["bit", "cut", "out", "twice", "behind"])):
        case "bit":
            turned = whole[place] ^ (1 << data.draw(st.integers(0, 7)))
            hurt = whole[:place] + bytes([turned]) + whole[place + 1 :]
        case "cut":
            hurt = whole[:place]
        case "out":
            hurt = whole[:place] + whole[place + data.draw(st.integers(1, 120)) :]
        case "twice":
            hurt = whole[: place + 1] + whole[data.draw(st.integers(0, place)) :]
        case _:
            hurt = whole + data.draw(st.binary(min_size=1, max_size=5))
    if hurt != whole:
        with pytest.raises(BadInput):
            unpacked(hurt, key)


def test_whole_frames_that_changed_places_are_found() -> None:
    whole = packed(bytes(200), KEY)
    line = whole.index(b"\n") + 1
    first, second = whole[line : line + 84], whole[line + 84 : line + 168]
    with pytest.raises(BadInput, match="damaged in part 1"):
        unpacked(whole[:line] + second + first + whole[line + 168 :], KEY)


@pytest.mark.parametrize(
    ("envelope", "key", "reason"),
    [
        (b"PK\x03\x04", None, "is no backup of openfls"),
        (b"", None, "is no backup of openfls"),
        (b"openfls backup 2 plain\n", None, "format 2"),
        (packed(b"x", KEY), None, "give its key with --key-file"),
        (packed(b"x", KEY), OTHER, f"another key (its name is {name_of(KEY)})"),
        (packed(b"x"), KEY, "is not encrypted, though a key was given"),
    ],
    ids=["foreign", "empty", "newer", "no key", "other key", "not encrypted"],
)
def test_what_it_is_not_is_said(envelope: bytes, key: bytes | None, reason: str) -> None:
    with pytest.raises(BadInput) as raised:
        unpacked(envelope, key)
    assert reason in str(raised.value)


def test_a_key_is_its_owners_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key"
    assert make_key(path) == name_of(read_key(path))
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BadInput, match="never overwritten"):
        make_key(path)
    for text in ("", "no key", "AAAA"):
        path.write_text(text)
        with pytest.raises(BadInput, match="no key"):
            read_key(path)


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.integers(0, 24 * 500), min_size=1, max_size=80),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
)
def test_rotation_keeps_the_newest_and_at_most_as_many_as_it_says(
    hours: set[int], days: int, weeks: int, months: int
) -> None:
    start = datetime(2026, 6, 1, 3, tzinfo=UTC)
    moments = {start - timedelta(hours=each) for each in hours}
    staying = kept(moments, Keep(days, weeks, months))
    assert max(moments) in staying
    assert staying <= moments
    if days + weeks + months:
        assert len(staying) <= max(1, days + weeks + months)
        assert len({each.date() for each in staying}) >= min(days, len({each.date() for each in moments}))
    else:
        assert staying == moments
