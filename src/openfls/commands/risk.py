"""`openfls risk qfracture`: QFracture-2012 for a table of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openfls.commands.app import app
from openfls.record.errors import BadInput

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 10_000
RESULTS = ("osteoporotic_fracture_pct", "hip_fracture_pct", "error")
PREDICTED = "bmi_predicted"
HYPERTENSION = "b_treatedhyp"
CURRENT_SMOKERS = 2  # smoke_cat from 2 on is smoking now
SEXES = {"female": 0, "f": 0, "male": 1, "m": 1}
YES_NO = {"yes": 1.0, "y": 1.0, "true": 1.0, "no": 0.0, "n": 0.0, "false": 0.0}
"""Words that a flag may be told in; any other word is an error, never a no."""

risk = typer.Typer(name="risk", help="Fracture risk.", no_args_is_help=True)
app.add_typer(risk)


@risk.callback()
def risk_commands() -> None:
    """Fracture risk."""


@risk.command()
def qfracture(
    people: Annotated[Path, typer.Argument(help="CSV, Parquet or JSON lines, one row per person.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The table to write; its ending says the format.")
    ],
    predict_bmi: Annotated[
        bool, typer.Option(help="Fill a blank bmi by ClinRisk's predictor (needs the column b_treatedhyp).")
    ] = False,
) -> None:
    """QFracture-2012 for each row: the input, then osteoporotic_fracture_pct, hip_fracture_pct and error.

    Columns: sex (female, male), age, bmi, ethrisk, smoke_cat, alcohol_cat6, the b_ flags, fh_osteoporosis
    and surv (years ahead), as the QFracture reference names them; case and spaces around a name do not matter.
    A flag is 1 or 0, or yes or no; sex may be F or M. A blank or impossible value gives no score but an error
    that names the column. The percentages are the reference's; where the hip's is the higher, show it for both.
    """
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from openfls.commands.tables import TableWriter, read_rows
    from openfls_qfracture import DISCLAIMER, FIELDS, FIELDS_OF_ONE_SEX

    optional = {*FIELDS_OF_ONE_SEX, "bmi"} if predict_bmi else set(FIELDS_OF_ONE_SEX)
    required = [name for name in FIELDS if name not in optional]
    if people.exists() and output.exists() and output.samefile(people):
        raise BadInput("the output is the input: name another file", where=str(output))
    rows = read_rows(people)
    if people.stat().st_size == 0:
        raise BadInput("the file is empty", where=str(people))
    first = list(islice(rows, BATCH))
    schema = _schema(people, first, predict_bmi)
    names = _names(people, schema.names, required)
    known = {*schema.names, PREDICTED, *RESULTS}
    failed = 0
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with TableWriter(output, schema) as writer, progress:
        task = progress.add_task("scoring")
        for batch in _batches(chain(first, rows)):
            for row, result in zip(batch, _scored(_renamed(batch, names), predict_bmi), strict=True):
                if surplus := row.keys() - known:
                    raise BadInput(f"not in the rows before: {', '.join(sorted(surplus))}", where=str(people))
                failed += bool(result["error"])
                writer.write({**row, **result})
            progress.update(task, description=f"{writer.count:,} people")
    typer.echo(DISCLAIMER, err=True)
    typer.echo(f"{writer.count:,} people, {failed:,} without a score: see the column error", err=True)


def _names(people: Path, columns: list[str], required: list[str]) -> dict[str, str]:
    """Our name of each column that is written otherwise.

    Raises:
        BadInput: a column is missing, or two are the same but for case and spaces.
    """
    from openfls_qfracture import FIELDS

    wanted = {name.lower(): name for name in (*FIELDS, HYPERTENSION)}
    found: dict[str, str] = {}
    for column in columns:
        name = wanted.get(column.strip().lower())
        if name is not None and name in found.values():
            raise BadInput(f"two columns {name}", where=str(people))
        if name is not None:
            found[column] = name
    missing = [name for name in required if name not in found.values()]
    if missing:
        given = [column for column in columns if column not in (PREDICTED, *RESULTS)]
        one = len(given) == 1 and any(sign in given[0] for sign in ";\t|")
        hint = "; the values are to be separated by commas" if one else ""
        raise BadInput(f"no column {', '.join(missing)}{hint}", where=str(people))
    return {column: name for column, name in found.items() if column != name}


def _renamed(batch: list[dict[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    if not names:
        return batch
    return [{names.get(column, column): value for column, value in row.items()} for row in batch]


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _schema(people: Path, first: list[dict[str, Any]], predict_bmi: bool) -> pa.Schema:
    """The columns of the input, without results of an earlier run, and the results."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if people.suffix.lower() == ".parquet":
        given = list(pq.read_schema(people))
    elif people.suffix.lower() == ".csv":
        given = [pa.field(name, pa.string()) for name in _csv_columns(people)]
    else:
        given = [
            pa.field(field.name, pa.string() if pa.types.is_null(field.type) else field.type)
            for field in pa.Table.from_pylist(first).schema
        ]
    results = (*((PREDICTED,) if predict_bmi else ()), *RESULTS)
    kept = [field for field in given if field.name not in results]
    return pa.schema(
        [*kept, *(pa.field(name, pa.string() if name == "error" else pa.float64()) for name in results)]
    )


