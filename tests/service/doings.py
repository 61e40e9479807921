"""Every action that a user can take, as one call on a world that allows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import world
from openfls.information.letter import LetterKind
from openfls.information.local_check import standard_text
from openfls.record.reasons import Channel, Closing, ContactOutcome, Drug, NotForUs, ReviewOutcome
from openfls.record.sites import Side, Site
from openfls.service import clock, codelists, letters
from openfls.service.actions import (
    alerting,
    asking,
    assessing,
    auditing,
    clinics,
    closing,
    ending_tasks,
    finding,
    flagging,
    guiding,
    placing,
    planning,
    posting,
    reviewing,
    telling,
    treating,
    treating_back,
    undoing,
    wording,
    writing,
)
from openfls.service.actor import Actor
from openfls.service.by_hand.numbers import add_number, drop_number
from openfls.service.by_hand.telling import tell, untell
from openfls.service.expecting.figures import set_figures
from openfls.service.feeds import (
    bringing_back,
    correcting,
    deciding,
    history,
    long_loading,
    merging,
    sources,
    splitting,
    uploads,
)
from openfls.service.feeds.taking_in import take_in
from openfls.service.investigation import mapping
from openfls.service.letter_own import Own
from openfls.service.letter_runs import beginning
from openfls.service.models import (
    Alert,
    CalendarFeed,
    ClinicAbsence,
    CodeList,
    Delivery,
    Episode,
    Letter,
    PassedOver,
    Person,
    PersonFlag,
    PlanDetail,
    Review,
    Task,
)
from openfls.service.roles import Role
from openfls.service.told import person_says
from service import access_world, auditing_world, quality_world, training_world
from service import asking_world as aw
from service import results_world as rw
from service import waiting_world as ww
from service.identification_world import TOLD, row_by_hand
from service.identification_world import unnumbered as _unnumbered
from service.sharing import connected

Act = Callable[..., object]
"""Takes ``by`` alone."""

TAKING = reviewing.Heard(ReviewOutcome.ON_TREATMENT, drug=Drug.ALENDRONATE)


@dataclass(frozen=True)
class Doing:
    """How to get ready for an action, and the action; ``events`` is how many audit events it leaves of its name."""

    name: str
    ready: Callable[[Actor], Act]


def seen_of(letter: Letter) -> str:
    """What somebody has read who approves the draft as it is."""
    return letters.fingerprint(letters.value_of(letter))


def _letter(by: Actor, *, kind: str = "gp") -> tuple[Episode, Letter]:
    episode = world.planned(by)
    return episode, writing.write(episode=episode, kind=kind, by=by)


def _approve(by: Actor) -> Act:
    episode, letter = _letter(by)
    return partial(writing.approve, episode=episode, letter=letter, seen=seen_of(letter))


def approved_letter(by: Actor, *, kind: str = "gp") -> Letter:
    """A letter that is locked and may go out."""
    episode, letter = _letter(by, kind=kind)
    return writing.approve(episode=episode, letter=letter, seen=seen_of(letter), by=by)


def _sent(by: Actor) -> Letter:
    letter = approved_letter(by)
    posting.send(letter=letter, on=world.TODAY, way="post", by=by)
    return letter


def _in_batch(by: Actor) -> Act:
    _, letter = _letter(by)
    batch = posting.make_batch(keys=[letter.pk], by=by)
    return partial(posting.take_out, batch=batch, letter=letter)


def _run_of_letters(by: Actor) -> Act:
    batch = posting.make_batch(keys=[_letter(by)[1].pk], by=by)
    return partial(beginning.begin, batch=batch, kind="print")


def _own_wording(by: Actor) -> int:
    text = standard_text(LetterKind.PERSON)
    return wording.save_wording(kind="person", text=text, why="Ours", seen=None, by=by).pk


def _on_letter(act: Callable[..., object], **more: object) -> Callable[[Actor], Act]:
    """An action on a draft and its episode."""

    def ready(by: Actor) -> Act:
        episode, letter = _letter(by)
        return partial(act, episode=episode, letter=letter, **more)

    return ready


def _reissue(by: Actor) -> Act:
    letter = approved_letter(by)
    return partial(writing.reissue, episode=letter.episode, letter=letter, reason="The GP has moved")


def _take_in(by: Actor) -> Act:
    delivery = Delivery.objects.create(
        service=by.service, name="feed.csv", sha256="0" * 64, received_at=clock.now()
    )
    return partial(take_in, delivery=delivery, readings=[world.report()])


def _refuted(by: Actor) -> Episode:
    return finding.refute(episode=world.found(by.service), reason=NotForUs.HIGH_ENERGY, by=by)


def _this_person(by: Actor) -> Act:
    row = ww.doubtful(by)
    return partial(deciding.this_person, row=row, person=ww.owner_of(row))


def _told(by: Actor) -> dict[str, Any]:
    """An episode and something that its person said of herself."""
    episode = world.confirmed(by)
    told = person_says(
        person=episode.person, field="falls_last_year", value=2, on=world.TODAY, reference="letter 1"
    )
    return {"episode": episode, "told": told}


_CLOSED = clinics.Absent("closed", world.TODAY, world.TODAY, "Training day")

DOINGS = (
    Doing("episode.confirm", lambda by: partial(finding.confirm, episode=world.found(by.service))),
    Doing(
        "episode.refute",
        lambda by: partial(finding.refute, episode=world.found(by.service), reason=NotForUs.KNOWN),
    ),
    Doing("episode.bring_back", lambda by: partial(finding.bring_back, episode=_refuted(by))),
    Doing(
        "assessment.answer",
        lambda by: partial(assessing.answer, episode=world.confirmed(by), answers={"care_home": True}),
    ),
    Doing(
        "assessment.add_scan",
        lambda by: partial(
            assessing.add_scan,
            episode=world.confirmed(by),
            on=world.TODAY,
            values={"bone_density.total_hip_t": -2.1},
        ),
    ),
    Doing(
        "assessment.finish",
        lambda by: partial(assessing.finish, episode=_answered(by), assessed_on=world.TODAY),
    ),
    Doing(
        "plan.agree",
        lambda by: partial(
            planning.agree, episode=world.assessed(by), agreed=world.AGREED, agreed_on=world.TODAY
        ),
    ),
    Doing("plan.sign", lambda by: partial(planning.sign, **_waits_for_a_prescriber(by))),
    Doing(
        "treatment.start",
        lambda by: partial(
            treating.start, episode=world.planned(by), drug="denosumab", started_on=world.TODAY
        ),
    ),
    Doing("treatment.dose", lambda by: partial(treating.dose, **_treated(by), on=world.TODAY)),
    Doing("treatment.review", lambda by: partial(treating.review, **_treated(by), on=world.TODAY)),
    Doing(
        "treatment.stop", lambda by: partial(treating.stop, **_treated(by), on=world.TODAY, reason="A rash")
    ),
    Doing(
        "treatment.follow_on",
        lambda by: partial(
            treating.plan_follow_on,
            **_treated(by),
            follow_on="zoledronate",
            due=world.TODAY + timedelta(days=9),
        ),
    ),
    Doing(
        "clinic.hours",
        lambda by: partial(clinics.set_hours, wish=clinics.Wish([2] * 7)),
    ),
    Doing(
        "clinic.choose",
        lambda by: partial(clinics.choose, episode=_to_call(by), slot="week_16", on=world.TODAY),
    ),
    Doing("clinic.release", lambda by: partial(clinics.release, episode=_chosen(by), slot="week_16")),
    Doing("clinic.absence", lambda by: partial(clinics.add_absence, absent=_CLOSED)),
    Doing(
        "clinic.absence_over",
        lambda by: partial(clinics.end_absence, absence=closed_day(by)),
    ),
    Doing("calendar.make", lambda by: clinics.make_calendar),
    Doing("calendar.revoke", lambda by: partial(clinics.revoke_calendar, calendar=_calendar(by))),
    Doing("treatment.take_back", lambda by: partial(treating_back.take_back, **_told_of_course(by))),
    Doing(
        "alert.decide",
        lambda by: partial(
            alerting.decide, alert=_alert(by), decision=Alert.Decision.OVERRIDDEN, reason="Weighed"
        ),
    ),
    Doing("alert.review", lambda by: partial(alerting.review, alert=_overridden(by), words="Agreed")),
    Doing(
        "review.record",
        lambda by: partial(
            reviewing.record,
            episode=world.planned(by, on=world.TODAY - timedelta(days=120)),
            kind=Review.Kind.WEEK_16,
            heard=TAKING,
            reviewed_on=world.TODAY,
        ),
    ),
    Doing(
        "contact.record",
        lambda by: partial(
            reviewing.contact,
            episode=world.confirmed(by),
            channel=Channel.TELEPHONE,
            outcome=ContactOutcome.NO_ANSWER,
            on=world.TODAY,
        ),
    ),
    Doing(
        "episode.close",
        lambda by: partial(closing.close, episode=world.confirmed(by), reason=Closing.DECLINED),
    ),
    Doing("episode.undo", lambda by: partial(undoing.undo, episode=world.confirmed(by))),
    Doing(
        "episode.correct", lambda by: partial(undoing.correct, episode=world.confirmed(by), reason="A slip")
    ),
    Doing("letter.write", lambda by: partial(writing.write, episode=world.planned(by), kind="gp")),
    Doing("letter.approve", _approve),
    Doing("letter.edit", _on_letter(writing.edit, own=Own(note="Please ring the side bell."))),
    Doing("letter.discard", _on_letter(writing.discard)),
    Doing("letter.reissue", _reissue),
    Doing("letter.batch", lambda by: partial(posting.make_batch, keys=[_letter(by)[1].pk])),
    Doing("letter.out_of_batch", _in_batch),
    Doing("letter.run", _run_of_letters),
    Doing(
        "letter.send",
        lambda by: partial(posting.send, letter=approved_letter(by), on=world.TODAY, way="post"),
    ),
    Doing("letter.unsend", lambda by: partial(posting.take_back_sent, letter=_sent(by))),
    Doing(
        "letterhead.save",
        lambda by: partial(
            wording.save_letterhead, head=wording.Head("North FLS", "01632 960000"), seen=None
        ),
    ),
    Doing(
        "wording.save",
        lambda by: partial(
            wording.save_wording, kind="person", text=standard_text(LetterKind.PERSON), why="Ours", seen=None
        ),
    ),
    Doing(
        "wording.standard",
        lambda by: partial(wording.use_standard, kind="person", why="Enough", seen=_own_wording(by)),
    ),
    Doing("person.correct", lambda by: partial(correcting.correct_person, **_wrong_birth(by))),
    Doing("fracture.place", lambda by: partial(placing.place, **_misplaced(by))),
    Doing(
        "fracture.as_told",
        lambda by: partial(placing.as_told, fracture=placing.place(**_misplaced(by), by=by)),
    ),
    Doing("person.keep_ours", lambda by: partial(correcting.keep_ours, correction=ww.contradicted(by))),
    Doing("person.take_theirs", lambda by: partial(correcting.take_theirs, correction=ww.contradicted(by))),
    Doing(
        "person.flag",
        lambda by: partial(
            flagging.set_flag,
            person=world.found(by.service).person,
            kind=PersonFlag.Kind.NO_CONTACT,
            words="Her letter",
        ),
    ),
    Doing("person.unflag", lambda by: partial(flagging.end_flag, flag=_flag(by), words="She rang")),
    Doing("task.end", lambda by: partial(ending_tasks.end, task=_scan(by))),
    Doing("feed.take_in", _take_in),
    Doing(
        "passed_over.judge",
        lambda by: partial(
            auditing.judge, passed=world.passed_over(by.service), there_is=True, site=Site.HIP
        ),
    ),
    Doing("passed_over.take_back", lambda by: partial(auditing.take_back, passed=_judged(by))),
    Doing("identity.this_person", _this_person),
    Doing("identity.somebody_else", lambda by: partial(deciding.somebody_else, row=ww.doubtful(by))),
    Doing(
        "identity.leave_out", lambda by: partial(deciding.leave_out, row=ww.doubtful(by), reason="A test row")
    ),
    Doing("identity.undo", lambda by: partial(deciding.undo, decision=ww.decision(by))),
    Doing(
        "identity.same_person",
        lambda by: partial(merging.same_person, words="One passport", **_two(by, "keep", "gone")),
    ),
    Doing(
        "identity.not_same", lambda by: partial(merging.not_same, words="Twins", **_two(by, "one", "other"))
    ),
    Doing(
        "identity.split",
        lambda by: partial(splitting.split, merged=ww.put_together(by), belongs={}, words="Two passports"),
    ),
    Doing(
        "feed.put_forward",
        lambda by: partial(bringing_back.put_forward, row=ww.left_out(by), reason="It was the wrist"),
    ),
    Doing("fracture.tell", lambda by: partial(tell, told=TOLD, person=world.found(by.service).person)),
    Doing(
        "identity.number",
        lambda by: partial(add_number, person=_unnumbered(by), number=world.nhs_number(), how="Traced"),
    ),
    Doing(
        "identity.no_number",
        lambda by: partial(drop_number, person=world.found(by.service).person, reason="Her sister’s"),
    ),
    Doing(
        "service.figures",
        lambda by: partial(set_figures, caseload=350, population=None, source="Coded last year"),
    ),
    Doing("fracture.untell", lambda by: partial(untell, row=row_by_hand(by), reason="Another patient")),
    Doing(
        "guideline.propose",
        lambda by: partial(
            guiding.propose, after=aw.by_nogg(by.service), reason="The region", wanted_from=world.TODAY
        ),
    ),
    Doing(
        "guideline.count",
        lambda by: partial(guiding.keep_count, change=aw.proposed(by), moved=(), seen=0, last=None, in_all=0),
    ),
    Doing("guideline.count_again", lambda by: partial(guiding.count_again, change=aw.counted(by))),
    Doing("guideline.approve", lambda by: partial(guiding.approve, change=aw.counted(by))),
    Doing("guideline.refuse", lambda by: partial(guiding.refuse, change=aw.counted(by), reason="Not now")),
    Doing("questionnaire.invite", lambda by: partial(asking.invite, episode=world.confirmed(by))),
    Doing("questionnaire.revoke", lambda by: partial(asking.revoke, questionnaire=aw.open_one(by))),
    Doing("questionnaire.reopen", lambda by: partial(asking.reopen, questionnaire=aw.sent(by))),
    Doing("questionnaire.seen", lambda by: partial(asking.seen, questionnaire=aw.looked_through(by))),
    Doing(
        "questionnaire.knock",
        lambda by: partial(asking.knock, questionnaire=aw.open_one(by), birth_date=date(1950, 3, 1)),
    ),
    Doing(
        "questionnaire.answer",
        lambda by: partial(asking.answer, questionnaire=aw.open_one(by), answers={"care_home": True}),
    ),
    Doing("questionnaire.send", lambda by: partial(asking.send, questionnaire=aw.open_one(by))),
    Doing("labcode.map", lambda by: partial(mapping.map_code, **rw.own_code(by.service))),
    Doing("labcode.end", lambda by: partial(mapping.end, lab_code=rw.mapped(by.service))),
    Doing("told.accept", lambda by: partial(telling.accept, **_told(by))),
    Doing("told.reject", lambda by: partial(telling.reject, **_told(by))),
    Doing(
        "told.accept_all",
        lambda by: partial(
            telling.accept_all, episode=(given := _told(by))["episode"], seen=[given["told"].pk]
        ),
    ),
    Doing("service.find_from", lambda by: partial(history.find_from, day=_old_and_found(by))),
    Doing("feed.save_source", lambda by: partial(sources.save_source, name="ed", columns=ww.COLUMNS)),
    Doing("feed.forget_source", lambda by: partial(sources.forget_source, source=ww.source(by))),
    Doing("upload.keep", lambda by: partial(uploads.keep, name="ed.csv", data=ww.CSV)),
    Doing(
        "upload.choose",
        lambda by: partial(uploads.choose, upload=ww.upload(by), columns=ww.COLUMNS, source_name="ed"),
    ),
    Doing("upload.load", lambda by: partial(long_loading.begin, upload=ww.upload(by))),
    Doing("upload.stop", lambda by: partial(long_loading.stop, loading=ww.loading(by))),
    Doing("upload.go_on", lambda by: partial(long_loading.go_on, loading=ww.stopped(by))),
    Doing("upload.discard", lambda by: partial(uploads.discard, upload=ww.upload(by))),
    Doing("codes.add_list", lambda by: partial(codelists.add_list, title="Ours", data=ww.LIST)),
    Doing("codes.activate", lambda by: partial(codelists.activate, code_list=ww.code_list(by))),
    Doing("codes.deactivate", lambda by: partial(codelists.deactivate, code_list=_in_use(by))),
    *(Doing(name, ready) for name, ready in quality_world.ACTS),
    Doing("person.opt_out", quality_world.opting_out),
    *(Doing(name, ready) for name, ready in (*training_world.BY_LEARNERS, *training_world.BY_SUPERVISORS)),
)
DOINGS += tuple(Doing(name, ready) for name, ready in connected.DOINGS.items())
DOINGS += tuple(Doing(name, ready) for name, ready in auditing_world.DOINGS.items())
DOINGS += tuple(Doing(name, ready) for name, ready in access_world.DOINGS.items())


def _in_use(by: Actor) -> CodeList:
    return codelists.activate(code_list=ww.code_list(by), by=by)


def _two(by: Actor, first: str, second: str) -> dict[str, Person]:
    kept, gone = ww.two_people(by)
    world.deliver(by.service, world.report(kept), world.report(gone))
    return {first: ww.person_of(by.service, kept), second: ww.person_of(by.service, gone)}


def _wrong_birth(by: Actor) -> dict[str, object]:
    person = world.confirmed(by).person
    right = replace(correcting.corrected_of(person), birth_date=date(1951, 3, 1))
    return {"person": person, "corrected": right, "reason": "Her passport says so"}


def _misplaced(by: Actor) -> dict[str, Any]:
    fracture = world.found(by.service).index_fracture
    placed = replace(placing.placed_of(fracture), side=Side.RIGHT)
    return {"fracture": fracture, "placed": placed, "reason": "The film shows the right wrist"}


def _old_and_found(by: Actor) -> date:
    return world.found(by.service).index_date + timedelta(days=1)


def _flag(by: Actor) -> PersonFlag:
    person = world.found(by.service).person
    return flagging.set_flag(person=person, kind=PersonFlag.Kind.NO_CONTACT, words="Her letter", by=by)


def _waits_for_a_prescriber(by: Actor) -> dict[str, object]:
    agreed = replace(world.AGREED, signing=PlanDetail.Signing.PRESCRIBER)
    episode = world.planned(world.member(by.service, Role.CO_ORDINATOR, "planner"), agreed=agreed)
    return {"episode": episode, "plan": episode.plans.get()}


def _treated(by: Actor) -> dict[str, object]:
    episode = world.planned(by)
    first = world.TODAY - timedelta(days=5)
    return {
        "episode": episode,
        "treatment": treating.start(episode=episode, drug="denosumab", started_on=first, by=by),
    }


def closed_day(by: Actor) -> ClinicAbsence:
    """A day on which there is no clinic."""
    return clinics.add_absence(absent=_CLOSED, by=by)


def _to_call(by: Actor) -> Episode:
    return world.planned(by, on=world.TODAY - timedelta(days=100))


def _chosen(by: Actor) -> Episode:
    episode = _to_call(by)
    clinics.choose(episode=episode, slot="week_16", on=world.TODAY, by=by)
    return episode


def _calendar(by: Actor) -> CalendarFeed:
    clinics.make_calendar(by=by)
    return CalendarFeed.objects.get(user=by.user, revoked_at=None)


def _told_of_course(by: Actor) -> dict[str, Any]:
    treated = _treated(by)
    return {"episode": treated["episode"], "entry": treated["treatment"].entries.get()}


def _alert(by: Actor) -> Alert:
    episode = world.confirmed(by)
    assessing.answer(episode=episode, answers={"adjusted_calcium_mmol_l": 2.9}, by=by)
    return Alert.objects.get(episode=episode, rule="CA-HIGH")


def _overridden(by: Actor) -> Alert:
    colleague = world.member(by.service, Role.CO_ORDINATOR, "decider")
    return alerting.decide(
        alert=_alert(by), decision=Alert.Decision.OVERRIDDEN, reason="Weighed", by=colleague
    )


def _scan(by: Actor) -> Task:
    return world.planned(by).tasks.get(kind="dxa_result")


def _judged(by: Actor) -> PassedOver:
    passed = world.passed_over(by.service)
    auditing.judge(passed=passed, there_is=False, by=by)
    return passed


def _answered(by: Actor) -> Episode:
    episode = world.confirmed(by)
    assessing.answer(episode=episode, answers={"falls_last_year": 1}, by=by)
    return episode
