"""Names as they are searched for, and what had been judged of fractures that turned out not to be a case."""

from django.db import migrations

from openfls.service.folding import folded

BATCH = 2000


def fold(apps, schema_editor):
    person = apps.get_model("service", "Person")
    rows = []
    for row in person.objects.only("pk", "family_name", "given_name").iterator(BATCH):
        row.folded_name = folded(f"{row.family_name}\n{row.given_name}")[:800]
        rows.append(row)
        if len(rows) == BATCH:
            person.objects.bulk_update(rows, ["folded_name"])
            rows = []
    person.objects.bulk_update(rows, ["folded_name"])
    # Whoever was taken on had been confirmed as a fragility fracture.
    apps.get_model("service", "Fracture").objects.filter(fragility=False).update(fragility_was=True)


class Migration(migrations.Migration):
    dependencies = [("service", "0009_corrections_and_loading")]

    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
