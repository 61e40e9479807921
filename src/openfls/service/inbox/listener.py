"""The listener: a socket, its connections, and the two threads behind them."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import threading
from collections.abc import Callable

from django.db import connection

from openfls.record.errors import BadInput
from openfls.service.inbox.connection import Connection
from openfls.service.inbox.keeper import Keeper
from openfls.service.inbox.limits import Limits
from openfls.service.inbox.processor import Processor
from openfls.service.models import Service

SWITCH = 0.0005
_log = logging.getLogger(__name__)


def listen(
    service: Service,
    host: str,
    port: int,
    limits: Limits | None = None,
    announce: Callable[[str, int], None] = lambda host, port: None,
) -> int:
    """Receive, keep, acknowledge and process the messages of ``service`` until SIGTERM or SIGINT.

    ``announce`` is told the address once messages are taken; port 0 takes a free one. Returns how many messages were
    kept, repeated ones included.

    Raises:
        BadInput: the address cannot be listened on.
    """
    # Reading reports is work without a pause; one who waits for an answer should not wait for it 5 ms at every step.
    sys.setswitchinterval(SWITCH)
    to_keep, to_process = turns(connection.vendor)
    keeper = Keeper(service, to_keep)
    processor = Processor(service, keeper, to_process)
    asyncio.run(_Listener(keeper, processor, limits or Limits()).run(host, port, announce))
    return keeper.kept


def turns(vendor: str) -> tuple[threading.Lock, threading.Lock]:
    """What the thread that keeps and the one that processes hold while they write.

    SQLite lets one write at a time: one and the same. Elsewhere one each, so that nobody waits for an answer while a
    message with a hundred thousand results is taken in.
    """
    turn = threading.Lock()
    return turn, turn if vendor == "sqlite" else threading.Lock()


class _Listener:
    def __init__(self, keeper: Keeper, processor: Processor, limits: Limits) -> None:
        self._keeper = keeper
        self._processor = processor
        self._limits = limits
        self._serving: dict[asyncio.Task[None], Connection] = {}

    async def run(self, host: str, port: int, announce: Callable[[str, int], None]) -> None:
        told_to_stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, told_to_stop.set)
        try:
            server = await asyncio.start_server(self._welcome, host, port)
        except OSError as error:
            raise BadInput(f"cannot listen on {host}:{port} ({error.strerror or error})") from error
        self._keeper.start()
        self._processor.start()
        announce(*server.sockets[0].getsockname()[:2])
        await told_to_stop.wait()
        server.close()
        await self._let_finish()
        # What a connection handed over is kept and answered by now; the threads end behind it.
        await asyncio.to_thread(self._keeper.stop)
        await asyncio.to_thread(self._processor.stop)

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._limits.takes_from(writer.get_extra_info("peername")[0]):
            _log.warning("refused a connection: its address is not among the senders")
            writer.close()
            return
        if len(self._serving) >= self._limits.connections and not self._make_room():
            _log.warning("refused a connection: %d are open", len(self._serving))
            writer.close()
            return
        task = asyncio.current_task()
        assert task is not None
        self._serving[task] = connection = Connection(reader, writer, self._keeper, self._limits)
        try:
            await connection.serve()
        finally:
            self._serving.pop(task, None)

    def _make_room(self) -> bool:
        """End the connection that has been here longest and has sent nothing of use; whether there was one."""
        idle = next((task for task, one in self._serving.items() if not one.has_sent), None)
        if idle is None:
            return False
        _log.warning("ended a connection without a message: %d are open", len(self._serving))
        self._serving.pop(idle).stop()
        return True

    async def _let_finish(self) -> None:
        for one in list(self._serving.values()):
            one.stop()
        if self._serving:
            await asyncio.wait(list(self._serving), timeout=self._limits.stopping)
