import django.db.models.deletion
from django.db import migrations, models

import kawasan.applicants.models.rule


class Migration(migrations.Migration):
    dependencies = [
        ("applicants", "0014_most_of_a_household"),
        ("programmes", "0005_objections"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        help_text="Place among the rules of its rule set", verbose_name="order"
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("age", "Age on the day of applying"),
                            ("place", "Place where the person lives"),
                            ("activity_now", "Activity now"),
                            ("months_without_work", "Months without work"),
                            ("household_size", "People in the household"),
                            ("dependants", "Dependants"),
                            ("household_workers", "Working people in the household"),
                            ("household_income_idr", "Household income a month"),
                            ("income_per_head_idr", "Income per head and month"),
                            ("income_share", "Income per head in percent of the poverty line"),
                            ("earlier_assistance", "Got assistance before"),
                            ("unreported_assistance", "Got assistance before without handing in its report (LPJ)"),
                            ("has_disability", "Lives with a disability"),
                            ("education", "Education"),
                            ("sex", "Sex"),
                        ],
                        help_text="What the rule looks at",
                        max_length=40,
                        verbose_name="what it looks at",
                    ),
                ),
                (
                    "comparison",
                    models.CharField(
                        choices=[
                            ("at_least", "at least"),
                            ("at_most", "at most"),
                            ("is", "is"),
                            ("is_not", "is not"),
                            ("is_one_of", "is one of"),
                            ("is_none_of", "is none of"),
                            ("within", "lies within"),
                        ],
                        help_text="How it compares: numbers and rupiah at_least or at_most, yes or no is, places within",
                        max_length=20,
                        verbose_name="comparison",
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        help_text="What it compares with: digits, true or false, codes with spaces; places by their codes",
                        max_length=300,
                        verbose_name="value",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        help_text="What it says in Indonesian to whom it refuses, with {value} and {stated} where they are named; empty for the usual sentence",
                        max_length=300,
                        validators=[kawasan.applicants.models.rule.validate_reason],
                        verbose_name="reason in Indonesian",
                    ),
                ),
                (
                    "reason_en",
                    models.CharField(
                        blank=True,
                        help_text="The same in English",
                        max_length=300,
                        validators=[kawasan.applicants.models.rule.validate_reason],
                        verbose_name="reason in English",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        help_text='Article of the guideline that says so; "synthetic" when invented',
                        max_length=200,
                        verbose_name="article",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="programmes.programme"
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        help_text="Rule set to which the rule belongs, by its number",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rules",
                        to="programmes.ruleset",
                        verbose_name="rule set",
                    ),
                ),
            ],
            options={
                "ordering": ("rule_set", "order"),
                "constraints": [
                    models.UniqueConstraint(fields=("rule_set", "order"), name="rule_order"),
                    models.CheckConstraint(
                        condition=models.Q(("reason_en", ""), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="rule_reason_in_indonesian",
                        violation_error_message="Write the reason in Indonesian too; people read it first.",
                    ),
                ],
            },
        ),
    ]
