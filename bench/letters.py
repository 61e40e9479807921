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
from openfls.information.as_pdf import Sheet, render_bundle, render_pdf
from openfls.information.as_word import render_word
from openfls.information.compose import compose
from openfls.information.context import LetterContext
from openfls.information.letter import Letter, LetterKind, TextSize


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


def rendered(letter: Letter, word: bool) -> int:
    """Bytes of the letter as page, PDF and kept JSON, and as Word where that is asked for."""
    size = len(render_pdf(letter)) + len(render_html(letter)) + len(letter_to_json(letter))
    return size + (len(render_word(letter)) if word else 0)


def main() -> None:
    """Print letters a minute, all kinds in turn, one in ten each in large print and in easy read; then with Word."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    kinds = list(LetterKind)
    sizes = {0: TextSize.LARGE, 5: TextSize.EASY_READ}
    one_core: list[float] = []
    for word in (False, True):
        wall, processor, size = time.perf_counter(), time.process_time(), 0
        for number, context in enumerate(contexts(count)):
            letter = compose(
                kinds[number % len(kinds)], context, text_size=sizes.get(number % 10, TextSize.NORMAL)
            )
            size += rendered(letter, word)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        one_core.append(processor)
        print(
            f"{'page, PDF, JSON and Word' if word else 'page, PDF and JSON'}: {count} letters in {wall:.1f} s "
            f"({processor:.1f} s of processor time), {size / count / 1024:.0f} KiB each"
        )
        print(f"  {count / wall * 60:,.0f} letters a minute of wall time")
        print(f"  {count / processor * 60:,.0f} letters a minute of one core")
    print(f"with Word it takes {one_core[1] / one_core[0]:.1f} times as long")
    letters = [
        Sheet(compose("person", context), mark=f"{number}") for number, context in enumerate(contexts(200))
    ]
    processor = time.process_time()
    size = len(render_bundle(letters, "Batch", "Service", letters[0].value.on))
    spent = time.process_time() - processor
    print(f"one file of 200 letters: {spent:.1f} s of one core, {size / 1024:.0f} KiB")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at most")


if __name__ == "__main__":
    main()
