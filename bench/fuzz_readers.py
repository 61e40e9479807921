"""Feeds damaged input to every reader of a feed and counts: anything but readings is a fault.

    python bench/fuzz_readers.py --count 1000000 --seed 1

Seeds are small feeds of each kind of our own, and the HL7 samples of ../shared/data where they are at hand. Each input
is a seed with up to eight random changes (bytes flipped, cut, doubled, spliced with another seed, or random bytes).
Prints inputs, readings by kind, faults (the first ten with how to repeat them) and the slowest input.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path
from random import Random

from openfls.identification.feeds import read_bytes
from openfls.identification.reports.reader import read_report

SAMPLES = Path(__file__).resolve().parents[2] / "shared/data/hl7v2"
LONGEST = 4000

OWN = {
    "ed.csv": b"NHS number,Hospital number,Surname,Date of birth,Sex,Date,Diagnosis code,Side\n"
    b"9990000018,H1,Example,01/03/1950,F,27/05/2026,S52.5,left\n,H2,Other,2.4.1941,M,3/6/26,S72.0,\n",
    "report.hl7": b"MSH|^~\\&|RIS|BGH|FLS|FLS|20260601120000||ORU^R01|M1|P|2.4\r"
    b"PID|1||H1^^^BGH^PI~9990000018^^^NHS^NH||Example^Ada||19500301|F\r"
    b"OBR|1||F1|XR wrist|||20260527\rOBX|1|TX|||Fracture of the left distal radius.\\.br\\No dislocation.\r",
    "bundle.json": b'{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient",'
    b'"id":"p1","birthDate":"1950-03-01","gender":"female"}},{"resource":{"resourceType":"Condition","id":"c1",'
    b'"subject":{"reference":"Patient/p1"},"code":{"coding":[{"system":"http://snomed.info/sct","code":"263199001"}]},'
    b'"onsetDateTime":"2026-05-27"}}]}',
    "report.txt": b"XR spine. Wedge compression fracture of T12, likely old. No acute fracture of L1-L3. ?#NOF",
}


def damaged(chance: Random, seeds: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    """A seed with up to eight changes, under its own name or another's."""
    name, data = chance.choice(seeds)
    for _ in range(chance.randrange(9)):
        at = chance.randrange(len(data) + 1)
        length = chance.choice((1, 1, 2, 8, 64))
        match chance.randrange(6):
            case 0:
                data = data[:at] + chance.randbytes(length) + data[at + length :]
            case 1:
                data = data[:at] + data[at + length :]
            case 2:
                data = data[:at] + data[at : at + length] * chance.choice((2, 3, 50)) + data[at + length :]
            case 3:
                data = data[:at]
            case 4:
                other = chance.choice(seeds)[1]
                start = chance.randrange(len(other) + 1)
                data = data[:at] + other[start : start + 200] + data[at:]
            case _:
                data = chance.randbytes(chance.randrange(1, 200))
    return chance.choice((name, name, name, chance.choice(seeds)[0])), data[:LONGEST]


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    seeds = [
        *OWN.items(),
        *((path.name, path.read_bytes()[:LONGEST]) for path in sorted(SAMPLES.rglob("*.hl7"))),
    ]
    chance, readings, faults = Random(given.seed), Counter[str](), []
    slowest, began = (0.0, 0), time.perf_counter()
    for number in range(given.count):
        name, data = damaged(chance, seeds)
        start = time.perf_counter()
        try:
            if name.endswith(".txt"):
                readings["Finding"] += len(read_report(data.decode("utf-8", "replace")))
            else:
                readings.update(type(reading).__name__ for reading in read_bytes(name, data))
        except Exception as error:
            faults.append(f"input {number}, {name}: {type(error).__name__}: {error}")
        slowest = max(slowest, (time.perf_counter() - start, number))
    took = time.perf_counter() - began
    print(f"{given.count:,} inputs (seed {given.seed}, {len(seeds)} seeds) in {took:.0f} s; {dict(readings)}")
    print(f"slowest input: number {slowest[1]}, {slowest[0] * 1000:.0f} ms; {len(faults)} faults")
    for fault in faults[:10]:
        print(f"  {fault}")


if __name__ == "__main__":
    main()
