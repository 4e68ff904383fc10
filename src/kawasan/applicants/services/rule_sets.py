"""A guideline changes by a new dated version alone; one that was applied to nobody may be taken back."""

from collections.abc import Sequence

from django.db import transaction

from kawasan.applicants import rules
from kawasan.applicants.models import Rule
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text
from kawasan.programmes.models import Programme, RuleSet


@transaction.atomic
def add_rule_set(*, rule_set: RuleSet, rows: Sequence[Rule], by: User | None) -> RuleSet:
    """Store a new version with its rules, which replaces the one that was valid last."""
    programme = Programme.objects.select_for_update().get(pk=rule_set.programme_id)
    if reasons := _reasons_no_version(programme, rule_set, rows):
        raise Refused(*reasons)
    last = programme.rule_sets.last()
    rule_set.replaces = last.number if last else ""
    rule_set.full_clean()
    rule_set.save(force_insert=True)
    for order, row in enumerate(rows, start=1):
        row.programme, row.rule_set, row.order = programme, rule_set, order
        row.full_clean()
        row.save(force_insert=True)
    log("applicants.rule_set_added", rule_set, by=by, rows=rows, number=rule_set.number, rules=len(rows))
    return rule_set


def _reasons_no_version(programme: Programme, rule_set: RuleSet, rows: Sequence[Rule]) -> list[Text]:
    last = programme.rule_sets.last()
    late = programme.applicants.exclude(frozen_on=None).filter(applied_on__gte=rule_set.valid_from)
    dated = rules.reasons_no_version(
        valid_from=rule_set.valid_from,
        last=last.valid_from if last else None,
        last_number=last.number if last else "",
        frozen=late.count(),
    )
    bands = programme.need_bands.values_list("least_score", flat=True)
    return [
        *dated,
        *rules.reasons_no_settings(
            issued_on=rule_set.issued_on,
            valid_from=rule_set.valid_from,
            least_group=rule_set.least_group,
            most_group=rule_set.most_group,
            days_to_object=rule_set.days_to_object,
            poverty_line_idr=rule_set.poverty_line_idr,
        ),
        *rules.reasons_no_rules(rows),
        *rules.reasons_rules_clash(rows),
        *rules.reasons_not_assessable(rule_set, list(bands)),
    ]


@transaction.atomic
def remove_rule_set(*, rule_set: RuleSet, by: User | None) -> None:
    """Take back a version that was applied to nobody."""
    programme = Programme.objects.select_for_update().get(pk=rule_set.programme_id)
    later = programme.rule_sets.filter(valid_from__gt=rule_set.valid_from).first()
    reasons = rules.reasons_not_removed(applied=rule_set.applicants.count(), replaced_by=later.number if later else "")
    if reasons:
        raise Refused(*reasons)
    rows = list(rule_set.rules.all())
    deleted = [rule_set, *rows]
    log("applicants.rule_set_removed", programme, by=by, deleted=deleted, is_written=False, number=rule_set.number)
    rule_set.delete()
