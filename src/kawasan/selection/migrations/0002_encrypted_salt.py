"""Who has the salt can try out family cards, so salt and secret are encrypted."""

from django.db import migrations, models

from kawasan.core.encrypting import encrypt
from kawasan.core.secrets import EncryptedField


class Migration(migrations.Migration):
    dependencies = [("selection", "0001_initial")]

    operations = [
        migrations.AlterField(model_name="draw", name="salt", field=models.TextField(blank=True)),
        migrations.AlterField(model_name="draw", name="secret", field=models.TextField(blank=True)),
        encrypt("selection", "Draw", **{"salt": "salt", "secret": "secret"}),
        migrations.AlterField(
            model_name="draw",
            name="salt",
            field=EncryptedField(
                help_text="Secret text mixed into the pseudonyms, so that nobody can guess them",
                kind="salt",
                max_length=64,
                verbose_name="salt",
            ),
        ),
        migrations.AlterField(
            model_name="draw",
            name="secret",
            field=EncryptedField(
                help_text="Text of which a commitment is published before the draw, opened by it",
                kind="secret",
                max_length=64,
                verbose_name="secret",
            ),
        ),
    ]
