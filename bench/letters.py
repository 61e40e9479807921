"""Letters a minute on one core, composed, rendered and kept: run ``python bench/letters.py [COUNT]``.

Every letter is another person's, so that nothing is answered from a cache. The target is 1,000 a minute.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from information.examples import full_context
from openfls.information.as_html import render_html
from openfls.information.as_json import letter_to_json
from openfls.information.as_pdf import render_pdf
from openfls.information.compose import compose
from openfls.information.context import LetterContext
from openfls.information.letter import LetterKind, TextSize


def contexts(count: int) -> Iterator[LetterContext]:
    """``count`` fictional people, no two alike."""
    base = full_context()
    for number in range(count):
        person = replace(
            base.person,
            name=f"Person {number} Example",
            salutation=f"Person {number}",
            address=(f"{number} Tern Close", "Marram", f"MR{number % 90} 7QX"),
            birth_date=date(1930, 1, 1) + timedelta(days=number),
        )
        findings = (*base.findings, ("Height", f"{150 + number % 40} cm"), ("Record", str(number)))
        yield replace(base, person=person, findings=findings, reference=f"FLS-{number}")


def main() -> None:
    """Print letters a minute, all kinds in turn and one in ten in large print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    kinds = list(LetterKind)
    wall, processor = time.perf_counter(), time.process_time()
    size = 0
    for number, context in enumerate(contexts(count)):
        large = TextSize.LARGE if number % 10 == 0 else TextSize.NORMAL
        letter = compose(kinds[number % len(kinds)], context, text_size=large)
        size += len(render_pdf(letter)) + len(render_html(letter)) + len(letter_to_json(letter))
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count} letters in {wall:.1f} s ({processor:.1f} s of processor time), "
        f"{size / count / 1024:.0f} KiB each"
    )
    print(f"{count / wall * 60:,.0f} letters a minute of wall time")
    print(f"{count / processor * 60:,.0f} letters a minute of one core")
    print(f"{memory:.0f} MiB at most")


if __name__ == "__main__":
    main()
