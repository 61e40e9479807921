"""When somebody was last at work in the room of a practice, and when it was emptied."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("service", "0033_stuck_episodes")]

    operations = [
        migrations.AddField(
            model_name="practice",
            name="touched_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="practice",
            name="cleared_at",
            field=models.DateTimeField(null=True),
        ),
    ]
