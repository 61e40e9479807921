"""The door knows the e-mail addresses of those who had an account before."""

from __future__ import annotations

from django.db import migrations


def take_over(apps, schema_editor):
    """An address that an account has, and no other, is known to the door; since when a role was held nobody knows."""
    user, known = apps.get_model("service", "User"), apps.get_model("account", "EmailAddress")
    users = {}
    for row in user.objects.exclude(email="").order_by("pk"):
        users.setdefault(row.email.lower(), []).append(row)
    known.objects.bulk_create(
        known(user=rows[0], email=email, verified=True, primary=True)
        for email, rows in users.items()
        if len(rows) == 1
    )
    apps.get_model("service", "Membership").objects.update(given_at=None)


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("service", "0031_who_gets_in"),
    ]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop, elidable=True)]
