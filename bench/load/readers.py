"""Co-ordinators at work: each asks for a page, reads it for some seconds, and goes on from what the page offers.

Each has a session of her own, as if she had signed in before the watch was started; the password check is not what is
measured. Pages are asked for as a browser does with the connection kept, without style sheets (a browser keeps them).
"""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PEOPLE = re.compile(r'href="/people/([0-9a-f-]{36})/"')
EPISODES = re.compile(r"/episodes/([0-9a-f-]{36})/")
LISTS = ("to-confirm", "to-assess", "to-plan", "reviews-due", "overdue", "waiting", "closed")
MIX = {
    "worklist": 22, "person": 24, "assessment": 10, "save": 12, "search": 10, "queue": 8, "today": 8, "dashboard": 6,
}  # fmt: skip
"""Of a hundred steps, how many are of each kind. *queue* is the page on which a found fracture is confirmed."""


@dataclass
class Watch:
    """What was measured: seconds of each request by kind, and what went wrong."""

    took: list[tuple[str, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    later: int = 0
    """Pages whose figures were still being worked out: they say so, and load anew by themselves."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, seconds: float, status: int, *, good: bool) -> None:
        """One request."""
        with self.lock:
            self.took.append((kind, seconds))
            self.later += status == 202
            if not good:
                self.faults.append(f"{kind}: {status}")


@dataclass(frozen=True)
class World:
    """What a co-ordinator may come upon: keys out of the database, so that a load reaches every part of it."""

    people: list[str]
    to_assess: list[str]
    to_confirm: list[str]
    names: list[str]
    numbers: list[str]


class CoOrdinator(threading.Thread):
    """One of them. ``think`` are the mean seconds between an answer and the next click."""

    def __init__(
        self, port: int, cookie: str, world: World, watch: Watch, think: float, until: float, seed: int
    ) -> None:
        super().__init__(daemon=True)
        self._port, self._cookie, self._world, self._watch = port, cookie, world, watch
        self._think, self._until, self._rng = think, until, random.Random(seed)
        self._line: http.client.HTTPConnection | None = None
        self._csrf = ""

    def run(self) -> None:
        """Work until the watch ends; begin at a moment of her own."""
        time.sleep(self._rng.uniform(0, self._think))
        for kind in self._steps():
            if time.monotonic() > self._until:
                break
            getattr(self, f"_{kind}")()
            # Some pages are read at a glance, some for long: from a quarter of the mean to more than twice of it.
            time.sleep(self._think * self._rng.triangular(0.25, 2.25, 0.5))

    def _steps(self) -> Iterator[str]:
        while True:
            yield self._rng.choices(list(MIX), list(MIX.values()))[0]

    def _today(self) -> None:
        self._ask("today", "/")

    def _worklist(self) -> None:
        self._ask("worklist", f"/worklist/{self._rng.choice(LISTS)}/")

    def _dashboard(self) -> None:
        self._ask("dashboard", "/measures/")

    def _person(self) -> None:
        self._ask("person", f"/people/{self._rng.choice(self._world.people)}/")

    def _queue(self) -> None:
        self._ask("queue", f"/episodes/{self._rng.choice(self._world.to_confirm)}/found/")

    def _assessment(self) -> None:
        self._ask("assessment", f"/episodes/{self._rng.choice(self._world.to_assess)}/assessment/")

    def _save(self) -> None:
        """One answer kept: the page is at hand, so only the saving is measured."""
        key = self._rng.choice(self._world.to_assess)
        given = {"field": "falls_last_year", "falls_last_year": str(self._rng.randint(0, 4))}
        self._ask("save", f"/episodes/{key}/assessment/field/", given)

    def _search(self) -> None:
        wanted = self._world.names if self._rng.random() < 0.6 else self._world.numbers
        self._ask("search", "/people/", {"q": self._rng.choice(wanted)})

    def _ask(self, kind: str, path: str, given: dict[str, str] | None = None) -> None:
        headers = {"Cookie": f"sessionid={self._cookie}; csrftoken={CSRF}"}
        body = None
        if given is not None:
            body = urlencode({**given, "csrfmiddlewaretoken": CSRF})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        try:
            status, text = self._send("GET" if body is None else "POST", path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self._line = None
            self._watch.note(kind, time.perf_counter() - began, 0, good=False)
            with self._watch.lock:
                self._watch.faults.append(f"{kind}: {type(error).__name__}")
            return
        good = (status in (200, 202) and b"</html>" in text[-200:]) or (
            kind in ("save", "search") and status in (200, 204, 302)
        )
        self._watch.note(kind, time.perf_counter() - began, status, good=good)

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
        for attempt in (1, 2):
            fresh = self._line is None
            if self._line is None:
                self._line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            try:
                self._line.request(method, path, body, headers)
                answer = self._line.getresponse()
                return answer.status, answer.read()
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                # The server may end a line that was idle, as it does to a browser, which then opens another.
                self._line = None
                if fresh or attempt == 2:
                    raise
        raise AssertionError


CSRF = "a" * 32
"""The form's token: the same in the cookie and in the form is all that is asked of it."""
