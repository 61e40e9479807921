"""Each installation has a key of its own, which its backups bear."""

from django.db import migrations, models

import openfls.service.models.installation


def give_a_key(apps, schema_editor):
    apps.get_model("service", "Installation").objects.create()


class Migration(migrations.Migration):
    dependencies = [("service", "0042_which_recording_told_of_a_sending")]

    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        default=openfls.service.models.installation.new_key, max_length=32, unique=True
                    ),
                ),
            ],
            options={"db_table": "installation"},
        ),
        migrations.RunPython(give_a_key, migrations.RunPython.noop, elidable=True),
    ]
