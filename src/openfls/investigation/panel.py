"""The blood tests that are wanted for a person, each with the result that answers it or without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openfls.investigation.guideline import Pack, evaluate
from openfls.record.advice import Advice
from openfls.record.picture import Picture

TESTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "calcium": ("Adjusted calcium", ("adjusted_calcium_mmol_l",)),
    "creatinine": ("Creatinine", ("creatinine_umol_l",)),
    "vitamin-d": ("25-hydroxyvitamin D", ("vitamin_d_nmol_l",)),
    "full-blood-count": ("Full blood count", ("haemoglobin_g_l",)),
    "esr-or-crp": ("ESR or CRP", ("esr_mm_h", "crp_mg_l")),
    "alp": ("ALP", ("alp_u_l",)),
    "phosphate": ("Phosphate", ("phosphate_mmol_l",)),
    "liver-function": ("Liver function", ("alt_u_l",)),
    "albumin": ("Albumin", ("albumin_g_l",)),
    "tsh": ("TSH", ("tsh_mu_l",)),
    "protein-electrophoresis": ("Serum protein electrophoresis", ("electrophoresis",)),
    "light-chains-or-bence-jones": ("Light chains or Bence Jones protein", ("light_chains",)),
    "coeliac-antibodies": ("Coeliac antibodies (tTG)", ("ttg_iga_u_ml",)),
    "morning-testosterone": ("Morning testosterone", ("testosterone_nmol_l",)),
    "pth": ("Parathyroid hormone", ("pth_pmol_l",)),
}
"""What an action of the blood pack asks for, and the fields that answer it (any one of them)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One test, the advice that asks for it, and the fields that answer it; ``answered`` is the first that does."""

    words: str
    fields: tuple[str, ...]
    advice: Advice
    answered: str = ""


def wanted(picture: Picture, pack: Pack, known: Mapping[str, object]) -> list[Wanted]:
    """The tests that the blood pack asks for, each once and in its order, beside what is known by field."""
    found: dict[str, Wanted] = {}
    for advice in evaluate(pack, picture).advice:
        if advice.action not in TESTS or advice.action in found:
            continue
        words, fields = TESTS[advice.action]
        answered = next((field for field in fields if known.get(field) is not None), "")
        found[advice.action] = Wanted(words, fields, advice, answered)
    return list(found.values())
