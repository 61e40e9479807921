"""Indexes without which a count grew with everything that a service has ever put away."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0035_closed_days_of_a_clinic"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(
                condition=models.Q(("history", True)),
                fields=["service", "state"],
                name="episodes_of_history",
            ),
        ),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(
                condition=models.Q(("incidental", ""), _negated=True),
                fields=["service", "state"],
                name="episodes_by_chance",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("approved_at__isnull", True)),
                fields=["service", "written_at"],
                name="letters_to_approve",
            ),
        ),
    ]