def _csv_columns(path: Path) -> list[str]:
    import csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file), [])


def _scored(batch: list[dict[str, Any]], predict_bmi: bool) -> list[dict[str, Any]]:
    """The results of each row, in order."""
    import numpy as np

    from openfls_qfracture import FIELDS, score_columns

    count = len(batch)
    wrong: list[list[str]] = [[] for _ in range(count)]
    columns: dict[str, Any] = {"sex": _sexes(batch, wrong)}
    for name in FIELDS:
        if name != "sex":
            columns[name] = _numbers(batch, name, wrong, columns["sex"])
    predicted = np.full(count, np.nan)
    if predict_bmi:
        _fill_bmi(batch, columns, predicted, wrong)
    scores = score_columns(columns)
    results: list[dict[str, Any]] = []
    for row in range(count):
        error = _error(wrong[row], scores.errors.get(row, ""))
        result: dict[str, Any] = dict.fromkeys(RESULTS[:2]) | {"error": error}
        if not error:
            result[RESULTS[0]] = float(scores.osteoporotic_fracture_pct[row])
            result[RESULTS[1]] = float(scores.hip_fracture_pct[row])
        if predict_bmi:
            result[PREDICTED] = None if np.isnan(predicted[row]) else float(predicted[row])
        results.append(result)
    return results


def _error(wrong: list[str], scoring: str) -> str:
    """What the row says wrongly stands in place of the *missing* that scoring makes of it."""
    named = {error.split(" ")[1] for error in wrong}
    others = [error for error in scoring.split("; ") if error and error.split(" ")[1] not in named]
    return "; ".join((*wrong, *others))


def _sexes(batch: list[dict[str, Any]], wrong: list[list[str]]) -> Any:
    import numpy as np

    sexes = np.full(len(batch), 255, np.uint8)
    for row, person in enumerate(batch):
        given = _text(person.get("sex"))
        if given.lower() in SEXES:
            sexes[row] = SEXES[given.lower()]
        elif not given:
            wrong[row].append("error: sex is missing")
    return sexes


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _numbers(batch: list[dict[str, Any]], name: str, wrong: list[list[str]], sexes: Any) -> Any:
    """The column as floats, NaN for a blank; what is not a number is noted in ``wrong``."""
    import numpy as np

    from openfls_qfracture import FIELDS_OF_ONE_SEX, FLAGS

    values = [person.get(name) for person in batch]
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        pass
    asked_of = FIELDS_OF_ONE_SEX.get(name)
    column = np.full(len(batch), np.nan)
    words = YES_NO if name in (*FLAGS, HYPERTENSION) else {}
    for row, value in enumerate(values):
        text = _text(value)
        if not text:
            continue
        if text.lower() in words:
            column[row] = words[text.lower()]
            continue
        try:
            column[row] = float(value) if isinstance(value, bool) else float(text)
        except ValueError:
            if asked_of is None or sexes[row] == ("female", "male").index(asked_of):
                wrong[row].append(f"error: {name} is not a number ({text[:20]!r})")
    return column


def _fill_bmi(
    batch: list[dict[str, Any]], columns: Mapping[str, Any], predicted: Any, wrong: list[list[str]]
) -> None:
    """Put a predicted BMI where it is blank; a row that cannot be predicted keeps its blank and says why."""
    import numpy as np

    from openfls_qfracture import QFractureError
    from openfls_qfracture import predict_bmi as predict

    bmi, given = columns["bmi"], _numbers(batch, HYPERTENSION, wrong, columns["sex"])
    for row in np.flatnonzero(np.isnan(bmi)):
        if any(error.startswith("error: bmi ") for error in wrong[row]):
            continue
        smoking = columns["smoke_cat"][row]
        known = {name: float(columns[name][row]) for name in ("age", "ethrisk", "b_cvd", "b_type2")}
        try:
            predicted[row] = predict(
                sex=("female", "male")[columns["sex"][row]] if columns["sex"][row] <= 1 else None,
                smok=None if np.isnan(smoking) else float(smoking >= CURRENT_SMOKERS),
                b_treatedhyp=float(given[row]),
                **known,
            )
        except QFractureError as error:
            wrong[row].append(f"error: bmi is missing and cannot be predicted ({error})")
        else:
            bmi[row] = predicted[row]
