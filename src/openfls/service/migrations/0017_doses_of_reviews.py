"""Which review told of a dose, so that its undo takes the dose back."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("service", "0016_letters_and_batches")]

    operations = [
        migrations.AddField(
            model_name="dose",
            name="known_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="service.review",
            ),
        ),
    ]
