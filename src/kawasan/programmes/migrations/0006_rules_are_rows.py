from django.db import migrations, models

WHOLE = {"least_age": 17, "most_age": 55}
YES_OR_NO = ("must_live_in_area", "must_not_be_employed", "may_be_student", "must_report_earlier_assistance")


def gone(name: str, field: models.Field) -> list[migrations.operations.base.Operation]:
    """A column leaves with a value that it has if it ever comes back, until it is filled from the rows."""
    return [
        migrations.AlterField(model_name="ruleset", name=name, field=field),
        migrations.RemoveField(model_name="ruleset", name=name),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0005_objections"),
        ("applicants", "0016_rules_from_columns"),
    ]

    operations = [
        *(one for name, age in WHOLE.items() for one in gone(name, models.PositiveSmallIntegerField(default=age))),
        *(one for name in YES_OR_NO for one in gone(name, models.BooleanField(default=False))),
    ]
