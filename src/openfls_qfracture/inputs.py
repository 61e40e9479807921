"""What the equations ask, under the reference program's names.

SPDX-License-Identifier: LGPL-3.0-or-later
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Inputs:
    """One person. None is not known, and an error where the equation of that sex asks for it.

    ``age`` whole years; ``bmi`` kg/m²; ``ethrisk`` 1-9, ``smoke_cat`` 0-4, ``alcohol_cat6`` 0-5 as explained
    in data/qfracture2012.json; ``surv`` years ahead; the rest 0 or 1.
    """

    sex: str | None = None
    age: float | None = None
    bmi: float | None = None
    ethrisk: float | None = None
    smoke_cat: float | None = None
    alcohol_cat6: float | None = None
    b_antidepressant: float | None = None
    b_anycancer: float | None = None
    b_asthmacopd: float | None = None
    b_carehome: float | None = None
    b_corticosteroids: float | None = None
    b_cvd: float | None = None
    b_dementia: float | None = None
    b_endocrine: float | None = None
    b_epilepsy2: float | None = None
    b_falls: float | None = None
    b_fracture4: float | None = None
    b_hrt_oest: float | None = None
    b_liver: float | None = None
    b_malabsorption: float | None = None
    b_parkinsons: float | None = None
    b_ra_sle: float | None = None
    b_renal: float | None = None
    b_type1: float | None = None
    b_type2: float | None = None
    fh_osteoporosis: float | None = None
    surv: float | None = None


FIELDS: tuple[str, ...] = tuple(field.name for field in fields(Inputs))
"""Every input, in the order of the tables that the command reads."""

FLAGS: tuple[str, ...] = tuple(name for name in FIELDS if name.startswith(("b_", "fh_")))
"""The inputs that are 0 or 1."""

FIELDS_OF_ONE_SEX: dict[str, str] = {"b_carehome": "male", "b_endocrine": "female", "b_hrt_oest": "female"}
"""Inputs that only the equations of one sex ask for; they are not looked at for the other."""
