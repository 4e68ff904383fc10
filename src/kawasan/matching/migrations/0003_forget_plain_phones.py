from django.db import migrations

from kawasan.core.encrypting import forget_plain_text


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("matching", "0002_encrypted_phones")]

    operations = [forget_plain_text()]
