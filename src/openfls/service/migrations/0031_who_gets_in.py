"""Invitations, ends of roles, what a sign-in must show, records opened in an emergency."""

from __future__ import annotations

import django.db.models.deletion
import openfls.service.clock
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0030_what_a_number_brought"),
    ]

    operations = [
        migrations.CreateModel(
            name="Counted",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "openfls_cache",
            },
        ),
        migrations.AddField(
            model_name="membership",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="ends_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="membership",
            name="given_at",
            field=models.DateTimeField(default=openfls.service.clock.now, null=True),
        ),
        migrations.AddField(
            model_name="membership",
            name="handed_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="factor_asked_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When a second factor was first asked of somebody who had none.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("co_ordinator", "FLS co-ordinator"),
                    ("clinician", "Lead clinician"),
                    ("manager", "Service manager"),
                    ("viewer", "Viewer (read only)"),
                    ("trainee", "Trainee (fictional people only)"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="AccessRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "second_factor",
                    models.CharField(
                        choices=[
                            ("all", "Everybody"),
                            ("some", "Prescribers and managers"),
                            ("nobody", "Nobody"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
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
                    "service",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="access_rules",
                        to="service.service",
                    ),
                ),
            ],
            options={
                "db_table": "access_rules",
            },
        ),
        migrations.CreateModel(
            name="EmergencyAccess",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("at_risk", "The person may come to harm if I do not know what stands there"),
                            ("in_front", "The person is with me or on the telephone, and needs care now"),
                            ("asked", "Another clinician who treats the person now asks urgently"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", models.TextField(max_length=1000)),
                ("begun_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_order", "In order: there was a need"),
                            ("asked", "Asked about, and explained"),
                            ("reported", "No need can be seen: reported as a breach"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reviewed_words", models.TextField(blank=True, max_length=1000)),
                ("reviewed_at", models.DateTimeField(null=True)),
                (
                    "from_service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="service.service"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="service.person"
                    ),
                ),
                (
                    "reviewed_by",
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
                        related_name="emergencies",
                        to="service.service",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "emergency_access",
                "ordering": ("-begun_at",),
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("given_name", models.CharField(blank=True, max_length=150)),
                ("family_name", models.CharField(blank=True, max_length=150)),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("co_ordinator", "FLS co-ordinator"),
                            ("clinician", "Lead clinician"),
                            ("manager", "Service manager"),
                            ("viewer", "Viewer (read only)"),
                            ("trainee", "Trainee (fictional people only)"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "last_day",
                    models.DateField(
                        help_text="The last day of the role, where it is known already.", null=True
                    ),
                ),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("mailed", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="service.service",
                    ),
                ),
                (
                    "used_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "invitation",
                "ordering": ("-made_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="RoleReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("co_ordinator", "FLS co-ordinator"),
                            ("clinician", "Lead clinician"),
                            ("manager", "Service manager"),
                            ("viewer", "Viewer (read only)"),
                            ("trainee", "Trainee (fictional people only)"),
                        ],
                        max_length=20,
                    ),
                ),
                ("kept", models.BooleanField()),
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="role_reviews",
                        to="service.service",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "role_review",
                "ordering": ("at", "id"),
            },
        ),
    ]
