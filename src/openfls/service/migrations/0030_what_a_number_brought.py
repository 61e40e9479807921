import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0029_jobs_and_signs_of_life"),
    ]

    operations = [
        migrations.CreateModel(
            name="Brought",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reading",
                    models.JSONField(
                        help_text="The result or notice; empty for a report, whose own record keeps it.",
                        null=True,
                    ),
                ),
                (
                    "told_at",
                    models.DateTimeField(help_text="When it came: before, where it was set aside at first."),
                ),
                ("at", models.DateTimeField(help_text="When it was brought to this person.")),
                (
                    "numbers",
                    models.JSONField(default=list, help_text="Pairs of system and value that it added."),
                ),
                (
                    "before",
                    models.JSONField(default=dict, help_text="The details that it changed, as they stood."),
                ),
                ("after", models.JSONField(default=dict, help_text="The same as it told them.")),
                (
                    "contradicted",
                    models.JSONField(
                        default=list, help_text="Corrections that it contradicts, with what was told before."
                    ),
                ),
                ("promised", models.JSONField(default=dict, help_text="Tasks that it made or moved.")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="brought",
                        to="service.person",
                    ),
                ),
                (
                    "row",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="brought",
                        to="service.feedrow",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="service.service"),
                ),
            ],
            options={"db_table": "brought"},
        ),
        migrations.CreateModel(
            name="SaidOther",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record", models.CharField(max_length=400)),
                ("kind", models.CharField(max_length=20)),
                ("version", models.CharField(max_length=60)),
                ("position", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="service.delivery",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="service.service"),
                ),
            ],
            options={
                "db_table": "said_other",
                "constraints": [
                    models.UniqueConstraint(fields=("service", "record"), name="a_record_is_remembered_once")
                ],
            },
        ),
    ]
