"""Phones of mentors and experts are encrypted."""

from django.db import migrations, models

from kawasan.core.encrypting import encrypt
from kawasan.core.secrets import EncryptedPhoneField


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial")]

    operations = [
        migrations.AlterField(model_name="expert", name="phone", field=models.TextField(blank=True)),
        migrations.AlterField(model_name="mentor", name="phone", field=models.TextField(blank=True)),
        encrypt("matching", "Expert", phone="phone"),
        encrypt("matching", "Mentor", phone="phone"),
        migrations.AlterField(
            model_name="expert",
            name="phone",
            field=EncryptedPhoneField(
                blank=True, help_text="Phone number", kind="phone", max_length=30, verbose_name="phone"
            ),
        ),
        migrations.AlterField(
            model_name="mentor",
            name="phone",
            field=EncryptedPhoneField(
                blank=True, help_text="Phone number", kind="phone", max_length=30, verbose_name="phone"
            ),
        ),
    ]
