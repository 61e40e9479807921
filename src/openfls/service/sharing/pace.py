"""How often a connection may ask: so many requests a minute, counted in this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_FORGET_AT = 10_000


@dataclass(slots=True)
class Pace:
    """At most ``limit`` in each minute for each key. What is counted is lost when the process ends."""

    limit: int
    now: Callable[[], float] = time.monotonic
    _counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, key: str) -> int:
        """Count one; in how many seconds to ask again, 0 where it may go on."""
        moment = self.now()
        minute = int(moment // 60)
        with self._lock:
            if len(self._counts) > _FORGET_AT:
                self._counts = {each: kept for each, kept in self._counts.items() if kept[0] == minute}
            began, count = self._counts.get(key, (minute, 0))
            count = 1 if began != minute else count + 1
            self._counts[key] = (minute, count)
        return 0 if count <= self.limit else max(1, int((minute + 1) * 60 - moment) + 1)

    def count(self, key: str) -> int:
        """How many were counted in this minute."""
        with self._lock:
            began, count = self._counts.get(key, (-1, 0))
        return count if began == int(self.now() // 60) else 0
