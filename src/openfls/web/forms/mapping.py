"""The mapping of a CSV file as a form: for each field of ours, which of the file's columns it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from openfls.identification.feeds.csvfile.layout import Layout

AS_RECOGNISED, NONE, NAMED = "auto", "none", "="
FIRST = (
    *("hospital_number", "nhs_number", "family_name", "given_name"),
    *("birth_date", "sex", "on", "code", "text"),
)
WORDS = {
    "record": "The record’s own number",
    "hospital_number": "Hospital number",
    "nhs_number": "NHS number",
    "family_name": "Family name",
    "given_name": "Given name",
    "name": "Whole name",
    "birth_date": "Date of birth",
    "age": "Age",
    "sex": "Sex",
    "on": "Day of the fracture or record",
    "code": "Diagnosis codes",
    "cause": "External cause codes",
    "procedure": "Operation codes (OPCS-4)",
    "system": "Code system",
    "words": "Diagnosis in words",
    "text": "Text of the report",
    "exam": "Examination",
    "source": "Kind of record",
    "side": "Side",
    "energy": "How hard the blow was",
    "deceased": "Has died (yes or no)",
    "deceased_on": "Date of death",
    "address": "Address",
    "postcode": "Postcode",
    "telephone": "Telephone",
    "general_practice": "GP practice",
    "version": "Last changed",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One field with its options as (value, words), the chosen one, and the columns that are read as it now."""

    field: str
    words: str
    options: tuple[tuple[str, str], ...]
    chosen: str
    now: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """Whether it can stand below the others: no column is read as it, and nobody has said anything about it."""
        return self.field not in FIRST and not self.now and self.chosen == AS_RECOGNISED


def choices(layout: Layout, columns: dict[str, str]) -> list[Choice]:
    """A choice for each field of ours, in the order of the list."""
    named = [(f"{NAMED}{name}", name) for name in layout.header]
    made = []
    for field, now in layout.columns.items():
        chosen = AS_RECOGNISED
        extra: list[tuple[str, str]] = []
        if field in columns:
            chosen = _same_name(columns[field], layout.header) if columns[field] else NONE
            if chosen != NONE and chosen not in dict(named):
                extra = [(chosen, f"{columns[field]} – not in this file")]
        recognised = ", ".join(now) if field not in columns and now else ""
        words = f"As recognised: {recognised}" if recognised else "No column is recognised"
        options = ((AS_RECOGNISED, words), (NONE, "Not in this file"), *extra, *named)
        made.append(Choice(field, WORDS.get(field, field.replace("_", " ")), options, chosen, now))
    return made


def _same_name(column: str, header: tuple[str, ...]) -> str:
    same = (name for name in header if name.casefold() == column.casefold())
    return f"{NAMED}{next(same, column)}"


def columns_from(posted: QueryDict, layout: Layout) -> dict[str, str]:
    """The mapping that was chosen."""
    columns: dict[str, str] = {}
    for field in layout.columns:
        value = posted.get(f"column.{field}", AS_RECOGNISED)
        if value == NONE:
            columns[field] = ""
        elif value.startswith(NAMED):
            columns[field] = value.removeprefix(NAMED)
    return columns
