"""Open tasks are counted by their kind from an index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0038_changes_are_taken_away"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("cancelled_at", None), ("done_at", None)),
                fields=["service", "kind", "due"],
                name="open_tasks_of_a_kind",
            ),
        ),
    ]
