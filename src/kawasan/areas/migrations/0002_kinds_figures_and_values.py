"""Kinds of resources as rows, figures of sectors on several bases, values of indicators by place and year."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import kawasan.core.photos
import kawasan.programmes.models


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0001_initial"),
        ("programmes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ResourceKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="resource_kinds",
                        to="programmes.programme",
                    ),
                ),
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
                        verbose_name="code",
                    ),
                ),
                (
                    "capital",
                    models.CharField(
                        choices=[
                            ("natural", "Natural capital"),
                            ("human", "Human capital"),
                            ("physical", "Physical capital"),
                            ("social", "Social capital"),
                            ("financial", "Financial capital"),
                        ],
                        help_text="Which of the five capitals it belongs to",
                        max_length=20,
                        verbose_name="capital",
                    ),
                ),
                ("name", models.CharField(help_text="Name in Indonesian", max_length=100, verbose_name="name")),
                (
                    "name_en",
                    models.CharField(
                        blank=True, help_text="Name in English", max_length=100, verbose_name="name in English"
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        help_text="Unit of its resources; they may use another one of the same measure",
                        max_length=40,
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("capital", "name", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "code"),
                        name="resource_kind_code",
                        violation_error_message="This code is used already. Choose another.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AssetValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="asset_values",
                        to="programmes.programme",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        help_text="What was measured",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="areas.assetindicator",
                        verbose_name="indicator",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        help_text="Where: the area as a whole, or one of its places",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asset_values",
                        to="areas.place",
                        verbose_name="place",
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        help_text="Year of the value",
                        validators=[
                            django.core.validators.MinValueValidator(1990),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="year",
                    ),
                ),
                (
                    "value",
                    models.FloatField(
                        blank=True,
                        help_text="Value in the indicator's unit; empty when it was not found",
                        null=True,
                        verbose_name="value",
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
            ],
            options={
                "ordering": ("indicator", "place", "year"),
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "indicator", "place", "year"), name="asset_value_key")
                ],
            },
        ),
        migrations.RenameField(
            model_name="resource",
            old_name="kind",
            new_name="kind_text",
        ),
        migrations.AddField(
            model_name="resource",
            name="kind",
            field=models.ForeignKey(
                help_text="Kind of resource, which says the capital too",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="resources",
                to="areas.resourcekind",
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="period",
            field=models.CharField(
                choices=[("year", "a year"), ("month", "a month")],
                default="year",
                help_text="Period of yield and use, and of a quantity that flows",
                max_length=10,
                verbose_name="counted for",
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="owner",
            field=models.CharField(blank=True, help_text="Who owns or keeps it", max_length=150, verbose_name="owner"),
        ),
        migrations.AddField(
            model_name="resource",
            name="access",
            field=models.CharField(
                blank=True,
                choices=[
                    ("open", "Open to everybody"),
                    ("members", "For members only"),
                    ("permit", "With a permit"),
                    ("rent", "For rent or a fee"),
                    ("closed", "Not open to participants"),
                ],
                help_text="Who may use it; empty when unknown",
                max_length=20,
                verbose_name="access",
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="condition",
            field=models.CharField(
                blank=True,
                choices=[
                    ("good", "Good"),
                    ("fair", "Fair"),
                    ("damaged", "Damaged, can be repaired"),
                    ("unusable", "Unusable"),
                ],
                help_text="In what condition it is; empty when unknown",
                max_length=20,
                verbose_name="condition",
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="photo",
            field=kawasan.core.photos.PhotoField(
                blank=True,
                help_text="File in the folder photos, named by the SHA-256 of its content as Kawasan wrote it",
                max_length=68,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[0-9a-f]{64}\\.jpg\\Z", "A photo is named by 64 hexadecimal digits and .jpg."
                    )
                ],
                verbose_name="photo",
            ),
        ),
        migrations.AddField(
            model_name="assetindicator",
            name="direction",
            field=models.CharField(
                choices=[("more", "More is better"), ("less", "Less is better")],
                default="more",
                help_text="Whether more or less is better",
                max_length=10,
                verbose_name="direction",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="assetindicator",
            name="scale",
            field=models.CharField(
                choices=[
                    ("target", "Between a worst value and a target"),
                    ("places", "Between the worst and the best of the places"),
                ],
                default="target",
                help_text="Scored between worst and best, or between the worst and the best value that any place had in any year",
                max_length=10,
                verbose_name="scored",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="sectorshare",
            name="sector_share_year",
        ),
        migrations.RenameModel(
            old_name="SectorShare",
            new_name="SectorFigure",
        ),
        migrations.AlterModelOptions(
            name="sectorfigure",
            options={"ordering": ("basis", "sector", "year")},
        ),
        migrations.RenameField(
            model_name="sectorfigure",
            old_name="area_share",
            new_name="area",
        ),
        migrations.RenameField(
            model_name="sectorfigure",
            old_name="province_share",
            new_name="reference",
        ),
        migrations.AddField(
            model_name="sectorfigure",
            name="basis",
            field=models.CharField(
                choices=[
                    ("grdp_share", "Share of GRDP"),
                    ("grdp_constant", "GRDP at constant prices"),
                    ("grdp_current", "GRDP at current prices"),
                    ("employment", "People employed"),
                ],
                default="grdp_share",
                help_text="What area and reference count: shares of GRDP in per cent, GRDP in billion rupiah at constant (2010) or current prices, or people employed",
                max_length=20,
                verbose_name="what is counted",
            ),
        ),
        migrations.AlterField(
            model_name="sectorfigure",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="sector_figures", to="programmes.programme"
            ),
        ),
        migrations.AlterField(
            model_name="sectorfigure",
            name="sector",
            field=kawasan.programmes.models.CodeField(
                help_text="Letter of the sector as in KBLI, e.g. G; TOTAL for all sectors together",
                max_length=60,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[A-Za-z0-9][A-Za-z0-9._-]*\\Z", "Use letters, digits, dots, dashes and underscores only."
                    )
                ],
                verbose_name="sector",
            ),
        ),
        migrations.AlterField(
            model_name="sectorfigure",
            name="area",
            field=models.FloatField(
                blank=True,
                help_text="Figure of the area, a city or a regency; empty when unknown",
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="in the area",
            ),
        ),
        migrations.AlterField(
            model_name="sectorfigure",
            name="reference",
            field=models.FloatField(
                blank=True,
                help_text="Figure of the province; empty when unknown",
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="in the province",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectorfigure",
            constraint=models.UniqueConstraint(
                fields=("programme", "sector", "year", "basis"), name="sector_figure_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="sectorfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("basis", "grdp_share"), _negated=True),
                    models.Q(
                        models.Q(("area__isnull", True), ("area__lte", 100), _connector="OR"),
                        models.Q(("reference__isnull", True), ("reference__lte", 100), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="sector_figure_share",
                violation_error_message="A share is at most 100 per cent; correct it, or change what is counted.",
            ),
        ),
    ]
