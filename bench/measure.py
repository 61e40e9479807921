"""A million FLS-DB rows: `openfls measure`, plain pandas, and a loop over people, side by side.

Run with ``python bench/measure.py [ROWS]``. The rows (70 services, 5 years) are made in the system's scratch folder,
clean, as Parquet and as CSV. Each contender runs in a process of its own, so that its peak memory is its own.
pandas counts the eleven indicators with the same definitions, written by hand; the loop judges a sample of people
with the plain-Python definitions of the tests and is scaled up.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AS_OF = date(2026, 3, 31)
SAMPLE = 20_000

MAKE = """
SELECT 'r' || i AS record_id, 'service ' || (i % 70 + 1) AS service,
  50 + pick(i, 1, 50) AS age, ['Male', 'Female'][1 + pick(i, 2, 2)] AS sex,
  'XX' || pick(i, 3, 90) AS postcode, ['Yes', 'No'][1 + pick(i, 4, 2)] AS care_home,
  day + 3 AS fls_contact_date,
  CASE WHEN pick(i, 5, 10) < 8 THEN day + 10 + pick(i, 6, 100) END AS fls_assessment_date,
  day AS index_diagnosis_date, 'Low trauma' AS fracture_type,
  ['Spine', 'Hip', 'Humerus', 'Pelvis', 'Wrist', 'Other'][1 + pick(i, 7, 6)] AS index_site,
  (150 + pick(i, 8, 40))::DOUBLE AS height_cm, (50 + pick(i, 9, 50))::DOUBLE AS weight_kg,
  ['Yes', 'No', 'Don''t know'][1 + pick(i, 10, 3)] AS previous_fracture,
  ['Yes', 'No', 'Don''t know'][1 + pick(i, 11, 3)] AS parental_hip_fracture,
  ['Yes', 'No', 'Don''t know'][1 + pick(i, 12, 3)] AS smoker,
  dxa, CASE WHEN dxa <> 'No' AND pick(i, 14, 10) < 7 THEN day + 20 + pick(i, 15, 100) END AS dxa_date,
  therapy AS bone_therapy, ['Yes', 'No'][1 + pick(i, 17, 2)] AS falls_assessment,
  CASE WHEN pick(i, 18, 4) = 0 THEN 'Falls clinic' END AS referrals,
  CASE WHEN reviewed THEN 'Yes' END AS followed_up_16_weeks,
  CASE WHEN reviewed THEN day + 84 + pick(i, 20, 29) END AS follow_up_16_weeks_date,
  CASE WHEN reviewed THEN drug END AS bone_therapy_16_weeks,
  CASE WHEN reviewed THEN ['Yes', 'No'][1 + pick(i, 21, 2)] END AS strength_balance_started,
  CASE WHEN at_a_year THEN 'Yes' END AS followed_up_52_weeks,
  CASE WHEN at_a_year THEN day + 340 + pick(i, 23, 50) END AS follow_up_52_weeks_date,
  CASE WHEN at_a_year THEN drug END AS bone_therapy_52_weeks,
  CASE WHEN pick(i, 24, 20) = 0 THEN 'Yes' ELSE 'No' END AS deceased,
  CASE WHEN pick(i, 24, 20) = 0 THEN day + 400 + pick(i, 25, 300) END AS death_date
FROM (SELECT *, CASE WHEN therapy IN ('Inappropriate', 'Informed decline') OR therapy LIKE 'Referred%'
    THEN 'Not started' ELSE therapy END AS drug FROM (
  SELECT i, DATE '2020-01-01' + pick(i, 0, 1826) AS day,
    ['Ordered', 'Recommended', 'No'][1 + pick(i, 13, 3)] AS dxa,
    ['Alendronate', 'Risedronate', 'Zoledronate', 'Denosumab', 'Alendronate', 'Inappropriate', 'Informed decline',
     'Referred to GP to decide prescription'][1 + pick(i, 16, 8)] AS therapy,
    pick(i, 19, 2) = 0 AS reviewed, pick(i, 22, 3) = 0 AS at_a_year
  FROM range({rows}) AS made(i)))
