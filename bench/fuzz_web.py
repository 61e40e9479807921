"""Walks every page that links lead to, sends every form with hostile values, and counts the faults.

    python bench/fuzz_web.py --requests 20000 --seed 1 [--data FOLDER] [--size 60]

Runs in one process on a throw-away database with a fictional hospital's year. For each of three roles it opens what it
finds, then sends what is on the pages: fields left as they are, filled with what hurts other programs, left out, or
put in that no form has (a role, a service, a key). A fault is an answer of 500 and more; a mark of ours that stands in
a page as HTML, or that a template has worked out; a header that came out of a field; a cell of a CSV that begins a
formula; a redirect to somewhere else.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import time
from collections import Counter, defaultdict
from html.parser import HTMLParser
from random import Random
from urllib.parse import urlencode, urljoin, urlsplit

ROLES = ("nina.hartley-moss", "rukmini.vale", "colm.tansley")
STAY_OUT = re.compile(r"/(sign-out|account/(sign-out|password|app|passkeys|codes)|access/\d+|sign-in)")
MARK = "<zq onx=1>"
HOSTILE = (
    f'">{MARK}{{{{7*191191}}}}',
    f"{MARK}<script>zq()</script>{{% for x in [1] %}}",
    *(
        "=cmd|' /C calc'!A0",
        "+1+1",
        "@SUM(A1)",
        "-2+3",
        "a\r\nX-Zq: 1",
        "'; DROP TABLE service_person;--",
        "' OR 1=1--",
    ),
    *("../../../../etc/passwd", "//evil.example/", "https://evil.example/", "javascript:zq()", "${7*191191}"),
    *(
        "%s%n%d",
        "{0.__class__}",
        "\x00",
        "\x00zq",
        "a" * 5000,
        "٣",
        "²",
        "1e400",
        "nan",
        "-1",
        "0",
        "9" * 40,
        "",
    ),
    *(
        "2026-02-30",
        "0001-01-01",
        "9999-12-31",
        "31 12 9999",
        "\u202e\u0000",
        "\U0001f9b4" * 200,
        "on",
        "[]",
        "{}",
    ),
    *('{"a":' * 3000, "[" * 5000, "00000000-0000-0000-0000-000000000007", "\ufffe", "&lt;zq&gt;", "\u2028"),
)
FOREIGN = (
    "service",
    "role",
    "is_superuser",
    "is_staff",
    "user",
    "pk",
    "id",
    "state",
    "episode",
    "person",
    "by",
    "next",
)
ASKED = ("q", "page", "from", "sort", "span", "to", "next", "set")
WORKED_OUT = "1338337"
FORMULA = ("=", "+", "-", "@", "\t")
AS_IT_WAS = 0.45


class Seen(HTMLParser):
    """The links and forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str, list[tuple[str, list[str]]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and told.get("href"):
            self.links.append(told["href"])
        elif tag == "form":
            self.forms.append((told.get("method", "get").lower(), told.get("action", ""), []))
        elif tag in ("input", "textarea", "select", "button") and told.get("name") and self.forms:
            self.forms[-1][2].append((told["name"], [told.get("value", "")]))
        elif tag == "option" and self.forms and self.forms[-1][2]:
            self.forms[-1][2][-1][1].append(told.get("value", ""))


class Walk:
    """The requests so far, what came of them, and what is still to be looked at."""

    def __init__(self, chance: Random) -> None:
        from django.test import Client

        self.client = Client(raise_request_exception=False)
        self.chance = chance
        self.ends: Counter[int] = Counter()
        self.faults: list[str] = []
        self.pages: Counter[str] = Counter()
        self.forms: dict[tuple[str, ...], tuple[str, str, list[tuple[str, list[str]]]]] = {}
        self.seen: dict[str, list[str]] = defaultdict(list)
        self.waiting = ["/"]
        self.slowest = (0.0, "")

    def sign_in(self, name: str) -> None:
        from openfls.service.models import User

        self.client.force_login(
            User.objects.get(username=name), backend="allauth.account.auth_backends.AuthenticationBackend"
        )

    def ask(self, method: str, address: str, data: dict[str, list[str]] | None = None) -> None:
        began = time.perf_counter()
        if method == "post":
            answer = self.client.post(address, data or {})
        else:
            answer = self.client.get(address + (f"?{urlencode(data, doseq=True)}" if data else ""))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        match = getattr(answer, "resolver_match", None)
        name = (match.view_name if match else "") or "no page"
        self.slowest = max(self.slowest, (time.perf_counter() - began, f"{method} {name}"))
        self.ends[answer.status_code] += 1
        self.pages[name] += 1
        self.judge(answer, content, f"{method} {name} {sorted(data or {})}")
        if answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html"):
            self.read(address, name, content.decode("utf-8", "replace"))
        elif answer.status_code in (301, 302):
            to = answer.headers["Location"]
            if urlsplit(to).netloc:
                self.faults.append(f"{method} {name}: leads to {to[:80]}")
            elif "/sign-in/" in to or to == "/no-service/":
                self.client.cookies.clear()
            else:
                self.note(address, to)

    def judge(self, answer: object, content: bytes, what: str) -> None:
        kind = answer.headers.get("Content-Type", "")  # type: ignore[attr-defined]
        if answer.status_code >= 500:  # type: ignore[attr-defined]
            error = getattr(answer, "exc_info", None)
            place = ""
            if error and error[2]:
                trace = error[2]
                while trace.tb_next:
                    trace = trace.tb_next
                where = f"{trace.tb_frame.f_code.co_filename[-50:]}:{trace.tb_lineno}"
                place = f"{error[0].__name__} {str(error[1])[:100]!r} at {where}"
            self.faults.append(f"{what}: {answer.status_code} {place}")  # type: ignore[attr-defined]
        text = content.decode("utf-8", "replace") if kind.startswith(("text/", "image/svg")) else ""
        if kind.startswith(("text/html", "image/svg")) and (MARK in text or "<script>zq" in text):
            self.faults.append(f"{what}: a mark stands in the page as HTML")
        if WORKED_OUT in text:
            self.faults.append(f"{what}: a template worked a field out")
        if "X-Zq" in answer.headers:  # type: ignore[attr-defined]
            self.faults.append(f"{what}: a header came out of a field")
        if kind.startswith("text/csv"):
            cells = (cell.strip('"') for line in text.splitlines() for cell in line.split(","))
            hits = [
                cell for cell in cells if cell.startswith(FORMULA) and not re.fullmatch(r"-?[\d.]+", cell)
            ]
            if hits:
                self.faults.append(f"{what}: a cell begins a formula: {hits[0][:40]!r}")

    def read(self, address: str, name: str, text: str) -> None:
        page = Seen()
        page.feed(text)
        for link in page.links:
            self.note(address, link)
        for method, action, fields in page.forms:
            key = (name, urlsplit(action).path.rstrip("0123456789/"), *sorted({field for field, _ in fields}))
            if fields and not STAY_OUT.search(action or address):
                self.forms[key] = (method, urljoin(address, action), fields)

    def note(self, address: str, link: str) -> None:
        from django.urls import Resolver404, resolve

        to = urljoin(address, link)
        path = urlsplit(to).path
        if urlsplit(link).netloc or STAY_OUT.search(path) or link.startswith(("#", "mailto:", "tel:")):
            return
        try:
            name = resolve(path).view_name
        except Resolver404:
            return
        if len(self.seen[name]) < 6 and to not in self.seen[name]:
            self.seen[name].append(to)
            self.waiting.append(to)

    def filled(self, fields: list[tuple[str, list[str]]]) -> dict[str, list[str]]:
        chance, data = self.chance, {}
        for field, values in fields:
            lot = chance.random()
            if field == "csrfmiddlewaretoken" or lot < 0.08:
                continue
            as_it_was = lot < 0.08 + AS_IT_WAS
            data[field] = [chance.choice(values) if as_it_was else chance.choice(HOSTILE)]
        if chance.random() < 0.2:
            data[chance.choice(FOREIGN)] = [chance.choice((*HOSTILE, "1", "2", "manager", "saltby"))]
        return data

    def step(self) -> None:
        """One page that is waiting, or one form, or one known page asked with odd questions."""
        chance = self.chance
        if self.waiting and (chance.random() < 0.5 or not self.forms):
            return self.ask("get", self.waiting.pop(chance.randrange(len(self.waiting))))
        if self.forms and chance.random() < 0.75:
            method, action, fields = chance.choice(list(self.forms.values()))
            return self.ask(method, action, self.filled(fields))
        known = chance.choice([each for each in self.seen.values() if each] or [["/"]])
        address = urlsplit(chance.choice(known))
        names = [*re.findall(r"(\w+)=", address.query), *ASKED]
        odd = {chance.choice(names): [chance.choice(HOSTILE)] for _ in range(chance.randrange(1, 4))}
        return self.ask("get", address.path, odd)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=40)
    parser.add_argument("--data", default="")
    given = parser.parse_args()
    os.environ["OPENFLS_DATA"] = given.data or tempfile.mkdtemp(prefix="openfls-fuzz-")
    os.environ["OPENFLS_HOSTS"] = "testserver,localhost"
    from openfls.commands.database import prepare_database

    prepare_database(begin=True)
    from openfls.service import clock
    from openfls.service.fictional.filling import fill
    from openfls.service.models import Service

    if not Service.objects.exists():
        fill(clock.today(), given.size)
    chance, began = Random(given.seed), time.perf_counter()
    walk = Walk(chance)
    for number in range(given.requests):
        if number % max(1, given.requests // 12) == 0 or not walk.client.cookies:
            walk.sign_in(ROLES[chance.randrange(len(ROLES))])
            walk.waiting.append("/")
        walk.step()
    took = time.perf_counter() - began
    print(f"{sum(walk.ends.values()):,} requests (seed {given.seed}) in {took:.0f} s; {dict(walk.ends)}")
    print(
        f"{len(walk.pages)} pages, {len(walk.forms)} forms; slowest {walk.slowest[1]}, {walk.slowest[0]:.1f} s"
    )
    counted = Counter(walk.faults)
    print(f"{len(walk.faults)} faults, {len(counted)} kinds")
    for fault, times in counted.most_common(25):
        print(f"  {times} × {fault[:420]}")


if __name__ == "__main__":
    main()
