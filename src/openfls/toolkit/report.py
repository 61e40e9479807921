"""The report as a tagged PDF, set by Typst from the findings: no clock, no network, no system font."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from importlib import resources
from typing import Any

from openfls.toolkit import result_tables as results
from openfls.toolkit import uncertainty_tables as unsure
from openfls.toolkit.labels import in_words, label
from openfls.toolkit.printable import typeset
from openfls.toolkit.tables import Found, Table
from openfls.toolkit.wording import against, sentences


def pdf(found: Mapping[str, Any], charts: Mapping[str, str], record: Mapping[str, Any]) -> bytes:
    """The report's PDF; the same findings give the same bytes."""
    content = {
        "title": found["title"],
        "version": record["openfls"],
        "sentences": sentences(found),
        "against": against(found),
        "not_known": [in_words(line, found["labels"]) for line in found["not_known"]],
        "held_fixed": [label(name, found["labels"]) for name in found["held_fixed"]],
        "charts": [_chart(svg) for svg in charts.values()],
        "tables": [asdict(table) | {"numeric": table.numeric} for table in all_tables(found)],
        "record": [["What", "Value"], *([name, str(record[name])] for name in RECORDED)],
    }
    template = resources.files("openfls.toolkit").joinpath("data/report.typ").read_bytes()
    return typeset(template, "report", content)


RECORDED = (
    "openfls",
    "python",
    "numpy",
    "seed",
    "draws",
    "lifetime_draws",
    "inputs_sha256",
    "results_sha256",
)


def _chart(svg: str) -> dict[str, str]:
    def inside(tag: str) -> str:
        return svg.split(f"<{tag} ", 1)[1].split(">", 1)[1].split(f"</{tag}>", 1)[0]

    return {"svg": svg, "title": inside("title"), "alt": inside("desc")}


def all_tables(found: Found) -> list[Table]:
    """Every table of a whole analysis, in the order of a report."""
    return [
        results.funnel(found),
        results.caseload(found),
        results.outcomes(found),
        results.money(found),
        results.payers(found),
        results.payers_discounted(found),
        results.summary(found),
        unsure.worth(found),
        unsure.broken_even(found),
        unsure.one_way(found),
        unsure.thresholds(found),
        unsure.two_way(found),
        unsure.scenarios(found),
        unsure.information(found),
        unsure.calibration(found),
    ]
