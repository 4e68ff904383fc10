from django.db import migrations

from kawasan.core.encrypting import forget_plain_text


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("selection", "0002_encrypted_salt")]

    operations = [forget_plain_text()]
