"""The named fields that wording may use, each computed from a `LetterContext`.

Flags are fields too: ``yes`` or missing, for ``{?flag}`` and ``{!flag}``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from openfls.information.context import AdviceLine, FollowUp, LetterContext, RiskResult
from openfls.information.phrases import spaced_nhs_number, uk_date
from openfls.information.template import Value
from openfls.information.words import drug_words, said, say
from openfls.record.advice import Confidence


def _yes(condition: object) -> str:
    return "yes" if condition else ""


def _risk(risk: RiskResult, language: str) -> str:
    return f"{risk.tool}: {_dated(risk, language)}"


def _dated(risk: RiskResult, language: str) -> str:
    return risk.result + (f" ({uk_date(risk.on, language)})" if risk.on else "")


def _advice(line: AdviceLine, language: str) -> str:
    again = say("lists.again", language)
    marks = [line.source] if line.source else []
    if line.confidence is not Confidence.CHECKED:
        marks.append(f"{line.confidence}{again}{say('missing.source', language)}")
    return f"{line.text} ({again.join(marks)})" if marks else line.text


def _follow_up(promise: FollowUp, language: str) -> str:
    return f"{promise.label}: {uk_date(promise.on, language) or say('missing.date', language)}"


def _dental(context: LetterContext) -> tuple[str, ...]:
    return (f"dental_{context.plan.dental}",) if context.plan.dental else ()


def _talked_about(context: LetterContext) -> str:
    """Medicines, then what else, then teeth, in one line for the GP."""
    plan, language = context.plan, context.language
    medicines = (drug_words(key, language) for key in plan.offered)
    groups = (medicines, said("talked", plan.talked, language), said("talked", _dental(context), language))
    return say("lists.again", language).join(filter(None, (", ".join(group) for group in groups)))


def _disclaimers(context: LetterContext) -> tuple[str, ...]:
    """Each disclaimer once, in the order of the results."""
    return tuple(dict.fromkeys(risk.disclaimer for risk in context.risks if risk.disclaimer))


def _next_date(context: LetterContext) -> str:
    return uk_date(
        min((promise.on for promise in context.follow_ups if promise.on), default=None), context.language
    )


_FIELDS: dict[str, Callable[[LetterContext], Value]] = {
    "date": lambda c: uk_date(c.on, c.language),
    "language": lambda c: c.language,
    "reference": lambda c: c.reference,
    "service_name": lambda c: c.service.name,
    "service_address": lambda c: c.service.address,
    "service_address_line": lambda c: ", ".join(c.service.address),
    "service_phone": lambda c: c.service.phone,
    "service_email": lambda c: c.service.email,
    "service_hours": lambda c: c.service.hours,
    "letterhead": lambda c: c.service.letterhead,
    "signature_lines": lambda c: c.service.signature_lines,
    "person_name": lambda c: c.person.name,
    "person_salutation": lambda c: c.person.salutation or c.person.name,
    "person_address": lambda c: c.person.address,
    "person_address_line": lambda c: ", ".join(c.person.address),
    "person_phone": lambda c: c.person.phone,
    "birth_date": lambda c: uk_date(c.person.birth_date, c.language),
    "nhs_number": lambda c: spaced_nhs_number(c.person.nhs_number),
    "hospital_number": lambda c: c.person.hospital_number,
    "deceased": lambda c: _yes(c.person.deceased),
    "may_write_to_person": lambda c: _yes(not c.person.deceased and not c.person.do_not_contact),
    "gp_name": lambda c: c.gp.contact,
    "practice_name": lambda c: c.gp.name,
    "practice_address": lambda c: c.gp.address,
    "clinician_name": lambda c: c.sign_off.name if c.sign_off else "",
    "clinician_role": lambda c: c.sign_off.role if c.sign_off else "",
    "fractures": lambda c: tuple(
        f"{bone.words}, {uk_date(bone.on, c.language) or say('missing.date', c.language)}"
        for bone in c.fractures
    ),
    "fracture_sites": lambda c: tuple(dict.fromkeys(bone.words for bone in c.fractures)),
    "bones_for_person": lambda c: tuple(
        dict.fromkeys(
            bone.for_person or say("bones.own", c.language, words=bone.words) for bone in c.fractures
        )
    ),
    "fracture_date": lambda c: uk_date(c.fractures[0].on, c.language) if len(c.fractures) == 1 else "",
    "one_fracture": lambda c: _yes(len(c.fractures) == 1),
    "several_fractures": lambda c: _yes(len(c.fractures) > 1),
    "findings": lambda c: tuple(
        f"{label}: {value or say('missing.value', c.language)}" for label, value in c.findings
    ),
    "findings_for_person": lambda c: c.findings_for_person,
    "risks": lambda c: tuple(_risk(risk, c.language) for risk in c.risks),
    "risk_disclaimers": _disclaimers,
    "advice": lambda c: tuple(_advice(line, c.language) for line in c.advice),
    "advice_for_person": lambda c: c.advice_for_person,
    "drug": lambda c: drug_words(c.plan.drug, c.language),
    "offered": lambda c: ", ".join(drug_words(key, c.language) for key in c.plan.offered),
    "what_matters": lambda c: c.plan.what_matters,
    "talked_about": _talked_about,
    "talked_for_person": lambda c: said("talked_for_person", c.plan.talked, c.language),
    "dental_for_person": lambda c: "".join(said("talked_for_person", _dental(c), c.language)),
    "come_back_date": lambda c: uk_date(c.plan.come_back_on, c.language),
    "drug_reason": lambda c: c.plan.reason,
    "drug_reason_for_person": lambda c: c.plan.reason_for_person,
    "given_by_service": lambda c: _yes(c.plan.given_by_service),
    "prescriber_open": lambda c: _yes(c.plan.prescriber_open),
    "no_drug": lambda c: c.plan.no_drug,
    "drug_declined": lambda c: c.plan.declined,
    "declined_reason": lambda c: c.plan.declined_reason,
    "calcium_vitamin_d": lambda c: c.plan.calcium_vitamin_d,
    "gp_actions": lambda c: c.plan.gp_actions,
    "falls_referral": lambda c: _yes(c.falls_referral),
    "falls_team": lambda c: c.falls_referral.to.name if c.falls_referral else "",
    "falls_team_contact": lambda c: c.falls_referral.to.contact if c.falls_referral else "",
    "falls_team_address": lambda c: c.falls_referral.to.address if c.falls_referral else (),
    "falls_referral_date": lambda c: uk_date(c.falls_referral.on, c.language) if c.falls_referral else "",
    "falls_reasons": lambda c: c.falls_referral.reasons if c.falls_referral else (),
    "dxa_request": lambda c: _yes(c.dxa_request),
    "dxa_department": lambda c: c.dxa_request.to.name if c.dxa_request else "",
    "dxa_contact": lambda c: c.dxa_request.to.contact if c.dxa_request else "",
    "dxa_address": lambda c: c.dxa_request.to.address if c.dxa_request else (),
    "dxa_request_date": lambda c: uk_date(c.dxa_request.on, c.language) if c.dxa_request else "",
    "dxa_reasons": lambda c: c.dxa_request.reasons if c.dxa_request else (),
    "specialist_referral": lambda c: _yes(c.specialist_referral),
    "specialist": lambda c: c.specialist_referral.to.name if c.specialist_referral else "",
    "specialist_contact": lambda c: c.specialist_referral.to.contact if c.specialist_referral else "",
    "specialist_address": lambda c: c.specialist_referral.to.address if c.specialist_referral else (),
    "specialist_referral_date": lambda c: (
        uk_date(c.specialist_referral.on, c.language) if c.specialist_referral else ""
    ),
    "specialist_reasons": lambda c: c.specialist_referral.reasons if c.specialist_referral else (),
    "scan_result": lambda c: c.scan_result,
    "follow_ups": lambda c: tuple(_follow_up(promise, c.language) for promise in c.follow_ups),
    "next_contact_date": _next_date,
    "appointment": lambda c: _yes(c.appointment),
    "appointment_date": lambda c: uk_date(c.appointment.on, c.language) if c.appointment else "",
    "appointment_time": lambda c: c.appointment.at if c.appointment else "",
    "appointment_place": lambda c: c.appointment.place if c.appointment else "",
    "appointment_how": lambda c: c.appointment.how if c.appointment else "",
    "attempts": lambda c: tuple(uk_date(day, c.language) for day in c.attempts),
}

FIELD_NAMES: frozenset[str] = frozenset(_FIELDS)
"""Every name that wording may put in braces."""

PAIR_FIELDS: dict[str, Callable[[LetterContext], tuple[tuple[str, str], ...]]] = {
    "findings": lambda c: tuple(
        (label, value or say("missing.value", c.language)) for label, value in c.findings
    ),
    "risks": lambda c: tuple((risk.tool, _dated(risk, c.language)) for risk in c.risks),
}
"""Fields that fill the rows of a table, as (label, value)."""


def field_values(context: LetterContext) -> Mapping[str, Value]:
    """Every field of ``context`` by name; blank entries are dropped, so that blank and missing are one."""
    values: dict[str, Value] = {}
    for name, compute in _FIELDS.items():
        value = compute(context)
        values[name] = (
            value.strip() if isinstance(value, str) else tuple(part.strip() for part in value if part.strip())
        )
    return values
