"""That a letter was sent knows the batch's recording that told of it, and a batch may be printed again on purpose.

Of rows that are there already it is not known: they are not taken back with a batch, only letter by letter.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("service", "0041_addresses_that_nobody_confirmed")]

    operations = [
        migrations.AlterField(
            model_name="letterrun",
            name="kind",
            field=models.CharField(
                choices=[
                    ("print", "Making the file for the printer"),
                    ("reprint", "Making the file once more, with letters that are sent already"),
                    ("send", "Recording the letters as sent"),
                    ("unsend", "Taking back that they were sent"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="lettersent",
            name="run",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="sendings",
                to="service.letterrun",
            ),
        ),
    ]
