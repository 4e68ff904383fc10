"""Two people where one had been enough, and the bank's texts encrypted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kawasan.assistance.rules.bank
import kawasan.core.secrets
from kawasan.core.encrypting import encrypt


class Migration(migrations.Migration):
    dependencies = [
        ("assistance", "0001_initial"),
        ("programmes", "0009_treasurer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BankWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_closing", models.BooleanField(verbose_name="closes it")),
                ("word", models.CharField(max_length=300, verbose_name="what it is")),
                ("who", models.CharField(max_length=150, verbose_name="by")),
                ("said_on", models.DateField(verbose_name="day")),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="TakeBackRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("who", models.CharField(max_length=150, verbose_name="asked by")),
                ("asked_on", models.DateField(verbose_name="day")),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="statement",
            name="statement_once",
        ),
        migrations.AddField(
            model_name="onetimecode",
            name="issued_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="onetimecode",
            name="step",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="one_time_code",
                to="assistance.step",
                verbose_name="step",
            ),
        ),
        migrations.AddField(
            model_name="onetimecode",
            name="who",
            field=models.CharField(blank=True, max_length=150, verbose_name="handed out by"),
        ),
        migrations.AddField(
            model_name="statement",
            name="note",
            field=models.CharField(blank=True, help_text="Why it was taken back", max_length=300, verbose_name="note"),
        ),
        migrations.AddField(
            model_name="statement",
            name="head",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="row of the heading"),
        ),
        migrations.AlterField(
            model_name="bankdifference",
            name="kind",
            field=models.CharField(
                choices=[
                    ("bank_only", "In the bank and not in the books"),
                    ("books_only", "In the books and not in the bank"),
                    ("other_sum", "Other sum"),
                    ("twice", "Twice in the bank"),
                    ("not_whole", "Not whole rupiah"),
                    ("other_account", "To another account than the agreed one"),
                ],
                max_length=15,
                verbose_name="difference",
            ),
        ),
        migrations.AlterField(model_name="bankline", name="text", field=models.TextField(blank=True)),
        encrypt("assistance", "BankLine", text="bank text"),
        migrations.AlterField(
            model_name="bankline",
            name="text",
            field=kawasan.core.secrets.EncryptedField(
                blank=True, kind="bank text", max_length=500, verbose_name="text"
            ),
        ),
        migrations.AlterField(
            model_name="onetimecode",
            name="assistance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="one_time_codes", to="assistance.assistance"
            ),
        ),
        migrations.AlterField(
            model_name="statement",
            name="status",
            field=models.CharField(
                choices=[("read", "Columns to be confirmed"), ("matched", "Matched"), ("taken_back", "Taken back")],
                default=kawasan.assistance.rules.bank.StatementStatus["READ"],
                max_length=15,
                verbose_name="status",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("status", kawasan.assistance.rules.bank.StatementStatus["TAKEN_BACK"]), _negated=True
                ),
                fields=("programme", "digest"),
                name="statement_once",
                violation_error_message="This file was taken over already.",
            ),
        ),
        migrations.AddField(
            model_name="bankword",
            name="difference",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="words", to="assistance.bankdifference"
            ),
        ),
        migrations.AddField(
            model_name="bankword",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="bank_words", to="programmes.programme"
            ),
        ),
        migrations.AddField(
            model_name="bankword",
            name="said_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="takebackrequest",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="takebackrequest",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="take_back_requests",
                to="programmes.programme",
            ),
        ),
        migrations.AddField(
            model_name="takebackrequest",
            name="step",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="take_back_request", to="assistance.step"
            ),
        ),
    ]
