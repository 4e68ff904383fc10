"""What was text or a single value before is only in the rows now."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0003_fill_kinds_and_values"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="resource",
            options={"ordering": ("kind__capital", "name", "pk")},
        ),
        migrations.AlterField(
            model_name="resource",
            name="kind",
            field=models.ForeignKey(
                help_text="Kind of resource, which says the capital too",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="resources",
                to="areas.resourcekind",
                verbose_name="kind",
            ),
        ),
        migrations.RemoveField(
            model_name="resource",
            name="kind_text",
        ),
        migrations.RemoveField(
            model_name="resource",
            name="capital",
        ),
        migrations.AlterField(
            model_name="resource",
            name="quantity",
            field=models.FloatField(
                help_text="How much there is; of what flows, in the period",
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="quantity",
            ),
        ),
        migrations.AlterField(
            model_name="resource",
            name="sustainable_yield",
            field=models.FloatField(
                blank=True,
                help_text="How much of the unit can be used in the period without using the resource up",
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="sustainable yield in the period",
            ),
        ),
        migrations.AlterField(
            model_name="resource",
            name="used",
            field=models.FloatField(
                blank=True,
                help_text="How much of the unit is used in the period already",
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="used in the period",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("used__isnull", True), ("used__lte", models.F("quantity")), _connector="OR"),
                name="resource_use",
                violation_error_message="More is used than there is; correct the quantity or the use.",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="assetindicator",
            name="asset_indicator_range",
        ),
        migrations.RemoveField(
            model_name="assetindicator",
            name="value",
        ),
        migrations.AlterField(
            model_name="assetindicator",
            name="worst",
            field=models.FloatField(
                blank=True,
                help_text="Value that scores 0; empty when scored between the places",
                null=True,
                verbose_name="worst",
            ),
        ),
        migrations.AlterField(
            model_name="assetindicator",
            name="best",
            field=models.FloatField(
                blank=True,
                help_text="Target, which scores 100; empty when scored between the places",
                null=True,
                verbose_name="best",
            ),
        ),
        migrations.AlterField(
            model_name="assetindicator",
            name="unit",
            field=models.CharField(
                blank=True, help_text="Unit of the values, worst and best", max_length=40, verbose_name="unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="assetindicator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("best__isnull", True), ("scale", "places"), ("worst__isnull", True)),
                    models.Q(
                        ("direction", "more"),
                        ("scale", "target"),
                        ("worst__lt", models.F("best")),
                    ),
                    models.Q(
                        ("direction", "less"),
                        ("scale", "target"),
                        ("worst__gt", models.F("best")),
                    ),
                    _connector="OR",
                ),
                name="asset_indicator_range",
                violation_error_message="Worst and best do not fit: scored between a worst value and a target both are needed, worst below best where more is better and above it where less is; scored between the places both stay empty.",
            ),
        ),
    ]
