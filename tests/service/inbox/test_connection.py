"""One sender and its answers, over a real socket, with a keeper that keeps or does not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from ipaddress import ip_network

from openfls.service.inbox.arrivals import Arrival
from openfls.service.inbox.connection import Connection
from openfls.service.inbox.framing import Framer, framed
from openfls.service.inbox.limits import Limits
from openfls.service.inbox.listener import _Listener, turns
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


def test_a_message_that_drips_in_has_an_end():
    keeper = FakeKeeper()

    async def sender(reader, writer):
        writer.write(framed(message("M1")))
        assert await answers(reader, 1) == ["MSA|AA|M1"]
        for _ in range(100):  # never silent for as long as a sender may be
            writer.write(b"\x0bMSH")
            await asyncio.sleep(0.02)
            if reader.at_eof():
                return
        raise AssertionError("it was let drip")

    talk(keeper, sender, Limits(within=5, whole=0.2))
    assert len(keeper.given) == 1


def test_who_sends_nothing_but_junk_is_let_go():
    async def sender(reader, writer):
        writer.write(
            framed(b"junk") * 2 + framed(message("M1")) + framed(b"junk") * 3 + framed(message("M2"))
        )
        assert len(await answers(reader, 7)) == 7
        writer.write(framed(b"junk") * 2)
        assert len(await answers(reader, 2)) == 2
        writer.write(framed(message("M3")) + framed(b"junk") * 4)
        assert len(await answers(reader, 5)) == 5
        assert await reader.read() == b""

    async def flood(reader, writer):
        writer.write(framed(b"junk") * 5000)
        assert (await reader.read(1 << 20)).count(b"MSA|AR") <= 4

    limits = Limits(last_byte=0.05, after_a_fault=0, refused_in_a_row=4)
    talk(FakeKeeper(), sender, limits)
    talk(FakeKeeper(), flood, limits)


def crowd(limits: Limits) -> list[str]:
    """What becomes of three senders, of whom the last comes when there is no place left for her."""

    async def all_of_them() -> list[str]:
        listener = _Listener(FakeKeeper(), None, limits)
        server = await asyncio.start_server(listener._welcome, "127.0.0.1", 0)
        where = server.sockets[0].getsockname()[:2]
        became = []
        lines = []
        for name, sends in (("useful", True), ("silent", False), ("late", True)):
            reader, writer = await asyncio.open_connection(*where)
            lines.append((reader, writer))
            if sends:
                writer.write(framed(message(name)))
                try:
                    whole = await reader.read(4096)
                except ConnectionError:
                    whole = b""
                became.append(f"{name} {'answered' if b'MSA|AA' in whole else 'shut out'}")
        reader, writer = lines[1]
        try:
            async with asyncio.timeout(0.2):
                became.append("silent let go" if await reader.read() == b"" else "")
        except ConnectionError:
            became.append("silent let go")
        except TimeoutError:
            became.append("silent stays")
        for _, writer in lines:
            writer.close()
        server.close()
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}), return_exceptions=True)
        return became

    return asyncio.run(all_of_them())


def test_whoever_sends_nothing_makes_room_for_one_who_does():
    assert crowd(Limits(connections=2)) == ["useful answered", "late answered", "silent let go"]
    assert crowd(Limits(connections=3)) == ["useful answered", "late answered", "silent stays"]
    nobody = Limits(senders=(ip_network("10.1.0.0/16"),))
    assert crowd(nobody) == ["useful shut out", "late shut out", "silent let go"]
    assert Limits(senders=(ip_network("10.1.0.0/16"),)).takes_from("10.1.2.3")


def test_only_sqlite_makes_who_keeps_wait_for_who_processes():
    keeping, processing = turns("sqlite")
    assert keeping is processing
    keeping, processing = turns("postgresql")
    assert keeping is not processing
