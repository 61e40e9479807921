"""Work on all letters of a batch goes on behind the pages."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('service', '0036_indexes_of_large_services'),
    ]

    operations = [
        migrations.CreateModel(
            name='LetterRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('print', 'Making the file for the printer'), ('send', 'Recording the letters as sent'), ('unsend', 'Taking back that they were sent')], max_length=10)),
                ('state', models.CharField(choices=[('waiting', 'waits to begin'), ('running', 'under way'), ('done', 'done'), ('failed', 'could not go on')], default='waiting', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('on', models.DateField(help_text='The day that is recorded as that of sending.', null=True)),
                ('way', models.CharField(blank=True, choices=[('post', 'By post'), ('by_hand', 'Given by hand'), ('email', 'By e-mail, from outside openfls')], max_length=10)),
                ('total', models.PositiveSmallIntegerField(help_text='Letters of the batch when it was asked for.')),
                ('reached', models.PositiveSmallIntegerField(default=0)),
                ('reason', models.CharField(blank=True, help_text='Why it could not go on.', max_length=300)),
                ('ended_at', models.DateTimeField(null=True)),
                ('file', models.BinaryField(null=True)),
                ('file_until', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='service.letterbatch')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='service.service')),
            ],
            options={
                'db_table': 'letter_run',
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='LetterInRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('left_out', models.CharField(blank=True, help_text='Why it was passed by; empty: it was not.', max_length=300)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='service.letter')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='service.letterrun')),
            ],
            options={
                'db_table': 'letter_in_run',
                'ordering': ('place',),
            },
        ),
        migrations.AddConstraint(
            model_name='letterrun',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'running'))), fields=('batch',), name='one_run_of_a_batch_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='letterinrun',
            constraint=models.UniqueConstraint(fields=('run', 'letter'), name='a_letter_once_in_a_run'),
        ),
    ]
