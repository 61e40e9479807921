"""A change that was kept by mistake can be taken away."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('service', '0037_letter_runs'),
    ]

    operations = [
        migrations.AddField(
            model_name='change',
            name='withdrawn',
            field=models.BooleanField(default=False, help_text='Taken away: kept by mistake.'),
        ),
    ]
