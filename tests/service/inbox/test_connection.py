"""One sender and its answers, over a real socket, with a keeper that keeps or does not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future

from openfls.service.inbox.arrivals import Arrival
from openfls.service.inbox.connection import Connection
from openfls.service.inbox.framing import Framer, framed
from openfls.service.inbox.limits import Limits
from service.inbox.made import message

LIMITS = Limits(message=2000, idle=5, within=0.2, last_byte=0.05, after_a_fault=0)


class FakeKeeper:
    """Remembers what it was given, and says what it was told to say."""

    def __init__(self, *answers: bool) -> None:
        self.given: list[list[Arrival]] = []
        self._answers = list(answers)

    def hand_over(self, arrivals: list[Arrival]) -> Future[bool]:
        self.given.append(arrivals)
        future: Future[bool] = Future()
        future.set_result(self._answers.pop(0) if self._answers else True)
        return future


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def talk(keeper: FakeKeeper, sender: Talk, limits: Limits = LIMITS) -> None:
    """Let ``sender`` talk to a connection with that keeper."""

    async def both() -> None:
        async def welcome(reader, writer):
            await Connection(reader, writer, keeper, limits).serve()

        server = await asyncio.start_server(welcome, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        try:
            await asyncio.wait_for(sender(reader, writer), 20)
        finally:
            writer.close()
            server.close()
            await server.wait_closed()
            await asyncio.sleep(0.01)

    asyncio.run(both())


async def answers(reader: asyncio.StreamReader, count: int) -> list[str]:
    """The next MSA segments."""
    told = []
    for _ in range(count):
        whole = await reader.readuntil(b"\x1c\r")
        (frame,) = Framer(10_000).feed(whole)
        told.append(frame.content.split(b"\r")[1].decode())
    return told


def test_pipelined_messages_are_kept_together_and_answered_in_order():
    keeper = FakeKeeper()

    async def sender(reader, writer):
        writer.write(b"".join(framed(message(f"M{n}")) for n in range(5)))
        assert await answers(reader, 5) == [f"MSA|AA|M{n}" for n in range(5)]

    talk(keeper, sender)
    assert len(keeper.given) == 1


def test_what_is_not_kept_is_answered_so_that_it_is_sent_again():
    keeper = FakeKeeper(False, True)

    async def sender(reader, writer):
        for expected in ("AE|M1|could not be kept just now; please send it again", "AA|M1"):
            writer.write(framed(message("M1")))
            assert await answers(reader, 1) == [f"MSA|{expected}"]

    talk(keeper, sender)


def test_what_cannot_be_used_is_refused_and_kept_and_the_connection_goes_on():
    keeper = FakeKeeper()

    async def sender(reader, writer):
        writer.write(framed(message("M1", "ADT^A08", "NTE|1||" + "x" * 3000)))
        size = len(message("M1", "ADT^A08", "NTE|1||" + "x" * 3000))
        assert await answers(reader, 1) == [f"MSA|AR|M1|too large: {size} bytes; the limit is 2000"]
        writer.write(framed(b"hello"))
        assert await answers(reader, 1) == ["MSA|AR||no MSH segment at its beginning"]
        writer.write(b"MSH|without a start\x1c\r")
        assert await answers(reader, 1) == ["MSA|AR||not framed: an end block without a start block"]
        writer.write(framed(b""))
        assert await answers(reader, 1) == ["MSA|AR||the message is empty"]
        writer.write(b"stray" + framed(message("M2")))
        assert await answers(reader, 1) == ["MSA|AA|M2"]

    talk(keeper, sender)
    kept = [arrival.frame.content[:5] for group in keeper.given for arrival in group]
    assert kept == [b"MSH|^", b"hello", b"MSH|w", b"stray", b"MSH|^"]


def test_a_carriage_return_that_does_not_come_is_not_waited_for():
    async def sender(reader, writer):
        writer.write(framed(message("M1"))[:-1])
        assert await answers(reader, 1) == ["MSA|AA|M1"]
        writer.write(b"\r" + framed(message("M2")))
        assert await answers(reader, 1) == ["MSA|AA|M2"]

    talk(FakeKeeper(), sender)


def test_half_a_message_is_neither_kept_nor_acknowledged():
    keeper = FakeKeeper()

    async def sender(reader, writer):
        writer.write(framed(message("M1"))[:30])
        assert await reader.read() == b""  # closed after the time allowed inside a message

    talk(keeper, sender)
    assert keeper.given == []


def test_a_silent_sender_is_let_go_and_one_without_frames_is_told():
    async def silent(reader, writer):
        assert await reader.read() == b""

    talk(FakeKeeper(), silent, Limits(idle=0.05))

    async def unframed(reader, writer):
        writer.write(message("M1"))
        assert await answers(reader, 1) == ["MSA|AR|M1|not framed: bytes without a start block"]

    talk(FakeKeeper(), unframed)
