"""How fast QFracture-2012 runs on columns, against the same arithmetic in C.

The C program is our own writing of the equations, generated here from the coefficient file and compiled with
``gcc -O2``, one call a person and outcome; where there is no gcc, only NumPy is timed. Times are processor
seconds of one thread, best of five.

    python bench/qfracture.py [PEOPLE]
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from openfls_qfracture import FLAGS, score_columns
from openfls_qfracture.model import EQUATIONS, OUTCOMES, SEXES, Equation

CATEGORIES = ("age", "ethrisk", "smoke_cat", "alcohol_cat6", "surv")
ORDER = (*CATEGORIES, *FLAGS)
_C_TRANSFORM = {"dage": "dage"}


def people(count: int) -> dict[str, np.ndarray]:
    """Random people within the ranges; flags mostly 0."""
    random = np.random.default_rng(2012)
    columns: dict[str, np.ndarray] = {flag: (random.random(count) < 0.1).astype(np.uint8) for flag in FLAGS}
    limits = {"sex": (0, 1), "age": (30, 100), "ethrisk": (1, 9), "smoke_cat": (0, 4), "alcohol_cat6": (0, 5)}
    for name, (low, high) in limits.items():
        columns[name] = random.integers(low, high + 1, count, dtype=np.uint8)
    columns["bmi"] = random.uniform(20, 40, count)
    columns["surv"] = np.full(count, 10, np.uint8)
    return columns


def _array(name: str, values: tuple[float, ...]) -> str:
    return f"static const double {name}[] = {{{', '.join(map(repr, values))}}};"


def c_function(name: str, equation: Equation) -> str:
    """One equation as a C function of one person."""
    flags = " + ".join(f"p[{ORDER.index(flag)}] * {coef!r}" for flag, coef in equation.flags.items())
    terms = " + ".join(
        f"({_C_TRANSFORM.get(term.transform, term.transform)} - {term.centre!r}) * {term.coef!r}"
        for term in (*equation.age, *equation.bmi)
    )
    at = {category: f"p[{ORDER.index(category)}]" for category in CATEGORIES}
    return "\n".join(
        (
            f"static double {name}(const unsigned char *p, double bmi) {{",
            _array("survivor", equation.survivor),
            _array("alcohol", equation.alcohol),
            _array("ethnicity", equation.ethnicity),
            _array("smoking", equation.smoking),
            f"double dage = {at['age']} / 10.0, dbmi = bmi / 10.0;",
            f"double a = alcohol[{at['alcohol_cat6']}] + ethnicity[{at['ethrisk']}];",
            f"a += smoking[{at['smoke_cat']}];",
            f"a += {terms};",
            f"a += {flags};",
            f"return 100.0 * (1 - pow(survivor[{at['surv']}], exp(a)));",
            "}",
        )
    )


def c_program() -> str:
    """All four equations and a loop over people, one row of bytes each."""
    functions = "\n".join(
        c_function(f"{outcome}_{sex}", EQUATIONS[outcome, sex]) for outcome in OUTCOMES for sex in SEXES
    )
    return f"""#include <math.h>
{functions}
void score(long n, const unsigned char *sex, const unsigned char *rows, const double *bmi, double *mof,
double *hip) {{
    for (long i = 0; i < n; i++) {{
        const unsigned char *p = rows + i * {len(ORDER)};
        mof[i] = sex[i] ? mof_male(p, bmi[i]) : mof_female(p, bmi[i]);
        hip[i] = sex[i] ? hip_male(p, bmi[i]) : hip_female(p, bmi[i]);
    }}
}}
"""


def seconds(*runs: Callable[[], object]) -> list[float]:
    """The least processor time of five runs of each, turn by turn, so that a busy machine slows all alike."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(5):
        for run, taken in zip(runs, times, strict=True):
            start = time.process_time()
            run()
            taken.append(time.process_time() - start)
    return [min(taken) for taken in times]


def main() -> None:
    """Print both speeds, their ratio and the largest difference between the results."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    columns = people(count)

    def on_columns() -> object:
        return score_columns(columns)

    gcc = shutil.which("gcc")
    if gcc is None:
        print(f"NumPy columns: {count / seconds(on_columns)[0] / 1e6:.2f} million people a second and core")
        print("C with -O2: no gcc here, not compared")
        return
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder, "qfracture.c"), Path(folder, "qfracture.so")
        source.write_text(c_program(), encoding="utf-8")
        subprocess.run([gcc, "-O2", "-shared", "-fPIC", "-o", library, source, "-lm"], check=True)
        score = ctypes.CDLL(str(library)).score
    rows = np.ascontiguousarray(np.stack([columns[name] for name in ORDER], axis=1))
    mof, hip = np.empty(count), np.empty(count)
    arrays = (columns["sex"], rows, columns["bmi"], mof, hip)
    pointers = [array.ctypes.data_as(ctypes.c_void_p) for array in arrays]
    numpy_seconds, c_seconds = seconds(on_columns, lambda: score(ctypes.c_long(count), *pointers))
    scores = score_columns(columns)
    difference = max(
        np.abs(scores.osteoporotic_fracture_pct - mof).max(), np.abs(scores.hip_fracture_pct - hip).max()
    )
    print(f"NumPy columns: {count / numpy_seconds / 1e6:.2f} million people a second and core")
    print(f"C with -O2:    {count / c_seconds / 1e6:.2f} million people a second and core")
    print(
        f"NumPy is {c_seconds / numpy_seconds:.2f} times as fast; largest difference {difference:.1e} points"
    )


if __name__ == "__main__":
    main()
