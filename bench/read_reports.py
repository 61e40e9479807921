"""How many reports a second one core reads, how flat memory stays, and how that compares with medspaCy.

Run it as ``python bench/read_reports.py``. The stream: one report in ten mentions a fracture (those of
``../shared/data/reports_dev.csv`` in turn), nine in ten are long negative chest and abdominal reports built here.
medspaCy (TargetMatcher and ConText with their own rules) reads the same reports where ``--medspacy PYTHON`` names an
interpreter that has it, or where this one has it; otherwise the comparison is left out and the reason printed.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT.parent / "shared" / "data" / "reports_dev.csv"

OPENINGS = (
    "XR Chest\nClinical: cough, fever.\n",
    "EXAMINATION: CHEST (PA AND LAT)\nINDICATION: Shortness of breath.\nCOMPARISON: None.\nFINDINGS: ",
    "CT Abdomen and Pelvis with contrast\nClinical details: abdominal pain.\nFindings: ",
)
SENTENCES = (
    "The heart is of normal size.",
    "The mediastinal and hilar contours are normal.",
    "Lungs are clear without focal consolidation, effusion or pneumothorax.",
    "There is mild atelectasis at the left base.",
    "The liver, spleen, pancreas and adrenals are normal.",
    "No hydronephrosis.",
    "Degenerative changes are noted in the thoracic spine.",
    "No free fluid and no free gas.",
    "The aorta is mildly tortuous.",
    "Right internal jugular line in satisfactory position.",
)
NEGATIVE_SENTENCES = 6


def negatives() -> list[str]:
    """Ordinary reports without a fracture, some 300 letters long."""
    made = []
    for number, opening in enumerate(OPENINGS * 10):
        chosen = [SENTENCES[(number * 3 + step * 7) % len(SENTENCES)] for step in range(NEGATIVE_SENTENCES)]
        made.append(opening + " ".join(chosen) + "\nImpression: No acute abnormality.")
    return made


def mentioning() -> list[str]:
    """The given reports that name a fracture in any way, denied ones too."""
    with REPORTS.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    return [text for text in texts if "fract" in text.lower() or "#" in text]


def stream(count: int) -> Iterator[str]:
    """``count`` reports, every tenth mentioning a fracture."""
    without, mentions = itertools.cycle(negatives()), itertools.cycle(mentioning())
    for number in range(count):
        yield next(mentions) if number % 10 == 0 else next(without)


def ours(count: int) -> float:
    """Reports a second of processor time on one core; the best of five runs."""
    from openfls.identification.reports.reader import read_report

    reports = list(stream(min(count, 20_000)))
    for text in reports[:500]:
        read_report(text)
    best = 0.0
    for _ in range(5):
        start = time.process_time()
        for text in reports:
            read_report(text)
        best = max(best, len(reports) / (time.process_time() - start))
    return best


def yardstick() -> float:
    """Millions of additions a second of a plain Python loop: how fast this machine is just now."""
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        total = 0
        for number in range(1_000_000):
            total += number
        best = max(best, 1 / (time.process_time() - start))
    return best


def memory(count: int) -> tuple[float, float]:
    """Peak memory in MB after a tenth of the stream and after all of it."""
    from openfls.identification.reports.reader import read_report

    early = 0.0
    for number, text in enumerate(stream(count)):
        read_report(text)
        if number == count // 10:
            early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return early, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


MEDSPACY = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import medspacy
from medspacy.ner import TargetRule
reports = json.load(open(sys.argv[1]))
nlp = medspacy.load(medspacy_enable=["medspacy_pyrush", "medspacy_target_matcher", "medspacy_context"])
words = ["fracture", "fractures", "fractured", "#", "fx", "wedge deformity", "compression deformity", "wedging",
         "vertebral collapse", "biconcave deformity", "loss of height", "height loss"]
nlp.get_pipe("medspacy_target_matcher").add([TargetRule(word, "FRACTURE") for word in words])
for text in reports[:20]:
    nlp(text)
best = 0.0
for _ in range(2):
    start = time.process_time()
    for text in reports:
        nlp(text)
    best = max(best, len(reports) / (time.process_time() - start))
print(best)
"""


def theirs(python: str | None, count: int) -> float | str:
    """Reports a second of medspaCy on the same stream, or why it was not measured."""
    if python is None:
        if importlib.util.find_spec("medspacy") is None:
            return "medspaCy is not installed; name an interpreter that has it with --medspacy"
        python = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        reports, script = Path(folder) / "reports.json", Path(folder) / "medspacy_run.py"
        reports.write_text(json.dumps(list(stream(count))), encoding="utf-8")
        script.write_text(MEDSPACY, encoding="utf-8")
        done = subprocess.run(
            [python, str(script), str(reports)], capture_output=True, text=True, check=False
        )
    if done.returncode:
        return f"medspaCy did not run: {done.stderr.strip().splitlines()[-1:]}"
    return float(done.stdout.strip().splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200_000, help="reports in the stream for memory")
    parser.add_argument("--medspacy", metavar="PYTHON", help="an interpreter that has medspaCy")
    options = parser.parse_args()
    if not REPORTS.exists():
        print(f"skipped: {REPORTS} is not there")
        return
    print(f"yardstick {yardstick():12,.1f} million additions/s in a plain Python loop")
    speed = ours(options.count)
    print(f"openfls   {speed:12,.0f} reports/s on one core")
    early, late = memory(options.count)
    print(
        f"memory    {early:12,.1f} MB after {options.count // 10:,} reports, {late:,.1f} MB after {options.count:,}"
    )
    other = theirs(options.medspacy, 1000)
    if isinstance(other, str):
        print(f"medspaCy  skipped: {other}")
    else:
        print(f"medspaCy  {other:12,.0f} reports/s on one core, the same stream")
        print(f"ratio     {speed / other:12,.0f} times as fast")


if __name__ == "__main__":
    main()
