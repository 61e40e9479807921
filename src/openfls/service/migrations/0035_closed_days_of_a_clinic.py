"""A clinic's closed days and leave, assessments among its places, and appointments of every kind put on a day."""

from datetime import date

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = [
    ("week_16", "16-week review"),
    ("week_52", "52-week review"),
    ("treatment", "Treatment"),
    ("assess", "Assessment"),
]


def move_closed_days(apps, _schema):
    """The closed days of the hours that hold become rows of their own."""
    hours = apps.get_model("service", "ClinicHours")
    absence = apps.get_model("service", "ClinicAbsence")
    newest = {row.service_id: row for row in hours.objects.order_by("pk")}
    for row in newest.values():
        absence.objects.bulk_create(
            absence(
                service_id=row.service_id,
                kind="closed",
                first_on=date.fromisoformat(day),
                last_on=date.fromisoformat(day),
                words="Closed day",
                at=row.at,
                by_id=row.by_id,
            )
            for day in row.closed
        )


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0034_practice_rooms_are_cleared"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinichours",
            name="assess_places",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="clinichours",
            name="assess_minutes",
            field=models.PositiveSmallIntegerField(default=60),
        ),
        migrations.AddField(
            model_name="clinichours",
            name="bank_holidays",
            field=models.BooleanField(default=True, help_text="No clinic on the bank holidays of England."),
        ),
        migrations.AlterField(
            model_name="clinicdaychosen",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=10),
        ),
        migrations.CreateModel(
            name="ClinicAbsence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("closed", "No clinic"),
                            ("away", "Somebody is away"),
                            ("open", "A clinic although it is a bank holiday"),
                        ],
                        max_length=10,
                    ),
                ),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("words", models.CharField(max_length=100)),
                ("fewer", models.PositiveSmallIntegerField(default=0)),
                ("fewer_assess", models.PositiveSmallIntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="service.service"),
                ),
                (
                    "taken_back_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "clinic_absence",
                "ordering": ("first_on", "id"),
                "indexes": [
                    models.Index(fields=["service", "last_on"], name="clinic_abse_service_0eeb63_idx")
                ],
            },
        ),
        migrations.RunPython(move_closed_days, migrations.RunPython.noop),
    ]
