"""Which fractures a night or a rebuilding could not get through."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0032_addresses_of_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Stuck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("work", models.CharField(help_text="night or audit_row.", max_length=20)),
                ("fault", models.CharField(max_length=60)),
                ("since", models.DateTimeField()),
                ("tried_at", models.DateTimeField()),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stuck",
                        to="service.episode",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stuck",
                        to="service.service",
                    ),
                ),
            ],
            options={"db_table": "stuck_episode"},
        ),
        migrations.AddConstraint(
            model_name="stuck",
            constraint=models.UniqueConstraint(fields=("episode", "work"), name="stuck_once_for_each_work"),
        ),
    ]
