"""Faults between a browser and the server: a request that is cut at any byte, a server that is killed under it."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterator

from acts import by
from forked import Forked
from ground import CHANCE, Ground, Tally, look

TOKEN = "f" * 32


class _Server(Forked):
    """The pages."""

    def listen(self, announce: Callable[[], object]) -> None:
        """Serve them."""
        from waitress import create_server

        from openfls.web.wsgi import application

        server = create_server(application, host="127.0.0.1", port=self.port, threads=2)
        announce()
        server.run()


def _request(path: str, session: str, body: bytes) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: close",
        f"Cookie: {session}; csrftoken={TOKEN}",
        f"X-CSRFToken: {TOKEN}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _whole(port: int, request: bytes) -> int:
    """The status that a whole request is answered with; 0 where the connection was lost."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connected:
            connected.sendall(request)
            told = connected.recv(64)
            return int(told.split()[1]) if told else 0
    except OSError:
        return 0


def _cut(port: int, request: bytes) -> None:
    """A part of a request, without a farewell."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connected:
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connected.sendall(request[: CHANCE.randint(1, len(request) - 1)])


def pages(ground: Ground, tries: int, *, kill: bool) -> Tally:
    """Fractures confirmed by requests that are sent until each is answered."""
    from django.conf import settings

    from openfls.service.models import AuditEvent, Episode
    from web.conftest import signed_in

    tally, server = Tally(), _Server()
    while tally.tried < tries:
        ground.fresh()
        confirmed = AuditEvent.objects.filter(action="episode.confirm")
        before = confirmed.count()
        found = list(Episode.objects.filter(state="found").values_list("pk", flat=True))
        client = signed_in(by())
        session = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        server.start()
        answered = []
        for key in found:
            request = _request(f"/episodes/{key}/found/", session, b"confirm=1&note=" + b"x" * 400)
            for _ in range(1 if kill else 4):
                tally.tried += 1
                tally.hit += 1
                if not kill:
                    _cut(server.port, request)
                    continue
                with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connected:
                    connected.sendall(request)
                    time.sleep(CHANCE.uniform(0, 0.06))
                    server.kill()
                server.start()
            until = time.monotonic() + 30
            while (status := _whole(server.port, request)) != 302 and time.monotonic() < until:
                time.sleep(0.05)
            answered += [key] if status == 302 else []
        server.kill()
        tally.acknowledged += len(answered)
        left = set(Episode.objects.filter(state="found").values_list("pk", flat=True))
        tally.faults += [f"lost: {key} was confirmed" for key in answered if key in left]
        tally.compare({"confirmed": confirmed.count() - before}, {"confirmed": len(found)})
        look(tally)
    return tally


def of_pages(ground: Ground, tries: int) -> Iterator[tuple[str, Tally]]:
    """What happens to requests."""
    yield "network cut: request of a page", pages(ground, 8 * tries, kill=False)
    yield "killed: server of the pages", pages(ground, tries, kill=True)
