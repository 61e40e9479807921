from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("service", "0013_records_of_several_fractures")]

    operations = [
        migrations.RemoveField(model_name="sourcerecord", name="fracture"),
        migrations.AddField(
            model_name="sourcerecord",
            name="fractures",
            field=models.ManyToManyField(
                related_name="source_records", through="service.TellsOf", to="service.fracture"
            ),
        ),
    ]
