"""Feeds damaged input to every reader beside those of feeds, and counts: anything but a value or `BadInput` is a fault.

    python bench/fuzz_files.py --count 200000 --seed 1 [--only scenario,backup]

What is read: the audit's file, a list of opt-outs, a service's code list, a population, a scenario, a run record, a
Word template, own wording of a letter, letters and pictures as JSON, guideline records, a backup, a date.
Each input is a seed with up to eight random changes, as in `fuzz_readers`, or one that is known to hurt: deep nesting,
a line without an end, a formula, an entity. Prints inputs, refusals and faults by reader, and the slowest input.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random

import django
from fuzz_readers import damaged

from openfls.information.as_json import letter_from_json
from openfls.information.local_text import parse_text
from openfls.integration.flsdb.reading import open_file
from openfls.integration.opt_out_list import read_list
from openfls.investigation.codec import picture_from_json, replay
from openfls.record.errors import BadInput
from openfls.record.written_dates import read_date
from openfls.toolkit.caseload import population_rows
from openfls.toolkit.kit.template import fill
from openfls.toolkit.run_record import read_record
from openfls.toolkit.scenario import parse

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 6, 1)
Reader = Callable[[bytes], object]


def _text(read: Callable[[str], object]) -> Reader:
    return lambda data: read(data.decode("utf-8", "replace"))


def _audit_file(ending: str) -> Reader:
    def read(data: bytes) -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"rows{ending}"
            path.write_bytes(data)
            with open_file(path, TODAY, service="x") as file:
                return file.headings

    return read


def _backup(data: bytes) -> object:
    from openfls.service.safekeeping.opening import opened

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.backup"
        path.write_bytes(data)
        inside = Path(folder) / "inside"
        inside.mkdir()
        return opened(path, inside)


def _code_list(text: str) -> object:
    from openfls.service.codelists import read_list as read_codes

    return read_codes(text)


def word(text: str = "The case for {{ area }}") -> bytes:
    """A small Word file with this text in it."""
    import docx

    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def within_the_word_file(chance: Random, data: bytes) -> bytes:
    """The same file with its text damaged and packed again, so that more than the archive's frame is tried."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                part = old.read(name)
                hit = name == "word/document.xml" or chance.randrange(8) == 0
                new.writestr(name, damaged(chance, [(name, part)])[1] if hit else part)
    except (zipfile.BadZipFile, ValueError, OSError):
        return data
    return out.getvalue()


def frames() -> bytes:
    """A backup without a key, with one small part."""
    from openfls.service.safekeeping.frames import FrameWriter

    out = io.BytesIO()
    with suppress(TypeError):
        writer = FrameWriter(out)
        writer.write(b"openfls")
        writer.close()
    return out.getvalue() or b"openfls backup 1 plain\n\x80\x00\x00\x01x" + bytes(32)


AUDIT = b"nhs_number,record_id,date_of_birth,sex\n9990000018,R1,01/03/1950,2\n,R2,1950-13-01,=1+1\n"
READERS: dict[str, tuple[Reader, bytes]] = {
    "audit-file-csv": (_audit_file(".csv"), AUDIT),
    "audit-file-jsonl": (_audit_file(".jsonl"), b'{"record_id":"R1","sex":2}\n{"record_id":"R2"}\n[1]\n'),
    "opt-outs": (read_list, b"9990000018,,\n9990000026\nNHS number\n"),
    "code-list": (
        _text(_code_list),
        b'code,display,site,side\nX1,Wrist,wrist,left\nX2,"Hip",hip,\n',
    ),
    "population": (
        _text(lambda text: population_rows(text.splitlines(), "file")),
        b"sex,age,people\nfemale,50,100\nmale,90,1e3\n",
    ),
    "scenario": (_text(lambda text: parse(text, "file")), (ROOT / "examples/benefits.toml").read_bytes()),
    "run-record": (_text(lambda text: read_record(text, "file")), b'{"scenario":"a","hash":"b","found":{}}'),
    "word-template": (lambda data: fill(data, {"area": "A", "rows": [{"name": "B"}]}), word()),
    "wording": (
        _text(parse_text),
        b"# Heading\n\n- one\n- two {name}\n\n1. a\n\n| a | b |\n|---|---|\n| c | d |\n",
    ),
    "letter-json": (_text(letter_from_json), b'{"kind":"gp","blocks":[{"type":"paragraph","text":"x"}]}'),
    "picture-json": (_text(picture_from_json), b'{"age":81,"sex":"female","fractures":[]}'),
    "replay": (_text(replay), b'{"pack":"ng259","picture":{"age":81},"advice":[]}'),
    "backup": (_backup, b""),
    "date": (_text(read_date), b"27 March 1950"),
}
HURTS = (
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b"a = " + b"[" * 20_000,
    b"a" * 2_000_000,
    b'"' + b"x" * 2_000_000,
    b"sex,age,people\n" + b"9" * 200_000 + b",1,1\n",
    b"sex,age,people\r\rfemale\r,1",
    b"\xff\xfe" + "a;b\r\n".encode("utf-16-le") * 1000 + b"y\x00" * 500_000,
    b"\x00" * 100_000,
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    b'{"a":NaN,"b":1e999,"c":-0,"d":"\\ud800"}',
    b"9" * 5000,
    "٣٣٣٣٣٣٣٣٣٣".encode(),
)
"""Inputs that hurt other programs."""


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=5_000, help="inputs for each reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="names of readers, with commas")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openfls.settings")
    os.environ["OPENFLS_DATA"] = tempfile.mkdtemp()
    django.setup()
    chosen = given.only.split(",") if given.only else list(READERS)
    total = 0
    for name in chosen:
        read, seed = READERS[name]
        seed = frames() if name == "backup" else seed
        chance, ends, faults = Random(f"{given.seed} {name}"), Counter[str](), []
        slowest, began = (0.0, 0), time.perf_counter()
        others = [
            ("x", seed),
            *(("x", each[1]) for each in READERS.values() if each[1] and len(each[1]) < 4000),
        ]
        for number in range(given.count + len(HURTS)):
            if number < len(HURTS):
                data = HURTS[number]
            elif name == "word-template":
                data = seed if chance.randrange(2) else within_the_word_file(chance, seed)
                data = within_the_word_file(chance, data)
            else:
                data = damaged(chance, [("x", seed)] * 4 + others)[1]
            start = time.perf_counter()
            try:
                read(data)
                ends["read"] += 1
            except BadInput:
                ends["refused"] += 1
            except Exception as error:
                ends["fault"] += 1
                faults.append(f"input {number}: {type(error).__name__}: {str(error)[:160]}")
            slowest = max(slowest, (time.perf_counter() - start, number))
        total += sum(ends.values())
        took = time.perf_counter() - began
        print(
            f"{name}: {sum(ends.values()):,} inputs in {took:.0f} s; {json.dumps(ends)}; "
            f"slowest {slowest[0] * 1000:.0f} ms (number {slowest[1]})",
            flush=True,
        )
        kinds = Counter(fault.partition(": ")[2].partition(":")[0] for fault in faults)
        for fault in [*(f"{kind} × {times}" for kind, times in kinds.items()), *faults[:5]]:
            print(f"    {fault}", flush=True)
    print(f"{total:,} inputs in all (seed {given.seed})")


if __name__ == "__main__":
    main()
