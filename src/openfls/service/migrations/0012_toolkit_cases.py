"""Cases of the benefits calculator."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('service', '0011_quality'),
    ]

    operations = [
        migrations.CreateModel(
            name='ToolkitCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=32, unique=True)),
                ('content', models.JSONField()),
                ('results', models.JSONField(default=dict)),
                ('version', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'toolkit_case',
            },
        ),
    ]
