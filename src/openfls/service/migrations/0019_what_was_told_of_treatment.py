"""What was told of a course, entry by entry, so that a wrong one can be taken back; how bad the cause of an alert was."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("service", "0018_answers_of_one_scan")]

    operations = [
        migrations.AddField("alert", "base_key", models.CharField(blank=True, max_length=64)),
        migrations.AddField("alert", "levels", models.JSONField(default=list)),
        migrations.AddField("treatment", "follow_on_due", models.DateField(null=True)),
        migrations.CreateModel(
            name="TreatmentEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("start", "Begun"),
                            ("dose", "A dose was given"),
                            ("review", "Reviewed, and goes on"),
                            ("stop", "Stopped or paused"),
                            ("follow_on", "What follows is planned"),
                        ],
                        max_length=10,
                    ),
                ),
                ("on", models.DateField(help_text="The day it is about.")),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("paused", models.BooleanField(default=False)),
                ("follow_on", models.CharField(blank=True, max_length=40)),
                ("follow_on_due", models.DateField(null=True)),
                ("at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("taken_back_why", models.CharField(blank=True, max_length=300)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "known_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="service.review",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="service.treatmententry",
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
                (
                    "treatment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="service.treatment",
                    ),
                ),
            ],
            options={"db_table": "treatment_entry", "ordering": ("id",)},
        ),
    ]
