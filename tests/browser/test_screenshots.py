"""The pictures of the documentation, with fictional people. Collected only with OPENFLS_SCREENSHOTS=1."""

from __future__ import annotations

from datetime import date, timedelta

import world
from browser.conftest import ROOT
from openfls.record.sites import Side, Site
from openfls.service import letters
from openfls.service.actions import assessing, writing
from openfls.service.roles import Role
from service import access_world, auditing_world

IMAGES = ROOT / "docs" / "images"
WINDOW, PHONE = (1280, 800), (375, 812)
LARGEST = 200_000
REPORT = (
    "XR left wrist.\nClinical details: fell on an outstretched hand in the garden.\n"
    "Fracture of the distal radius with dorsal tilt. The bones are thin. No other injury is seen."
)


def _name(family: str, given: str, year: int) -> object:
    return world.demographics(family_name=family, given_name=given, birth_date=date(year, 3, 14))


def _people(nurse) -> dict[str, object]:
    """One person for each picture, and a few more for the lists."""
    today = world.TODAY
    start = REPORT.index("Fracture")
    found = world.found(
        nurse.service, person=_name("Penrose", "Morwenna", 1949), text=REPORT, span=(start, start + 8)
    )
    for days, family, given, site in (
        (3, "Tregenza", "Arthur", Site.HIP),
        (5, "Carlyon", "Beryl", Site.HUMERUS),
        (9, "Nance", "Doris", Site.PELVIS),
    ):
        world.found(
            nurse.service,
            person=_name(family, given, 1940 + days),
            on=today - timedelta(days=days),
            site=site,
            side=Side.NONE if site is Site.PELVIS else Side.RIGHT,
            text=f"XR. A new fracture is seen: {site.label.lower()}.",
        )
    late = world.confirmed(nurse, person=_name("Kitto", "Hilda", 1938), on=today - timedelta(days=97))
    assess = world.confirmed(nurse, person=_name("Rowe", "Elsie", 1951), on=today - timedelta(days=32))
    answers = {
        "falls_last_year": 2,
        "fear_of_falling": True,
        "care_home": False,
        "parent_hip_fracture": True,
        "height_cm": 158,
        "weight_kg": 54,
        "smoking": "never",
    }
    assessing.answer(episode=assess, answers=answers, by=nurse)
    plan = world.assessed(nurse, person=_name("Opie", "Grace", 1946), on=today - timedelta(days=48))
    cared_for = world.planned(nurse, person=_name("Bolitho", "Jenifer", 1944), on=today - timedelta(days=118))
    gp = writing.write(episode=cared_for, kind="gp", by=nurse)
    seen = letters.fingerprint(letters.value_of(gp))
    writing.approve(episode=cared_for, letter=gp, seen=seen, by=nurse)
    world.planned(nurse, person=_name("Angove", "Thomas", 1942), on=today - timedelta(days=131))
    return {
        "found": found,
        "assess": assess,
        "plan": plan,
        "cared_for": cared_for,
        "letter": gp,
        "late": late,
    }


def test_the_pictures_of_the_documentation(nurse, open_browser) -> None:
    nurse.service.name, nurse.service.is_fictional = "Brindlemouth Fracture Liaison Service", True
    nurse.service.save()
    made = _people(nurse)
    pages = {
        "today": "/",
        "found": f"/episodes/{made['found'].pk}/found/",
        "person": f"/people/{made['cared_for'].person_id}/",
        "assessment": f"/episodes/{made['assess'].pk}/assessment/",
        "plan": f"/episodes/{made['plan'].pk}/plan/",
        "letter": f"/letters/{made['letter'].pk}/",
        "measures": "/measures/",
        "training": "/training/",
    }
    auditing_world.at_night(nurse)
    world.member(nurse.service, Role.MANAGER, "manager")
    access_world.invited(nurse.service)
    of_a_manager = {"access": "/access/", "who-looked": "/audit/"}
    IMAGES.mkdir(parents=True, exist_ok=True)
    for size, name, chosen in (
        (WINDOW, "nurse", pages),
        (WINDOW, "manager", of_a_manager),
        (PHONE, "nurse", {"phone-worklist": "/worklist/to-confirm/"}),
    ):
        user = open_browser(size)
        user.sign_in(name)
        for title, path in chosen.items():
            assert user.open(path).status == 200
            picture = IMAGES / f"{title}.png"
            user.page.screenshot(path=picture)
            assert picture.stat().st_size < LARGEST, f"{title}.png is too large for the repository"
