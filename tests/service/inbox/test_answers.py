"""Headers and acknowledgements: the sender's own control id in the sender's own separators, for any bytes at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfls.service.inbox.answers import Code, answer
from openfls.service.inbox.arrivals import arrival_of
from openfls.service.inbox.framing import Fault, Framer, framed
from openfls.service.inbox.header import NoHeader, header_of
from service.inbox.made import LONGEST, NOON, arrival, message

MSH = b"MSH|^~\\&|RIS|RXX|FLS|RYY|20260601110000||ORU^R01^ORU_R01|C\xfc 7|T|2.5.1||||||8859/1\rPID|1\r"


def told(content: bytes, code: Code = Code.ACCEPT, reason: str = "") -> bytes:
    """The answer's content."""
    whole = answer(header_of(content), code, reason, at=NOON, own_id="0123456789abcdef0123")
    assert whole[:1] == b"\x0b"
    assert whole[-2:] == b"\x1c\r"
    return whole[1:-2]


def test_the_whole_answer():
    assert told(MSH).split(b"\r") == [
        b"MSH|^~\\&|FLS|RYY|RIS|RXX|20260601120000+0000||ACK^R01^ACK|0123456789abcdef0123|T|2.5.1||||||8859/1",
        b"MSA|AA|C\xfc 7",
        b"",
    ]


@pytest.mark.parametrize(
    ("content", "segments"),
    [
        (b"MSH#*~\\&#R#F#####ADT*A01#7#P#2.3", [b"MSH#*~\\&#OPENFLS##R#F#", b"MSA#AR#7#too large"]),
        (b"MSH||R", [b"MSH|^~\\&|OPENFLS||R||", b"MSA|AR||too large"]),
        (b"\xef\xbb\xbf\r\nMSH|^~\\&|R|||||||9\r", [b"MSH|^~\\&|OPENFLS||R||", b"MSA|AR|9|too large"]),
    ],
)
def test_other_separators_and_poor_headers(content, segments):
    lines = told(content, Code.REJECT, "too large").split(b"\r")
    assert lines[0].startswith(segments[0])
    assert lines[1] == segments[1]


def test_a_reason_can_neither_break_a_field_nor_run_on():
    line = told(MSH, Code.ERROR, "a|b^c\rd é " + "x" * 200).split(b"\r")[1]
    assert line.startswith(b"MSA|AE|C\xfc 7|a b c d ? xxx")
    assert len(line.split(b"|")[3]) == 80


@pytest.mark.parametrize(
    ("content", "control"),
    [
        (b"FHS|^~\\&\rBHS|^~\\&|||||||||B7\rMSH|^~\\&||||||||M1\rBTS|1\r", b"B7"),
        (b"BHS|^~\\&\rMSH|^~\\&||||||||M1\rBTS|1\r", b"M1"),
        (b"MSH|^~\\&||||||||M1\rMSH|^~\\&||||||||M2\r", b"M1"),
    ],
)
def test_one_frame_has_one_control_id(content, control):
    assert header_of(content).control_id == control


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\r \r", "empty"),
        (b"PID|1\rMSH|^~\\&|", "no MSH segment"),
        (b"MSH", "no field separator"),
        (b"MSHA^~", "no field separator"),
        (b"MSH\x00^~", "no field separator"),
        (b"BHS|^~\\&\rPID|1", "a batch without a message"),
        ("MSH|^~\\&|R".encode("utf-16"), "no MSH segment"),
    ],
)
def test_what_has_no_header(content, reason):
    with pytest.raises(NoHeader, match=reason):
        header_of(content)
    assert reason in arrival(content).refusal


@settings(deadline=None, max_examples=400)
@given(
    st.one_of(
        st.binary(max_size=80),
        st.binary(max_size=80).map(lambda raw: b"MSH|^~\\&|" + raw),
        st.binary(max_size=30).map(lambda raw: b"MSH" + raw),
        st.lists(st.binary(max_size=6), max_size=14).map(lambda fields: b"MSH|^~\\&|" + b"|".join(fields)),
        st.binary(max_size=30).map(lambda raw: b"BHS|^~\\&|\rMSH|^~\\&||||||||" + raw),
    )
)
def test_any_bytes_end_in_one_answer_that_can_be_read(content):
    for frame in Framer(LONGEST).feed(framed(content)):
        came = arrival_of(frame, NOON, LONGEST)
        whole = answer(came.header, Code.REJECT, came.refusal, at=NOON, own_id="x" * 20)
        (back,) = Framer(LONGEST).feed(whole)
        assert back.fault is Fault.NONE
        lines = back.content.split(b"\r")
        assert len(lines) == 3
        mark = lines[0][3:4]
        assert lines[1].split(mark)[:2] == [b"MSA", b"AR"]
        assert lines[1].split(mark)[2] == (came.header.control_id if came.header else b"")


def test_a_message_that_can_be_read_is_not_refused():
    came = arrival(message("M7"))
    assert (came.refusal, came.is_kept) == ("", True)
    assert came.header is not None
    assert (came.header.control_id, came.header.sender) == (b"M7", "RIS RXX")
