"""What a laboratory means by its own codes, and the results that came under them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0025_clinic_days"),
    ]

    operations = [
        migrations.CreateModel(
            name="LabCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("teller", models.CharField(help_text="The sender, as it names itself.", max_length=100)),
                ("code", models.CharField(max_length=100)),
                ("name", models.CharField(blank=True, max_length=100)),
                ("unit", models.CharField(blank=True, help_text="As it was sent.", max_length=100)),
                ("field", models.CharField(blank=True, max_length=60)),
                ("as_unit", models.CharField(blank=True, max_length=60)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lab_codes",
                        to="service.service",
                    ),
                ),
            ],
            options={
                "db_table": "lab_code",
                "ordering": ("teller", "code", "pk"),
            },
        ),
        migrations.CreateModel(
            name="HeldResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("teller", models.CharField(max_length=100)),
                ("code", models.CharField(max_length=100)),
                ("unit", models.CharField(blank=True, max_length=100)),
                ("reading", models.JSONField()),
                (
                    "row",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="held_result",
                        to="service.feedrow",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="service.service"),
                ),
                (
                    "lab_code",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="service.labcode",
                    ),
                ),
            ],
            options={
                "db_table": "held_result",
            },
        ),
        migrations.AddConstraint(
            model_name="labcode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("service", "teller", "code", "unit"),
                name="a_code_has_one_meaning",
            ),
        ),
        migrations.AddIndex(
            model_name="heldresult",
            index=models.Index(fields=["service", "teller", "code", "unit"], name="held_by_code"),
        ),
    ]
