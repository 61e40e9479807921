"""People and the numbers that hospitals know them by."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.functions import Lower, Replace

from openfls.record.people import NHS_NUMBER, Demographics, Identifier, Sex
from openfls.service.folding import folded
from openfls.service.models.choices import choices
from openfls.service.models.staff import Service


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a person as a page shows it."""

    label: str
    value: str
    valid: bool
    checked: bool = True

    @property
    def fault(self) -> str:
        """Why a number that is not valid is never matched on."""
        return "Taken away, or also somebody else’s" if self.checked else "Fails its check"

    @property
    def is_nhs(self) -> bool:
        """Whether it is an NHS number, right or wrong."""
        return self.label == "NHS number"


def _is_nhs(system: str) -> bool:
    return system.startswith(NHS_NUMBER)


class Person(models.Model):
    """A person as one service knows them. The key is random, so that an address tells nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="people")
    family_name = models.CharField(max_length=200, blank=True)
    given_name = models.CharField(max_length=200, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=10, choices=choices(Sex), default=Sex.UNKNOWN)
    deceased = models.BooleanField(default=False)
    deceased_on = models.DateField(null=True, blank=True)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    telephone = models.CharField(max_length=60, blank=True)
    general_practice = models.CharField(max_length=200, blank=True)
    told_version = models.CharField(
        max_length=14, blank=True, help_text="Version of the newest record that told who it is, as digits."
    )

    folded_name = models.CharField(
        max_length=800,
        blank=True,
        editable=False,
        help_text="Family and given name as they are searched for.",
    )

    class Meta:
        db_table = "person"
        indexes = (
            models.Index(fields=["service", "folded_name"], name="people_by_folded_name"),
            models.Index(fields=["service", "family_name", "given_name"]),
            models.Index(fields=["service", "birth_date"]),
        )

    def save(self, *args: Any, **options: Any) -> None:
        """Keep the row, its name for the search with it."""
        self.fold_name()
        changed = options.get("update_fields")
        if changed is not None and {"family_name", "given_name"} & set(changed):
            options["update_fields"] = {*changed, "folded_name"}
        super().save(*args, **options)

    def fold_name(self) -> None:
        """Bring the name that is searched for in line with the name; for those who save many at once."""
        self.folded_name = folded(f"{self.family_name}\n{self.given_name}")[:800]

    @property
    def name(self) -> str:
        """Family name in capitals, then the given name, as NHS banners write it."""
        given = self.given_name.title() if self.given_name.isupper() else self.given_name
        return ", ".join(part for part in (self.family_name.upper(), given) if part) or "Name not known"

    @property
    def standing_flags(self) -> list[Any]:
        """The flags that stand (`PersonFlag`), for a list where they are fetched beforehand."""
        return [flag for flag in self.flags.all() if flag.ended_at is None]

    @property
    def numbers(self) -> list[Number]:
        """The numbers to show, each once, the NHS number first."""
        shown = {
            row.value: Number(
                "NHS number" if _is_nhs(row.system) else "Hospital number",
                row.value,
                row.valid,
                checked=row.system == NHS_NUMBER or not _is_nhs(row.system),
            )
            for row in self.identifiers.all()
        }
        return sorted(shown.values(), key=lambda number: (not number.is_nhs, number.value))

    def demographics(self, numbers: Iterable[Identifier] | None = None) -> Demographics:
        """This row as the value that the clinical rooms understand; its ``numbers`` where they are at hand."""
        if numbers is None:
            numbers = (Identifier(row.system, row.value) for row in self.identifiers.all())
        return Demographics(
            identifiers=tuple(numbers),
            family_name=self.family_name,
            given_name=self.given_name,
            birth_date=self.birth_date,
            sex=Sex(self.sex),
            deceased=self.deceased,
            deceased_on=self.deceased_on,
            address=self.address,
            postcode=self.postcode,
            telephone=self.telephone,
            general_practice=self.general_practice,
        )


class PersonIdentifier(models.Model):
    """A number of a person. One that fails its check digit is kept and shown, and never matched on."""

    service = models.ForeignKey(Service, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="identifiers")
    system = models.CharField(max_length=200)
    value = models.CharField(max_length=100)
    valid = models.BooleanField(default=True)
    plain = models.GeneratedField(
        expression=Lower(Replace("value", models.Value(" "), models.Value(""))),
        output_field=models.CharField(max_length=100),
        db_persist=True,
    )

    class Meta:
        db_table = "person_identifier"
        indexes = (models.Index(fields=["service", "plain"], name="numbers_as_searched"),)
        constraints = (
            models.UniqueConstraint(
                fields=["service", "system", "value"],
                condition=models.Q(valid=True),
                name="a_valid_number_is_one_person",
            ),
            models.UniqueConstraint(fields=["person", "system", "value"], name="a_number_once_per_person"),
        )
