"""A record can tell of several fractures: what tells of what is a table of its own."""

import django.db.models.deletion
from django.db import migrations, models


def carry_over(apps, schema_editor):
    record = apps.get_model("service", "SourceRecord")
    tells_of = apps.get_model("service", "TellsOf")
    pairs = record.objects.exclude(fracture=None).values_list("pk", "fracture_id")
    tells_of.objects.bulk_create(
        (tells_of(record_id=key, fracture_id=fracture) for key, fracture in pairs.iterator(2000)),
        batch_size=2000,
    )


class Migration(migrations.Migration):
    dependencies = [("service", "0012_toolkit_cases")]

    operations = [
        migrations.CreateModel(
            name="TellsOf",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "fracture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="service.fracture"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="service.sourcerecord",
                    ),
                ),
            ],
            options={"db_table": "tells_of"},
        ),
        migrations.AddConstraint(
            model_name="tellsof",
            constraint=models.UniqueConstraint(
                fields=("record", "fracture"), name="a_record_tells_of_a_fracture_once"
            ),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
