"""Every address was taken for confirmed. It stays so where a mailed link was used, or an organisation vouched for it."""

from __future__ import annotations

from django.db import migrations


def ask_anew(apps, schema_editor):
    """Of an address that nobody has confirmed no row is kept: it stays in the account, and signs in as before."""
    known, sent = apps.get_model("account", "EmailAddress"), apps.get_model("service", "Invitation")
    vouched = set(apps.get_model("socialaccount", "SocialAccount").objects.values_list("user", flat=True))
    used = sent.objects.filter(mailed=True, used_by__isnull=False).values_list("used_by", "email")
    read = {(user, email.lower()) for user, email in used}
    for row in known.objects.select_related("user"):
        by_password = not row.user.password.startswith("!")
        if by_password and row.user_id not in vouched and (row.user_id, row.email.lower()) not in read:
            row.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("service", "0040_messages_are_emptied"),
    ]

    operations = [migrations.RunPython(ask_anew, migrations.RunPython.noop, elidable=True)]
