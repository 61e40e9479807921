"""The days of a clinic, reviews put on a day by hand, and the secret addresses of calendars."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0024_rows_by_version"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("read_on", models.DateField(help_text="The last day on which it was read.", null=True)),
                (
                    "service",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="service.service"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_feeds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "calendar_feed",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="ClinicHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("places", models.JSONField()),
                ("starts", models.JSONField()),
                ("closed", models.JSONField(default=list)),
                ("minutes", models.PositiveSmallIntegerField(default=30)),
                ("at", models.DateTimeField()),
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
            ],
            options={
                "db_table": "clinic_hours",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="ClinicDayChosen",
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
                        choices=[("week_16", "16-week review"), ("week_52", "52-week review")], max_length=10
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("taken_back", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clinic_days",
                        to="service.episode",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="service.service"),
                ),
            ],
            options={
                "db_table": "clinic_day_chosen",
                "ordering": ("id",),
                "indexes": [models.Index(fields=["service", "on"], name="clinic_day__service_7acda2_idx")],
            },
        ),
    ]
