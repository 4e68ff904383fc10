from django.db import migrations

import kawasan.applicants.models


class Migration(migrations.Migration):
    dependencies = [
        ("applicants", "0010_groups"),
    ]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="family_card",
            field=kawasan.applicants.models.IdentityField(
                blank=True,
                help_text="Family card number (KK), 16 digits; people with the same one are one household",
                kind="family_card",
                max_length=20,
                verbose_name="family card (KK)",
            ),
        ),
        migrations.AlterField(
            model_name="person",
            name="nik",
            field=kawasan.applicants.models.IdentityField(
                help_text="Identity number (NIK), 16 digits; a wrong one is warned about",
                kind="nik",
                max_length=20,
                verbose_name="NIK",
            ),
        ),
    ]
