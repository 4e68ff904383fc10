"""NIK, KK and phone are encrypted; their indexes are of the marks."""

from django.db import migrations, models

from kawasan.core.encrypting import encrypt
from kawasan.core.secrets import EncryptedField, EncryptedPhoneField, Mark


class Migration(migrations.Migration):
    dependencies = [("applicants", "0002_possible_doubles")]

    operations = [
        migrations.RemoveIndex(model_name="person", name="applicants__program_d487fc_idx"),
        migrations.RemoveIndex(model_name="person", name="applicants__program_d69a67_idx"),
        migrations.AlterField(model_name="person", name="nik", field=models.TextField(blank=True)),
        migrations.AlterField(model_name="person", name="family_card", field=models.TextField(blank=True)),
        migrations.AlterField(model_name="person", name="phone", field=models.TextField(blank=True)),
        encrypt("applicants", "Person", nik="nik", family_card="family_card", phone="phone"),
        migrations.AlterField(
            model_name="person",
            name="nik",
            field=EncryptedField(
                help_text="Identity number (NIK), 16 digits; a wrong one is warned about",
                kind="nik",
                max_length=20,
                verbose_name="NIK",
            ),
        ),
        migrations.AlterField(
            model_name="person",
            name="family_card",
            field=EncryptedField(
                blank=True,
                help_text="Family card number (KK), 16 digits; people with the same one are one household",
                kind="family_card",
                max_length=20,
                verbose_name="family card (KK)",
            ),
        ),
        migrations.AlterField(
            model_name="person",
            name="phone",
            field=EncryptedPhoneField(
                blank=True,
                help_text="Phone number, e.g. 081234567890",
                kind="phone",
                max_length=30,
                verbose_name="phone",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(models.F("programme"), Mark("nik"), name="person_nik"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(models.F("programme"), Mark("family_card"), name="person_family_card"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(models.F("programme"), Mark("phone"), name="person_phone"),
        ),
    ]