"""


def make(rows: int, folder: Path) -> tuple[Path, Path]:
    """The rows as Parquet and as CSV."""
    import duckdb

    parquet, table = folder / f"openfls-rows-{rows}.parquet", folder / f"openfls-rows-{rows}.csv"
    if not (parquet.exists() and table.exists()):
        with duckdb.connect() as connection:
            connection.execute("CREATE MACRO pick(i, n, k) AS (hash(i, n) % k)::INT")
            connection.execute(f"COPY ({MAKE.format(rows=rows)}) TO '{parquet}' (FORMAT parquet)")
            connection.execute(f"COPY (FROM '{parquet}') TO '{table}' (FORMAT csv, HEADER)")
    return parquet, table


def ours(path: Path, output: Path) -> None:
    """The command, without the shell."""
    from openfls.cli import main

    sys.argv = ["openfls", "measure", str(path), "--set", "flsdb", "--by", "quarter"]
    sys.argv += ["--as-of", AS_OF.isoformat(), "-o", str(output)]
    main()


def pandas_way(path: Path) -> None:
    """Eleven indicators by service and quarter in plain pandas, from the same columns."""
    import pandas as pd

    drugs = ["Alendronate", "Risedronate", "Zoledronate", "Denosumab"]
    f = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    for name in [column for column in f.columns if column.endswith("_date")]:
        f[name] = pd.to_datetime(f[name])
    index, today = f.index_diagnosis_date, pd.Timestamp(AS_OF)
    f["period"] = index.dt.to_period("Q")
    elapsed = (today - index).dt.days
    f = f.assign(elapsed=elapsed)

    def gap(name: str):
        return (f[name].where(f[name] <= today) - index).dt.days

    drug = f.bone_therapy.isin(drugs)
    dead = f.deceased.eq("Yes") | (f.death_date <= today)
    ordered = f.dxa.isin(["Ordered", "Recommended"])

    def counts(met, eligible, days, final=False) -> None:  # noqa: ANN001
        missed = eligible & ~met & ((elapsed > days) | dead | final)
        pd.DataFrame(
            {"met": met & eligible, "missed": missed, "service": f.service, "period": f.period}
        ).groupby(["service", "period"]).sum()

    everyone = f.age >= 50
    counts(everyone, everyone, 0)
    counts(f.index_site.eq("Spine"), everyone, 0)
    counts(gap("fls_assessment_date") <= 90, everyone, 90, gap("fls_assessment_date") > 90)
    counts(gap("dxa_date").between(1, 90), everyone & ordered, 90, gap("dxa_date") > 90)
    counts(f.falls_assessment.eq("Yes") | f.referrals.notna(), everyone, 90)
    counts(drug | f.bone_therapy.str.startswith("Referred"), everyone, 90, f.bone_therapy.notna())
    counts(f.strength_balance_started.eq("Yes"), everyone & f.index_site.ne("Hip") & (f.age > 75), 112)
    reviewed = f.followed_up_16_weeks.eq("Yes")
    counts(reviewed & (gap("follow_up_16_weeks_date") <= 112), everyone & drug, 112, reviewed)
    counts(f.bone_therapy_16_weeks.isin(drugs), everyone & drug, 112)
    alive = ~(gap("death_date") <= 364)
    counts(
        f.followed_up_52_weeks.eq("Yes") & f.bone_therapy_52_weeks.isin(drugs), everyone & drug & alive, 392
    )
    for name in ["age", "sex", "care_home", "fls_contact_date", "index_diagnosis_date", "index_site"]:
        f[name].isna().groupby([f.service, f.period]).sum()
    due = elapsed > 90
    for name in ["fls_assessment_date", "previous_fracture", "parental_hip_fracture", "smoker", "dxa"]:
        (f[name].isna() & due).groupby([f.service, f.period]).sum()


def loop_way(path: Path) -> None:
    """The plain-Python definitions of the tests over a sample of people."""
    import duckdb

    sys.path.insert(0, str(ROOT / "tests"))
    from quality.oracle import flsdb_states

    with duckdb.connect() as connection:
        result = connection.execute(f"SELECT * FROM '{path}' LIMIT {SAMPLE}")
        names = [item[0] for item in result.description]
        people = [dict(zip(names, values, strict=True)) for values in result.fetchall()]
    started = time.perf_counter()
    for person in people:
        flsdb_states(person, AS_OF)
    print(f"judged {time.perf_counter() - started:.3f}")


def timed(*arguments: str) -> tuple[float, float, float, str]:
    """Seconds, processor seconds, peak memory in MB, and what was printed, of this file with ``arguments``."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, *arguments], check=True, capture_output=True, text=True, cwd=ROOT
    )
    seconds = time.perf_counter() - started
    peak, busy = done.stdout.split("peak")[-1].split()
    return seconds, float(busy), float(peak), done.stdout


def main() -> None:
    """Make the rows, run the contenders, print a table."""
    if len(sys.argv) > 2:
        way, path = sys.argv[1], Path(sys.argv[2])
        with tempfile.TemporaryDirectory() as folder:
            if way == "ours":
                try:
                    ours(path, Path(folder) / "out.csv")
                except SystemExit as end:
                    if end.code:
                        raise
            elif way == "make":
                make(int(sys.argv[3]), path)
            elif way == "pandas":
                pandas_way(path)
            else:
                loop_way(path)
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(f"peak {used.ru_maxrss / 1024:.0f} {used.ru_utime + used.ru_stime:.2f}")
        return
    rows = int(sys.argv[1]) if len(sys.argv) == 2 else 1_000_000
    # Made in a process of its own too: a child begins with its parent's peak.
    timed("make", tempfile.gettempdir(), str(rows))
    parquet, table = make(rows, Path(tempfile.gettempdir()))
    print(
        f"{rows:,} rows, 70 services, 5 years; as of {AS_OF}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    base = base_busy = 0.0
    for name, way, path in [
        ("openfls measure, Parquet", "ours", parquet),
        ("openfls measure, CSV", "ours", table),
        ("pandas, Parquet", "pandas", parquet),
        ("pandas, CSV", "pandas", table),
    ]:
        seconds, busy, peak, _ = min(timed(way, str(path)) for _ in range(3))
        base, base_busy = base or seconds, base_busy or busy
        print(
            f"{name:28} {seconds:8.2f} s ({seconds / base:5.1f} x) processor {busy:7.2f} s "
            f"({busy / base_busy:5.1f} x) {peak:6.0f} MB"
        )
    _, _, peak, printed = timed("loop", str(parquet))
    seconds = float(printed.split("judged")[1].split()[0]) * rows / SAMPLE
    print(f"{'loop over people (scaled)':28} {seconds:8.2f} s ({seconds / base:5.1f} x) {peak:6.0f} MB")


if __name__ == "__main__":
    main()
