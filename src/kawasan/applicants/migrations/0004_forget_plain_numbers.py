from django.db import migrations

from kawasan.core.encrypting import forget_plain_text


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("applicants", "0003_encrypted_numbers")]

    operations = [forget_plain_text()]
