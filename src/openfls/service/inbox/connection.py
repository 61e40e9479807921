"""One sender: its bytes become frames, its frames are kept together, and then answered in their order."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from openfls.service import clock
from openfls.service.inbox.answers import Code, answer
from openfls.service.inbox.arrivals import Arrival, arrival_of
from openfls.service.inbox.framing import Fault, Frame, Framer
from openfls.service.inbox.keeper import Keeper
from openfls.service.inbox.limits import Limits

CHUNK = 64 * 1024
NOT_KEPT = "could not be kept just now; please send it again"
_log = logging.getLogger(__name__)


class Connection:
    """Serves one sender until it leaves, falls silent, or the listener stops.

    No more is read while what came is not answered: a sender that is too fast is held back by TCP, and a connection
    holds no more than one message and one chunk.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, keeper: Keeper, limits: Limits
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._keeper = keeper
        self._limits = limits
        self._framer = Framer(limits.message)
        self._has_in_hand = False
        self._stopping = False
        self._task = asyncio.current_task()
        self._loop = asyncio.get_running_loop()
        self._begun: float | None = None
        self._refused = 0
        self.has_sent = False
        """Whether a message that can be read has come."""

    def stop(self) -> None:
        """Leave after what is in hand has been answered."""
        self._stopping = True
        if not self._has_in_hand and self._task is not None:
            self._task.cancel()

    async def serve(self) -> None:
        """Until the end of the connection. What goes wrong with it is logged and goes no further."""
        try:
            while not self._stopping:
                frames, goes_on = await self._next_frames()
                if frames:
                    self._has_in_hand = True
                    await self._take_in_turn(frames)
                    self._has_in_hand = False
                if not goes_on or self._has_sent_junk:
                    break
        except (OSError, TimeoutError) as error:
            _log.info("connection lost: %s", type(error).__name__)
        except asyncio.CancelledError:
            if not self._stopping:
                raise
        finally:
            self._writer.close()
            with suppress(OSError, TimeoutError):
                await asyncio.wait_for(self._writer.wait_closed(), self._limits.writing)

    async def _next_frames(self) -> tuple[Sequence[Frame], bool]:
        framer = self._framer
        if not framer.is_within:
            self._begun = None
        elif self._begun is None:
            self._begun = self._loop.time()
        try:
            # Not `wait_for`, which makes a task of its own for every message.
            async with asyncio.timeout(self._patience()):
                data = await self._reader.read(CHUNK)
        except TimeoutError:
            if framer.awaits_return:
                return framer.pause(), True
            return framer.finish(), False
        except ConnectionError:
            data = b""
        if not data:
            return framer.finish(), False
        frames = framer.feed(data)
        if frames:
            self._begun = None  # what has begun since is another message
        return frames, True

    def _patience(self) -> float:
        if self._framer.awaits_return:
            return self._limits.last_byte
        if self._begun is None:
            return self._limits.idle
        return max(0.0, min(self._limits.within, self._begun + self._limits.whole - self._loop.time()))

    @property
    def _has_sent_junk(self) -> bool:
        return self._refused >= self._limits.refused_in_a_row

    async def _take_in_turn(self, frames: Sequence[Frame]) -> None:
        """Not more at once than may be refused: what is behind them is not looked at where all of them are."""
        most = self._limits.refused_in_a_row
        for at in range(0, len(frames), most):
            await self._take(frames[at : at + most])
            if self._has_sent_junk:
                break

    async def _take(self, frames: Sequence[Frame]) -> None:
        arrivals = [arrival_of(frame, clock.now(), self._limits.message) for frame in frames]
        for reason, count in Counter(arrival.refusal for arrival in arrivals if arrival.refusal).items():
            _log.warning("refused %d: %s", count, reason)
        self._count(arrivals)
        keepable = [arrival for arrival in arrivals if arrival.is_kept]
        kept = True
        if keepable:
            kept = await asyncio.wrap_future(self._keeper.hand_over(keepable))
        if not kept:
            await asyncio.sleep(self._limits.after_a_fault)
        for arrival in arrivals:
            if arrival.frame.is_answered:
                self._writer.write(_answer(arrival, kept))
        async with asyncio.timeout(self._limits.writing):
            await self._writer.drain()

    def _count(self, arrivals: Sequence[Arrival]) -> None:
        for arrival in arrivals:
            self._refused = self._refused + 1 if arrival.refusal else 0
            self.has_sent |= not arrival.refusal


def _answer(arrival: Arrival, kept: bool) -> bytes:
    if arrival.is_kept and not kept:
        code, reason = Code.ERROR, NOT_KEPT
    elif arrival.refusal or arrival.frame.fault is not Fault.NONE:
        code, reason = Code.REJECT, arrival.refusal
    else:
        code, reason = Code.ACCEPT, ""
    # 20 characters are what MSH-10 holds before version 2.7.
    return answer(arrival.header, code, reason, at=arrival.at, own_id=secrets.token_hex(10))
