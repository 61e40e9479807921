"""Pictures of any kind, and pictures of which less is known."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import get_args, get_type_hints

from hypothesis import strategies as st

from openfls.record.people import Sex
from openfls.record.picture import BoneDensity, FraxResult, PastFracture, Picture, QFractureResult, Smoking
from openfls.record.sites import Site

ON = date(2026, 11, 1)
HINTS = get_type_hints(Picture)
FLAGS = tuple(name for name, kind in HINTS.items() if bool in get_args(kind))
past_days = st.integers(0, 2000).map(lambda days: ON - timedelta(days=days))
percent = st.floats(0, 60).map(lambda value: round(value, 1))
t_scores = st.floats(-5, 2).map(lambda value: round(value, 1))

past_fractures = st.builds(
    PastFracture,
    site=st.sampled_from([*Site]),
    on=st.none() | past_days,
    fragility=st.sampled_from([True, True, False, None]),
    levels=st.sampled_from([(), ("T12",), ("T12", "L1")]),
)
frax_results = st.builds(
    FraxResult, percent, percent, on=past_days, country_model=st.just("UK"), with_bmd=st.booleans()
)
qfracture_results = st.builds(QFractureResult, percent, percent, on=past_days)
densities = st.builds(
    BoneDensity,
    on=past_days,
    lumbar_spine_t=st.none() | t_scores,
    lumbar_spine_vertebrae=st.none() | st.integers(0, 4),
    total_hip_t=st.none() | t_scores,
    femoral_neck_t=st.none() | t_scores,
    forearm_t=st.none() | t_scores,
    lowest_z=st.none() | t_scores,
)
NUMBERS = {
    "age": st.integers(18, 105),
    "height_loss_cm": st.floats(0, 10),
    "alcohol_units_week": st.floats(0, 60),
    "prednisolone_mg_day": st.sampled_from([0.0, 2.5, 5.0, 7.5, 10.0, 15.0, 20.0]),
    "glucocorticoid_months": st.integers(0, 12).map(float),
    "falls_last_year": st.integers(0, 4),
    "gait_speed_m_s": st.floats(0.2, 1.6),
    "timed_up_and_go_s": st.floats(5, 30),
    "egfr": st.floats(5, 110),
}
OTHERS = {
    **NUMBERS,
    "smoking": st.sampled_from([*Smoking]),
    "frax": frax_results,
    "qfracture": qfracture_results,
    "bone_density": densities,
    "bone_drug_now": st.sampled_from(["", "alendronic acid"]),
}
OPTIONAL = tuple(field.name for field in fields(Picture) if field.default is None)
ALL_FLAGS = (1 << len(FLAGS)) - 1
others = st.fixed_dictionaries({}, optional=OTHERS)


@st.composite
def pictures(draw):
    """A picture with anything unknown."""
    known = draw(st.integers(0, ALL_FLAGS)) | draw(st.integers(0, ALL_FLAGS))
    true = draw(st.integers(0, ALL_FLAGS))
    flags = {name: bool(true >> bit & 1) for bit, name in enumerate(FLAGS) if known >> bit & 1}
    return Picture(
        on=ON,
        sex=draw(st.sampled_from([*Sex])),
        fractures=tuple(draw(st.lists(past_fractures, max_size=3))),
        **flags,
        **draw(others),
    )


@st.composite
def less_known(draw, picture):
    """The same person with some of it not known: fields, judgements and dates of fractures, whole
    fractures."""
    forgotten_fields = draw(st.integers(0, (1 << len(OPTIONAL)) - 1))
    changes = {name: None for bit, name in enumerate(OPTIONAL) if forgotten_fields >> bit & 1}
    if draw(st.booleans()):
        changes["sex"] = Sex.UNKNOWN
    kept = []
    for fracture in picture.fractures:
        forgotten = draw(st.sampled_from(["", "fragility", "on", "all"]))
        if forgotten == "all":
            changes["fracture_history_taken"] = None
        elif forgotten:
            kept.append(replace(fracture, **{forgotten: None}))
        else:
            kept.append(fracture)
    changes["fractures"] = tuple(kept)
    # A DXA report is known or not as a whole; only these two may be read from it later.
    if picture.bone_density is not None and "bone_density" not in changes and draw(st.booleans()):
        name = draw(st.sampled_from(["lumbar_spine_vertebrae", "lowest_z"]))
        changes["bone_density"] = replace(picture.bone_density, **{name: None})
    return replace(picture, **changes)
