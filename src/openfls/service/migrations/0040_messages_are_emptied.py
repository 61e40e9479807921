"""The words of old messages are removed; what a removed report brought keeps the numbers by which it came."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0039_open_tasks_of_a_kind"),
    ]

    operations = [
        migrations.AddField(
            model_name="brought",
            name="named",
            field=models.JSONField(
                help_text="Of a report that was removed since (it told of no fracture, and its time was over): the numbers "
                "by which it named her, and whether it told of her death. Empty of what still says it itself.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="inboxmessage",
            name="emptied_at",
            field=models.DateTimeField(help_text="When its words were removed: its time was over.", null=True),
        ),
        migrations.AddIndex(
            model_name="inboxmessage",
            index=models.Index(
                condition=models.Q(("emptied_at", None), ("processed_at__isnull", False)),
                fields=["service", "processed_at"],
                name="inbox_to_empty",
            ),
        ),
    ]
