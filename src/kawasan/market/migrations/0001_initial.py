import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import kawasan.programmes.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("enterprises", "0001_initial"),
        ("programmes", "0001_initial"),
        ("value_chain", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contract",
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
                (
                    "quantity_per_month",
                    models.FloatField(
                        help_text="Quantity a month, in the unit of the demand's commodity",
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="quantity a month",
                    ),
                ),
                (
                    "price_idr",
                    models.PositiveBigIntegerField(
                        help_text="Price a unit in rupiah", verbose_name="price a unit (rupiah)"
                    ),
                ),
                (
                    "signed_on",
                    models.DateField(help_text="Day on which the contract was signed", verbose_name="signed"),
                ),
                ("starts_on", models.DateField(help_text="First day of the contract", verbose_name="first day")),
                ("ends_on", models.DateField(help_text="Last day of the contract", verbose_name="last day")),
                (
                    "source",
                    kawasan.programmes.models.SourceField(
                        help_text='Where this comes from; "synthetic" when it was invented for an example',
                        max_length=300,
                        verbose_name="source",
                    ),
                ),
                (
                    "demand",
                    models.ForeignKey(
                        help_text="Demand of an offtaker that the contract serves",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="value_chain.demand",
                        verbose_name="demand",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        help_text="Enterprise that delivers",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="enterprises.enterprise",
                        verbose_name="enterprise",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contracts", to="programmes.programme"
                    ),
                ),
            ],
            options={
                "ordering": ("-starts_on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Delivery",
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
                ("delivered_on", models.DateField(help_text="Day of the delivery", verbose_name="delivered")),
                (
                    "quantity",
                    models.FloatField(
                        help_text="Quantity delivered, in the commodity's unit",
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="quantity",
                    ),
                ),
                (
                    "accepted_quantity",
                    models.FloatField(
                        blank=True,
                        help_text="Quantity that the offtaker accepted; empty while not yet judged",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="accepted quantity",
                    ),
                ),
                (
                    "price_idr",
                    models.PositiveBigIntegerField(
                        help_text="Price a unit in rupiah", verbose_name="price a unit (rupiah)"
                    ),
                ),
                (
                    "paid_on",
                    models.DateField(
                        blank=True, help_text="Day of the payment; empty while unpaid", null=True, verbose_name="paid"
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
                    "contract",
                    models.ForeignKey(
                        help_text="Contract under which the goods were delivered",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="market.contract",
                        verbose_name="contract",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "ordering": ("-delivered_on", "-pk"),
            },
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.UniqueConstraint(fields=("programme", "code"), name="contract_code"),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="contract_days",
                violation_error_message="The last day is before the first. Choose a later day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("programme", "code"), name="delivery_code"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted_quantity__isnull", True),
                    ("accepted_quantity__lte", models.F("quantity")),
                    _connector="OR",
                ),
                name="delivery_accepted",
                violation_error_message="More was accepted than delivered; correct the one that is wrong.",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("paid_on__isnull", True),
                    models.Q(("accepted_quantity__isnull", False), ("paid_on__gte", models.F("delivered_on"))),
                    _connector="OR",
                ),
                name="delivery_paid",
                violation_error_message="A delivery is paid once it was delivered and accepted. Enter the accepted quantity, or correct the day of the payment.",
            ),
        ),
    ]
