import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import kawasan.programmes.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("applicants", "0001_initial"),
        ("areas", "0001_initial"),
        ("programmes", "0001_initial"),
        ("value_chain", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Enterprise",
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
                ("name", models.CharField(help_text="Name of the enterprise", max_length=150, verbose_name="name")),
                (
                    "kbli_version",
                    models.CharField(
                        choices=[("2020", "KBLI 2020"), ("2025", "KBLI 2025")],
                        help_text="Version of the KBLI, a year",
                        max_length=4,
                        verbose_name="KBLI version",
                    ),
                ),
                (
                    "kbli_code",
                    models.CharField(
                        help_text="KBLI code, five digits as text",
                        max_length=5,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{5}\\Z", "A KBLI code has five digits, zeros in front included."
                            )
                        ],
                        verbose_name="KBLI code",
                    ),
                ),
                (
                    "started_on",
                    models.DateField(
                        help_text="Day on which it started, or is planned to start", verbose_name="started"
                    ),
                ),
                (
                    "nib",
                    models.CharField(
                        blank=True, help_text="Business identification number (NIB)", max_length=30, verbose_name="NIB"
                    ),
                ),
                (
                    "pirt",
                    models.CharField(
                        blank=True, help_text="Home food industry number (SPP-IRT)", max_length=30, verbose_name="PIRT"
                    ),
                ),
                (
                    "halal",
                    models.CharField(
                        blank=True,
                        help_text="Halal certificate number",
                        max_length=40,
                        verbose_name="halal certificate",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("closed", "Closed"),
                        ],
                        help_text="Whether the enterprise runs",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "source",
                    kawasan.programmes.models.SourceField(
                        help_text='Where this comes from; "synthetic" when it was invented for an example',
                        max_length=300,
                        verbose_name="source",
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        help_text="Activity of the value chain that the enterprise carries out, if it is one of them",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enterprises",
                        to="value_chain.activity",
                        verbose_name="business activity",
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        help_text="Field of business",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enterprises",
                        to="programmes.field",
                        verbose_name="field",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        help_text="Participant who owns the enterprise",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enterprises",
                        to="applicants.applicant",
                        verbose_name="owner",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        help_text="Place (kelurahan) where the enterprise works",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enterprises",
                        to="areas.place",
                        verbose_name="place",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="enterprises",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "pk"),
            },
        ),
        migrations.CreateModel(
            name="CashEntry",
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
                ("dated", models.DateField(help_text="Day on which the money moved", verbose_name="date")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sale", "Sale"),
                            ("cost", "Cost"),
                            ("capital", "Capital put in"),
                            ("withdrawal", "Withdrawal by the owner"),
                        ],
                        help_text="What moved the money",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "amount_idr",
                    models.PositiveBigIntegerField(
                        help_text="Amount in rupiah, above 0",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="amount (rupiah)",
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        help_text="What was sold, bought, put in or taken out", max_length=200, verbose_name="what"
                    ),
                ),
                (
                    "source",
                    kawasan.programmes.models.SourceField(
                        help_text='Where this comes from; "synthetic" when it was invented for an example',
                        max_length=300,
                        verbose_name="source",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cash_entries",
                        to="programmes.programme",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        help_text="Entry that this one takes back: it has the same kind and amount and counts with a minus",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="enterprises.cashentry",
                        verbose_name="takes back",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        help_text="Enterprise whose cash book it is",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_entries",
                        to="enterprises.enterprise",
                        verbose_name="enterprise",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "cash entries",
                "ordering": ("-dated", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Worker",
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
                ("name", models.CharField(help_text="Name of the worker", max_length=150, verbose_name="name")),
                (
                    "sex",
                    models.CharField(
                        choices=[("female", "Woman"), ("male", "Man")],
                        help_text="Sex of the worker",
                        max_length=10,
                        verbose_name="sex",
                    ),
                ),
                ("is_paid", models.BooleanField(help_text="Whether the worker gets a wage", verbose_name="is paid")),
                ("since", models.DateField(help_text="First day of work", verbose_name="since")),
                (
                    "until",
                    models.DateField(
                        blank=True, help_text="Last day of work; empty while working", null=True, verbose_name="until"
                    ),
                ),
                (
                    "source",
                    kawasan.programmes.models.SourceField(
                        help_text='Where this comes from; "synthetic" when it was invented for an example',
                        max_length=300,
                        verbose_name="source",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        help_text="Enterprise where the person works",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workers",
                        to="enterprises.enterprise",
                        verbose_name="enterprise",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="workers", to="programmes.programme"
                    ),
                ),
            ],
            options={
                "ordering": ("since", "pk"),
            },
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.UniqueConstraint(fields=("programme", "code"), name="enterprise_code"),
        ),
        migrations.AddIndex(
            model_name="cashentry",
            index=models.Index(fields=["enterprise", "dated"], name="cash_entry_day"),
        ),
        migrations.AddConstraint(
            model_name="cashentry",
            constraint=models.UniqueConstraint(fields=("programme", "code"), name="cash_entry_code"),
        ),
        migrations.AddConstraint(
            model_name="cashentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_idr__gt", 0)),
                name="cash_entry_amount",
                violation_error_message="The amount must be above 0; the kind of the entry says which way the money moved.",
            ),
        ),
        migrations.AddConstraint(
            model_name="worker",
            constraint=models.UniqueConstraint(fields=("programme", "code"), name="worker_code"),
        ),
        migrations.AddConstraint(
            model_name="worker",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                name="worker_days",
                violation_error_message="The last day of work is before the first; correct the one that is wrong.",
            ),
        ),
    ]
