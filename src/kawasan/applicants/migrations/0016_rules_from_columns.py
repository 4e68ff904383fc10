from django.db import migrations

AT_WORK = "employed civil_servant"
WORKS = "Mempunyai pekerjaan ({stated}); program ini untuk orang tanpa pekerjaan."
WORKS_EN = "Has work ({stated}); the programme is for people without work."
STUDIES = "Masih bersekolah atau kuliah; pelajar dan mahasiswa tidak dapat ikut."
STUDIES_EN = "Is a student; students may not take part."
UNREPORTED = "Pernah menerima bantuan tanpa menyerahkan laporan pertanggungjawabannya (LPJ)."
UNREPORTED_EN = "Got assistance before without handing in its accountability report (LPJ)."


def rules_of(rule_set):
    """What the columns of a rule set said, as rows; a column that asked for nothing is none."""
    yield "age", "at_least", str(rule_set.least_age), "", ""
    yield "age", "at_most", str(rule_set.most_age), "", ""
    if rule_set.must_live_in_area:
        yield "place", "within", rule_set.programme.area_code, "", ""
    if rule_set.must_not_be_employed:
        yield "activity_now", "is_none_of", AT_WORK, WORKS, WORKS_EN
    if not rule_set.may_be_student:
        yield "activity_now", "is_not", "student", STUDIES, STUDIES_EN
    if rule_set.must_report_earlier_assistance:
        yield "unreported_assistance", "is", "false", UNREPORTED, UNREPORTED_EN


def rows_from_columns(apps, schema_editor):
    """The article of each rule is not known; its rule set is."""
    rule = apps.get_model("applicants", "Rule")
    for rule_set in apps.get_model("programmes", "RuleSet").objects.select_related("programme"):
        for order, (field, comparison, value, reason, reason_en) in enumerate(rules_of(rule_set), start=1):
            rule.objects.create(
                programme=rule_set.programme,
                rule_set=rule_set,
                order=order,
                field=field,
                comparison=comparison,
                value=value,
                reason=reason,
                reason_en=reason_en,
                source=rule_set.number,
            )


def columns_from_rows(apps, schema_editor):
    """What the rows say as far as there are columns for it; rules about anything else are lost."""
    rules = list(apps.get_model("applicants", "Rule").objects.all())
    for rule_set in apps.get_model("programmes", "RuleSet").objects.all():
        said = {(rule.field, rule.comparison): rule.value for rule in rules if rule.rule_set_id == rule_set.pk}
        rule_set.least_age = int(said.get(("age", "at_least"), 0))
        rule_set.most_age = int(said.get(("age", "at_most"), 150))
        rule_set.must_live_in_area = ("place", "within") in said
        rule_set.must_not_be_employed = "employed" in said.get(("activity_now", "is_none_of"), "")
        about_work = [value for (field, _comparison), value in said.items() if field == "activity_now"]
        rule_set.may_be_student = not any("student" in value for value in about_work)
        rule_set.must_report_earlier_assistance = ("unreported_assistance", "is") in said
        rule_set.save()


class Migration(migrations.Migration):
    dependencies = [
        ("applicants", "0015_rule"),
    ]

    operations = [migrations.RunPython(rows_from_columns, columns_from_rows)]
