"""The same three numbers give the same bytes: in another process, on another machine."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date

from openfls.fiction import feed_files, generate

DIGEST = "d2e96689452c07e90d0b27d917c17cff173b3e1aa0401495622aef6f90b04f77"
"""Of the small year's files and courses. Another template or draw is another digest: write it here."""
PROGRAM = """
import hashlib
from datetime import date
from openfls.fiction import feed_files, generate
year = generate(end=date(2026, 3, 14), seed=7, size=30)
told = hashlib.sha256()
for file in feed_files(year):
    told.update(file.name.encode() + file.content)
for course in year.courses:
    answers = sorted(course.assessment.answers) if course.assessment else []
    drug = course.plan.drug if course.plan else None
    ends = [step.on.isoformat() for step in (course.review_16, course.review_52, course.closed) if step]
    told.update(f"{course.event} {course.site} {answers} {drug} {ends}".encode())
print(told.hexdigest())
"""


def digest(hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout.strip()


def test_the_bytes_are_the_same_whatever_the_hash_seed_and_the_machine():
    assert digest("1") == digest("2") == DIGEST


def test_another_seed_or_end_is_another_year():
    def feeds(**changed: object) -> str:
        values = {"end": date(2026, 3, 14), "seed": 7, "size": 30} | changed
        return hashlib.sha256(b"".join(file.content for file in feed_files(generate(**values)))).hexdigest()

    assert len({feeds(), feeds(seed=8), feeds(end=date(2026, 3, 15)), feeds(size=31)}) == 4
