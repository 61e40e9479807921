import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('service', '0004_feed_sources_and_identity'),
    ]

    operations = [
        migrations.AddField(
            model_name='episode',
            name='incidental',
            field=models.CharField(blank=True, help_text='Where a spine fracture was seen on an image taken for something else; empty for any other.', max_length=200),
        ),
        migrations.AddField(
            model_name='service',
            name='audit_one_in',
            field=models.PositiveSmallIntegerField(default=50, help_text='Of the reports in which the reader found nothing, one in so many is kept for an audit; 0 for none.'),
        ),
        migrations.AddField(
            model_name='sourcerecord',
            name='reader',
            field=models.CharField(blank=True, help_text='Rule set of the report reader that read it; empty for a code.', max_length=40),
        ),
        migrations.CreateModel(
            name='PassedOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.JSONField()),
                ('reader', models.CharField(max_length=40)),
                ('read_at', models.DateTimeField()),
                ('one_in', models.PositiveSmallIntegerField(help_text='The share of reports that was drawn when this one was.')),
                ('there_is', models.BooleanField(null=True)),
                ('site', models.CharField(blank=True, choices=[('hip', 'Hip'), ('femur', 'Femur (shaft or lower end)'), ('vertebra', 'Spine'), ('wrist', 'Wrist'), ('forearm', 'Forearm'), ('humerus', 'Humerus'), ('pelvis', 'Pelvis'), ('sacrum', 'Sacrum'), ('rib', 'Rib'), ('sternum', 'Sternum'), ('clavicle', 'Clavicle'), ('scapula', 'Scapula'), ('tibia_fibula', 'Tibia or fibula'), ('ankle', 'Ankle'), ('patella', 'Patella'), ('hand', 'Hand'), ('foot', 'Foot'), ('skull_face', 'Skull or face'), ('other', 'Other bone'), ('unspecified', 'Site not stated')], max_length=20)),
                ('judged_at', models.DateTimeField(null=True)),
                ('judged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passed_over', to='service.person')),
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='passed_over', to='service.feedrow')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passed_over', to='service.service')),
            ],
            options={
                'db_table': 'passed_over',
                'indexes': [models.Index(fields=['service', 'there_is', 'read_at'], name='passed_over_service_eb0877_idx')],
            },
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('confirmed', models.BooleanField()),
                ('reason', models.CharField(blank=True, choices=[('no_fracture', 'There is no fracture'), ('high_energy', 'High-energy injury'), ('pathological', 'Broke through a tumour'), ('known', 'Already known to the service'), ('out_of_area', 'Lives outside our area'), ('died', 'Has died'), ('other', 'Another reason')], max_length=20)),
                ('reader', models.CharField(blank=True, max_length=40)),
                ('triage', models.CharField(choices=[('case', 'case'), ('review', 'review'), ('none', 'none')], max_length=10)),
                ('site', models.CharField(choices=[('hip', 'Hip'), ('femur', 'Femur (shaft or lower end)'), ('vertebra', 'Spine'), ('wrist', 'Wrist'), ('forearm', 'Forearm'), ('humerus', 'Humerus'), ('pelvis', 'Pelvis'), ('sacrum', 'Sacrum'), ('rib', 'Rib'), ('sternum', 'Sternum'), ('clavicle', 'Clavicle'), ('scapula', 'Scapula'), ('tibia_fibula', 'Tibia or fibula'), ('ankle', 'Ankle'), ('patella', 'Patella'), ('hand', 'Hand'), ('foot', 'Foot'), ('skull_face', 'Skull or face'), ('other', 'Other bone'), ('unspecified', 'Site not stated')], max_length=20)),
                ('kinds', models.CharField(help_text='Kinds of all records that told of it, in order.', max_length=100)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='service.episode')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='service.service')),
                ('status', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='verdict', to='service.status')),
            ],
            options={
                'db_table': 'verdict',
                'indexes': [models.Index(fields=['service', 'reader'], name='verdict_service_7e16d0_idx')],
            },
        ),
    ]
