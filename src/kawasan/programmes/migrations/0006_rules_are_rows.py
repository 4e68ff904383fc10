from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0005_objections"),
        ("applicants", "0016_rules_from_columns"),
    ]

    operations = [
        migrations.RemoveField(model_name="ruleset", name="least_age"),
        migrations.RemoveField(model_name="ruleset", name="most_age"),
        migrations.RemoveField(model_name="ruleset", name="must_live_in_area"),
        migrations.RemoveField(model_name="ruleset", name="must_not_be_employed"),
        migrations.RemoveField(model_name="ruleset", name="may_be_student"),
        migrations.RemoveField(model_name="ruleset", name="must_report_earlier_assistance"),
    ]
