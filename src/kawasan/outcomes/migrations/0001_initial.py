import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import kawasan.programmes.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("applicants", "0001_initial"),
        ("programmes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    kawasan.programmes.models.CodeField(
                        help_text="Short name of the row",
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*\\Z",
                                "Use letters, digits, dots, dashes and underscores only.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(help_text="Name in Indonesian", max_length=100, verbose_name="name")),
                (
                    "name_en",
                    models.CharField(help_text="Name in English", max_length=100, verbose_name="name in English"),
                ),
                (
                    "months_after",
                    models.PositiveSmallIntegerField(
                        help_text="Months after the start of the programme; 0 is before it",
                        verbose_name="months after the start",
                    ),
                ),
                ("due_on", models.DateField(help_text="Day by which the round should be measured", verbose_name="due")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Being measured"), ("frozen", "Frozen")],
                        default="open",
                        help_text="Whether measurements may still be entered",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rounds", to="programmes.programme"
                    ),
                ),
            ],
            options={
                "ordering": ("months_after", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Measurement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measured_on", models.DateField(help_text="Day of the measurement", verbose_name="measured")),
                (
                    "is_working",
                    models.BooleanField(
                        help_text="Whether the participant works now, in the own enterprise or elsewhere",
                        verbose_name="is working",
                    ),
                ),
                (
                    "hours_per_week",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Hours of work in a usual week; empty when not known",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(168)],
                        verbose_name="hours of work a week",
                    ),
                ),
                (
                    "turnover_idr",
                    models.PositiveBigIntegerField(
                        blank=True,
                        help_text="Turnover of the enterprise in the last month, rupiah; empty when not known",
                        null=True,
                        verbose_name="turnover a month (rupiah)",
                    ),
                ),
                (
                    "profit_idr",
                    models.BigIntegerField(
                        blank=True,
                        help_text="Sales less costs in the last month, rupiah; may be negative; empty when not known",
                        null=True,
                        verbose_name="profit a month (rupiah)",
                    ),
                ),
                (
                    "workers",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="How many people besides the owner work in the enterprise; empty when not known",
                        null=True,
                        verbose_name="workers besides the owner",
                    ),
                ),
                (
                    "cash_book",
                    models.CharField(
                        choices=[
                            ("none", "No cash book"),
                            ("manual", "By hand"),
                            ("excel", "Spreadsheet"),
                            ("application", "Phone or computer application"),
                        ],
                        help_text="How the cash book is kept",
                        max_length=15,
                        verbose_name="cash book",
                    ),
                ),
                (
                    "marketing_area",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("village", "Own kelurahan"),
                            ("district", "Own kecamatan"),
                            ("city", "City or regency"),
                            ("province", "Province"),
                            ("national", "Indonesia"),
                            ("international", "Abroad"),
                        ],
                        help_text="How far the enterprise sells; empty when it sells nothing yet",
                        max_length=15,
                        verbose_name="marketing area",
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="What else should be known", verbose_name="note")),
                (
                    "source",
                    kawasan.programmes.models.SourceField(
                        help_text='Where this comes from; "synthetic" when it was invented for an example',
                        max_length=300,
                        verbose_name="source",
                    ),
                ),
                (
                    "applicant",
                    models.ForeignKey(
                        help_text="Participant who was measured",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measurements",
                        to="applicants.applicant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measurements",
                        to="programmes.programme",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        help_text="Round",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measurements",
                        to="outcomes.round",
                        verbose_name="round",
                    ),
                ),
            ],
            options={
                "ordering": ("round", "applicant"),
            },
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(fields=("programme", "code"), name="round_code"),
        ),
        migrations.AddConstraint(
            model_name="measurement",
            constraint=models.UniqueConstraint(
                fields=("programme", "round", "applicant"), name="measurement_participant"
            ),
        ),
        migrations.AddConstraint(
            model_name="measurement",
            constraint=models.CheckConstraint(
                condition=models.Q(("profit_idr__lte", models.F("turnover_idr"))),
                name="measurement_profit",
                violation_error_message="The profit is above the turnover; correct the one that is wrong.",
            ),
        ),
        migrations.AddConstraint(
            model_name="measurement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("hours_per_week__isnull", True),
                    models.Q(("hours_per_week__gt", 0), ("is_working", True)),
                    models.Q(("hours_per_week", 0), ("is_working", False)),
                    _connector="OR",
                ),
                name="measurement_hours",
                violation_error_message="Somebody who works has hours of work, and somebody who does not has none; correct one of the two, or leave the hours empty.",
            ),
        ),
    ]
