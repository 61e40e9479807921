"""Figures of a bone density scan belong to the day of that scan, so that two typed scans are never one."""

from django.db import migrations, models

SCANNED_ON = "bone_density.on"
OF_A_SCAN = ("bone_density.", "dxa.", "vfa.")
NOT_OF_A_SCAN = ("dxa.requested_on", "dxa.booked_for")


def give_days(apps, schema_editor) -> None:
    """Each figure the day that stood beside it when it was typed; a day typed alone afterwards mended the one before."""
    answers = apps.get_model("service", "Answer").objects
    typed = answers.filter(field=SCANNED_ON).values_list("assessment", flat=True)
    for assessment in sorted(set(typed)):
        figures = [
            row
            for row in answers.filter(assessment=assessment).order_by("pk")
            if row.field.startswith(OF_A_SCAN) and row.field not in NOT_OF_A_SCAN
        ]
        for day, rows in _scans(figures):
            answers.filter(pk__in=[row.pk for row in rows]).update(scan_on=day)


def _scans(figures):
    """The rows of one assessment as ``[day, rows]``: a moment in which a day was typed begins a scan."""
    scans = []
    for at in dict.fromkeys(row.at for row in figures):
        together = [row for row in figures if row.at == at]
        days = [row.value for row in together if row.field == SCANNED_ON]
        if not days:
            if scans:
                scans[-1][1].extend(together)
            else:
                scans.append([None, together])
        elif not scans or (scans[-1][0] is not None and len(together) > 1):
            scans.append([days[-1], together])
        else:
            scans[-1][0] = days[-1]
            scans[-1][1].extend(together)
    return scans


class Migration(migrations.Migration):
    dependencies = [("service", "0017_doses_of_reviews")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="scan_on",
            field=models.DateField(
                help_text="For a figure of a bone density scan, the day of that scan; empty while it is not told.",
                null=True,
            ),
        ),
        migrations.RunPython(give_days, migrations.RunPython.noop, elidable=True),
    ]
