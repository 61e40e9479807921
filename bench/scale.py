"""A million reports through each engine: reports a second, peak memory, and how the engines compare.

Run it as ``python bench/scale.py``. One report in ten mentions a fracture (those of our own fictional hospital that do,
denied ones too); nine are fracture-free chest reports put together here, some 550 letters long, nearly all different.
One in twenty of these speaks of a collapsed lobe or of kept vertebral heights: words of fractures where there is none.
The stream is a Parquet file in the system's scratch folder. Each run is a process of its own, so that its peak memory
is its own.

One core is measured in processor time, which other work on the machine disturbs least. What other processes take away
from the wall clock still distorts the ratios of the engines: the load is printed beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from itertools import cycle
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
from read_reports import yardstick

TARGET = 30_000
SLICE = 8192
FEW = 2000

HEADS = (
    "XR Chest\nClinical details: {why}\n\nReport:\n",
    "EXAMINATION: CHEST (PA AND LATERAL)\nINDICATION: {why}\nCOMPARISON: {before}\nFINDINGS: ",
    "Chest radiograph, single portable view\n\nHistory: {why}\n\n",
    "CT Chest with contrast\nIndication: {why}\nTechnique: Helical, after intravenous contrast.\nFindings:\n",
)
WHY = (
    "cough and fever for five days", "shortness of breath", "chest pain, rule out pneumonia", "pre-operative",
    "known COPD, worse today", "line position", "weight loss, smoker", "follow-up of a nodule",
)  # fmt: skip
BEFORE = ("None.", "Chest radiograph of last month.", "Examination of two years ago.")
SENTENCES = (
    "The heart is normal in size and the pulmonary vessels are not engorged.",
    "The cardiac silhouette is mildly enlarged, unchanged from before.",
    "The mediastinal and hilar contours are within normal limits.",
    "There is no focal consolidation, pleural effusion or pneumothorax.",
    "Patchy opacity at the right base may represent infection or atelectasis.",
    "Small left pleural effusion with adjacent passive change.",
    "Linear scarring is again noted in the lingula.",
    "The lungs are hyperinflated with flattened hemidiaphragms, in keeping with airways disease.",
    "A right internal jugular line ends at the cavoatrial junction.",
    "The endotracheal tube lies 4 cm above the carina and the nasogastric tube is below the diaphragm.",
    "Calcified granuloma in the left upper zone, of no significance.",
    "Degenerative changes of the thoracic spine with marginal osteophytes.",
    "The bones are mildly demineralised.",
    "Sternotomy wires and surgical clips are noted after bypass grafting.",
    "The thoracic aorta is tortuous with calcification of the arch.",
    "A 6 mm nodule in the right middle lobe is stable over two years.",
    "No enlarged axillary, mediastinal or hilar lymph nodes.",
    "The visible upper abdomen shows a simple cyst of the left kidney and nothing else of note.",
    "There is no free gas under the diaphragm.",
    "Interstitial markings are coarse at both bases, perhaps early fibrosis.",
    "The costophrenic angles are sharp.",
    "A left-sided pacemaker with two leads is in the expected position.",
    "Soft tissues are unremarkable.",
)
ENDS = (
    "\nIMPRESSION: No acute cardiopulmonary abnormality.",
    "\n\nConclusion: Right basal changes, follow-up film in six weeks after treatment is advised.",
    "\nImpression:\n1. No consolidation.\n2. Stable appearances of the heart and mediastinum.",
    "\n\nOpinion: mild congestion; clinical correlation.",
)
SENTENCES_EACH = 6
RARER = (
    "No lobar collapse is seen.",
    "Vertebral body heights are maintained.",
    "The left lower lobe is collapsed.",
)
RARER_IN = 20


def without(chance: Random) -> str:
    """One chest report that names no fracture."""
    head = chance.choice(HEADS).format(why=chance.choice(WHY), before=chance.choice(BEFORE))
    said = chance.sample(SENTENCES, SENTENCES_EACH)
    if chance.randrange(RARER_IN) == 0:
        said[-1] = chance.choice(RARER)
    return head + " ".join(said) + chance.choice(ENDS)


def mentioning() -> list[str]:
    """The reports of our fictional hospitals that name a fracture, each text once."""
    from openfls.fiction import generate
    from openfls.identification.reports.prefilter import trigger_places
    from openfls.identification.reports.tokens import fold

    texts = [
        report.text for seed in (13, 14, 15) for report in generate(end=date(2026, 9, 30), seed=seed).reports
    ]
    return [text for text in dict.fromkeys(texts) if trigger_places(fold(text))]


def make(path: Path, count: int) -> tuple[int, int]:
    """Writes the stream; returns the mean lengths of a report without and with a mention."""
    chance, mentions = Random(3), mentioning()
    turn, lengths = cycle(mentions), 0
    schema = pa.schema([("id", pa.string()), ("text", pa.string())])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, count, SLICE):
            numbers = range(start, min(start + SLICE, count))
            texts = [next(turn) if number % 10 == 0 else without(chance) for number in numbers]
            lengths += sum(len(text) for text, number in zip(texts, numbers, strict=True) if number % 10)
            writer.write_batch(pa.record_batch([[f"R{n}" for n in numbers], texts], schema=schema))
    return lengths // max(count - count // 10, 1), sum(map(len, mentions)) // len(mentions)


def batches(path: Path, count: int) -> Iterator[pa.RecordBatch]:
    """The first ``count`` rows of the stream."""
    left = count
    # Unbuffered reading keeps what Parquet itself holds out of the comparison of memory.
    for batch in pq.ParquetFile(path, pre_buffer=False).iter_batches(SLICE):
        yield batch.slice(0, left)
        left -= batch.num_rows
        if left <= 0:
            return


def child(engine: str, path: Path, count: int, workers: int) -> None:
    """One run, measured from inside; its figures are printed as JSON. ``bare`` reads the file and nothing more."""
    from openfls.identification.scale import read_stream

    rows = cases = 0
    began = time.perf_counter(), time.process_time()
    source = batches(path, count)
    stream = source if engine == "bare" else read_stream(source, engine=engine, workers=workers)  # type: ignore[arg-type]
    first = 0.0
    for batch in stream:
        rows += batch.num_rows
        if engine != "bare":
            cases += batch.column("triage").to_pylist().count("case")
        first = first or time.perf_counter() - began[0]
    wall, own = time.perf_counter() - began[0], time.process_time() - began[1]
    below = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = {
        "rows": rows,
        "cases": cases,
        "wall": wall,
        "first": first,
        "cpu": own + below.ru_utime + below.ru_stime,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


def run(python: str, engine: str, path: Path, count: int, workers: int = 1) -> dict[str, float]:
    """One run in a process of its own."""
    command = [python, __file__, "--child", engine, "--file", str(path)]
    done = subprocess.run(
        [*command, "--count", str(count), "--workers", str(workers)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{engine}: {done.stderr.strip()[-400:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def parts(path: Path) -> str:
    """What a report costs in the fast way out and in the reader, in microseconds of processor time.

    The reader remembers sentences that it met. Made-up reports repeat more of them than real ones, so the cost without
    any memory is told too: what a report costs whose every sentence is new.
    """
    from openfls.identification.reports.mentions import mentions_in
    from openfls.identification.reports.reader import read_report
    from openfls.identification.reports.sentences import known_phrases, words_meant
    from openfls.identification.scale.candidates import may_mention

    memories = (mentions_in, known_phrases, words_meant)
    batch = pa.Table.from_batches(batches(path, 50_000)).combine_chunks().to_batches()[0]
    start = time.process_time()
    chosen = may_mention(batch.column("text"))
    fast = (time.process_time() - start) / batch.num_rows
    texts = batch.column("text").filter(chosen).to_pylist()
    start = time.process_time()
    for text in texts:
        read_report(text, evidence=False)  # as the engines do, unless asked for evidence
    slow = (time.process_time() - start) / len(texts)
    share = len(texts) / batch.num_rows
    met = mentions_in.cache_info()
    again = met.hits / (met.hits + met.misses)
    start = time.process_time()
    for text in texts[:FEW]:
        for memory in memories:
            memory.cache_clear()
        read_report(text, evidence=False)
    new = (time.process_time() - start) / len(texts[:FEW])
    return (
        f"{fast * 1e6:.1f} µs for every text; {slow * 1e6:.0f} µs for the {share:.1%} that the reader looks at;"
        f" {again:.0%} of the sentences with a word for a fracture were met before; {new * 1e6:.0f} µs with no memory"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, help="reports in the stream")
    parser.add_argument("--workers", type=int, default=2, help="of the pool and of Spark")
    parser.add_argument(
        "--spark", metavar="PYTHON", default=sys.executable, help="an interpreter with pyspark"
    )
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child, options.file, options.count, options.workers)
        return
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder) / "reports.parquet", options)


def compare(path: Path, options: argparse.Namespace) -> None:
    """All runs, and what they come to."""
    count, few = options.count, options.count // 10
    letters = make(path, count)
    print(
        f"stream    {count:,} reports: mean {letters[0]} letters without, {letters[1]} with a mention (1 in 10)"
    )
    print(f"yardstick {yardstick():.1f} million additions/s in a plain Python loop")
    print(f"parts     {parts(path)}")
    bare = run(sys.executable, "bare", path, count)
    short, local = (run(sys.executable, "local", path, rows) for rows in (few, count))
    speed = count / (local["cpu"] - bare["cpu"])
    print(f"local     {speed:,.0f} reports/s on one core = {speed / TARGET:.2f} of the target of {TARGET:,}")
    print(f"          {count / local['cpu']:,.0f} with the reading of the file; {local['cases']:,} cases")
    print(
        f"memory    {short['memory']:,.0f} MB at {few:,} reports, {local['memory']:,.0f} MB at {count:,}:"
        f" {local['memory'] / short['memory']:.2f} times"
    )
    print(f"load      {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    pool = run(sys.executable, "pool", path, count, options.workers)
    report("pool", pool, local, options.workers)
    missing = subprocess.run(
        [options.spark, "-c", "from openfls.identification.scale.spark import why_not; print(why_not())"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    reason = missing.stdout.strip() or missing.stderr.strip()[-200:]
    if reason:
        print(f"spark     skipped: {reason}")
        return
    report("spark", run(options.spark, "spark", path, count, options.workers), local, options.workers)


def report(engine: str, figures: dict[str, float], local: dict[str, float], workers: int) -> None:
    """One engine against one process, by the wall clock."""
    steady = local["wall"] / (figures["wall"] - figures["first"])
    # Spark's work is done below Java, whose processor time is not to be had from here.
    cost = f" {figures['cpu'] / local['cpu']:.2f} times its processor time," if engine == "pool" else ""
    same = "the same" if figures["cases"] == local["cases"] else "NOT THE SAME"
    print(
        f"{engine:9} {workers} workers: {local['wall'] / figures['wall']:.2f} times as fast as local"
        f" ({steady:.2f} without the start),{cost}"
        f" {figures['memory']:,.0f} MB in the first process;"
        f" {same} number of cases; load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
