"""A guideline changes by a new dated version alone; who is judged by which one follows from the day of applying."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from kawasan.applicants import queries, services
from kawasan.applicants.models import Applicant, Rule
from kawasan.applicants.services.rule_sets import add_rule_set, remove_rule_set
from kawasan.applicants.tests import factories
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.services import verify_log
from kawasan.programmes.models import Programme, RuleSet

DAY = datetime.date(2022, 8, 10)
LATER = datetime.date(2022, 8, 20)


def draft(programme: Programme, number: str = "TEST/2/2022", valid_from: datetime.date = LATER) -> RuleSet:
    copy = queries.copy_of(programme.rule_sets.last())
    copy.number, copy.issued_on, copy.valid_from, copy.source = number, valid_from, valid_from, "synthetic"
    return copy


def rows(programme: Programme, **changed: str) -> list[Rule]:
    """The rules of the last version as new rows, with other values by what they look at and how."""
    stored = programme.rule_sets.last().rules.all()
    found = [(row, changed.get(f"{row.field}_{row.comparison}", row.value)) for row in stored]
    return [Rule(field=row.field, comparison=row.comparison, value=value, source="Pasal 4") for row, value in found]


def added(programme: Programme, by: User | None = None, **changed: str) -> RuleSet:
    return add_rule_set(rule_set=draft(programme), rows=rows(programme, **changed), by=by)


def posted(programme: Programme, **changed: object) -> dict[str, Any]:
    """The page's form with a later date, filled in."""
    copy = draft(programme)
    head = {name: getattr(copy, name) for name in ("number", "issued_on", "valid_from", "source")}
    kept = [column.name for column in RuleSet._meta.concrete_fields if column.name not in (*head, "id", "programme")]
    found: dict[str, Any] = head | {name: getattr(copy, name) for name in kept if name != "replaces"}
    found["required_papers"] = copy.required_papers.split()
    stored = list(programme.rule_sets.last().rules.all())
    found |= {"rule-TOTAL_FORMS": len(stored), "rule-INITIAL_FORMS": 0}
    for number, row in enumerate(stored):
        value = row.value.split() if row.field in ("place", "activity_now") else row.value
        typed = {"field": row.field, "comparison": row.comparison, "value": value, "source": "Pasal 4"}
        found |= {f"rule-{number}-{name}": said for name, said in typed.items()}
    return found | changed


def test_a_new_version_judges_the_applications_of_its_days(programme: Programme, ani: User) -> None:
    first = programme.rule_sets.get()
    early = factories.applicant(programme, 1, applied_on=DAY)
    late = factories.applicant(programme, 2, applied_on=LATER)
    services.assess(programme=programme, by=None, on=LATER)
    second = added(programme, ani, age_at_most="30")
    assert (second.replaces, second.rules.count()) == (first.number, first.rules.count())
    assert [(one.rule_set.number, one.applied, one.waiting) for one in queries.versions(programme)] == [
        ("TEST/2/2022", 0, 1),
        ("TEST/1/2022", 2, 0),
    ]
    services.assess(programme=programme, by=None, on=LATER)
    found = Applicant.objects.in_bulk([early.pk, late.pk])
    assert (found[early.pk].status, found[early.pk].rule_set) == ("eligible", first)
    assert (found[late.pk].status, found[late.pk].rule_set) == ("refused", second)
    assert found[late.pk].reasons[0]["params"]["source"] == "Pasal 4"
    assert [one.waiting for one in queries.versions(programme)] == [0, 0]


def test_versions_stand_by_their_days_whichever_was_stored_first(programme: Programme) -> None:
    draft(programme, "TEST/0/2021", datetime.date(2021, 1, 1)).save()
    assert [one.rule_set.number for one in queries.versions(programme)] == ["TEST/1/2022", "TEST/0/2021"]


def test_the_log_keeps_who_wrote_a_version_and_covers_its_rules(programme: Programme, ani: User) -> None:
    second = added(programme, ani)
    entry = LogEntry.objects.get(verb="applicants.rule_set_added")
    assert (entry.by, entry.data["rules"]) == (ani, 6)
    rule = second.rules.first()
    assert rule is not None
    Rule.objects.filter(pk=rule.pk).update(value="1")
    assert any(str(fault).startswith(f"applicants.Rule {rule.pk} ") for fault in verify_log())


@pytest.mark.parametrize("day", [datetime.date(2022, 1, 1), datetime.date(2021, 12, 31)])
def test_a_version_is_valid_from_a_later_day_than_the_last(programme: Programme, day: datetime.date) -> None:
    with pytest.raises(Refused, match="Write a later day"):
        add_rule_set(rule_set=draft(programme, valid_from=day), rows=rows(programme), by=None)
    the_day_after = draft(programme, valid_from=datetime.date(2022, 1, 2))
    assert add_rule_set(rule_set=the_day_after, rows=rows(programme), by=None).pk


def test_a_frozen_pool_is_not_judged_by_a_version_written_later(programme: Programme) -> None:
    factories.applicant(programme, 1, applied_on=LATER)
    services.assess(programme=programme, by=None, on=LATER)
    services.enter_pool(programme=programme, codes=["A001"], by=None, on=LATER)
    with pytest.raises(Refused, match="frozen pool"):
        added(programme)
    after = draft(programme, valid_from=LATER + datetime.timedelta(days=1))
    assert add_rule_set(rule_set=after, rows=rows(programme), by=None).pk


def test_a_version_without_rules_or_with_rules_that_clash_is_refused(programme: Programme) -> None:
    with pytest.raises(Refused, match="everybody would pass"):
        add_rule_set(rule_set=draft(programme), rows=[], by=None)
    with pytest.raises(Refused, match="above the most"):
        added(programme, age_at_least="60")
    assert programme.rule_sets.count() == 1


def test_points_of_need_that_do_not_add_up_are_refused_before_they_are_stored(programme: Programme) -> None:
    wrong = draft(programme)
    wrong.weight_income = 41
    with pytest.raises(Refused, match="must add up to 100"):
        add_rule_set(rule_set=wrong, rows=rows(programme), by=None)


def test_a_row_whose_value_does_not_fit_is_not_stored(programme: Programme) -> None:
    with pytest.raises(ValidationError):
        added(programme, activity_now_is_not="pelajar")
    assert Rule.objects.filter(rule_set__number="TEST/2/2022").count() == 0


def test_what_was_applied_to_nobody_is_taken_back_and_what_was_applied_stays(programme: Programme) -> None:
    first = programme.rule_sets.get()
    second = added(programme)
    with pytest.raises(Refused, match="replaces this rule set"):
        remove_rule_set(rule_set=first, by=None)
    remove_rule_set(rule_set=second, by=None)
    assert programme.rule_sets.get() == first
    assert [str(fault) for fault in verify_log() if "deleted" in str(fault)] == []
    factories.applicant(programme, 1, applied_on=DAY)
    services.assess(programme=programme, by=None, on=DAY)
    with pytest.raises(Refused, match=r"were assessed by this rule set \(1\)"):
        remove_rule_set(rule_set=first, by=None)


def test_the_page_of_a_version_shows_rules_sources_changes_and_each_limit(
    programme: Programme, ani: User, client_of: Callable[[User], Client], django_assert_max_num_queries: Callable
) -> None:
    factories.applicant(programme, 1, applied_on=LATER)
    services.assess(programme=programme, by=None, on=LATER)
    second = added(programme, age_at_most="40")
    client = client_of(ani)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("applicants:rule_set", args=[programme.code, second.pk])).content.decode()
    for said in (
        "Age on the day of applying: at most 40 years",
        "Age on the day of applying: at most 55 years",
        "41 years: is refused",
        "40 years: passes",
        "Pasal 4",
        "was not assessed by it yet",
        "Assess anew",
    ):
        assert said in page
    with django_assert_max_num_queries(12):
        assert (
            "Changed since TEST/1/2022"
            in client.get(reverse("applicants:rule_sets", args=[programme.code])).content.decode()
        )


def test_a_version_is_written_on_the_page(programme: Programme, ani: User, client_of: Callable[[User], Client]) -> None:
    address, client = reverse("applicants:new_rule_set", args=[programme.code]), client_of(ani)
    assert client.get(address).context["rows"].forms[1]["value"].value() == 55
    answer = client.post(address, posted(programme, **{"rule-1-value": "45", "rule-4-is_off": "on"}))
    assert answer.status_code == 302
    second = programme.rule_sets.get(number="TEST/2/2022")
    assert [(row.order, row.comparison, row.value) for row in second.rules.all()][:2] == [
        (1, "at_least", "17"),
        (2, "at_most", "45"),
    ]
    assert not second.rules.filter(value="student").exists()
    assert second.most_per_household == programme.rule_sets.first().most_per_household


def test_the_papers_are_ticked_and_said_in_words(
    programme: Programme, ani: User, client_of: Callable[[User], Client]
) -> None:
    RuleSet.objects.update(required_papers="ktp")
    address, client = reverse("applicants:new_rule_set", args=[programme.code]), client_of(ani)
    assert re.search('value="ktp"[^>]*checked', client.get(address).content.decode())
    client.post(address, posted(programme, required_papers=["ktp", "kk"]))
    assert programme.rule_sets.get(number="TEST/2/2022").required_papers == "ktp kk"
    page = client.get(reverse("applicants:rule_sets", args=[programme.code])).content.decode()
    assert "Identity card (KTP), Family card (KK)" in page


def test_what_is_wrong_stands_beside_it_and_nothing_typed_is_lost(
    programme: Programme, ani: User, client_of: Callable[[User], Client]
) -> None:
    address, client = reverse("applicants:new_rule_set", args=[programme.code]), client_of(ani)
    wrong = {"rule-0-value": "tujuh", "rule-1-source": "", "rule-2-reason": "{umur}", "valid_from": "2021-01-01"}
    page = client.post(address, posted(programme, **wrong)).content.decode()
    assert "This is not clear. Write a whole number in digits." in page
    assert "Use no other braces than" in page
    assert "tujuh" in page
    refused = client.post(address, posted(programme, valid_from="2021-01-01"))
    assert "Write a later day" in refused.content.decode()
    assert programme.rule_sets.count() == 1


def test_a_further_rule_is_added_to_what_was_typed(
    programme: Programme, ani: User, client_of: Callable[[User], Client]
) -> None:
    address = reverse("applicants:new_rule_set", args=[programme.code])
    answer = client_of(ani).post(address, posted(programme, add="income_share", number="BARU/1"))
    assert answer.context["form"]["number"].value() == "BARU/1"
    assert answer.context["rows"].forms[-1]["field"].value() == "income_share"
    assert programme.rule_sets.count() == 1


def test_what_was_tried_is_taken_into_a_version_with_the_words_it_had(
    programme: Programme, ani: User, client_of: Callable[[User], Client]
) -> None:
    programme.rule_sets.get().rules.filter(order=1).update(reason="Terlalu muda.")
    tried = {"rule-TOTAL_FORMS": 3, "rule-INITIAL_FORMS": 0}
    for number, (field, order, value) in enumerate((("age", "1", "20"), ("age", "2", "30"), ("dependants", "", "2"))):
        tried |= {f"rule-{number}-field": field, f"rule-{number}-order": order, f"rule-{number}-value": value}
        tried |= {f"rule-{number}-comparison": "at_most" if number else "at_least"}
    tried |= {"rule-1-is_off": "on"}
    rows = client_of(ani).get(reverse("applicants:new_rule_set", args=[programme.code]), tried).context["rows"]
    found = [(row["field"].value(), row["value"].value(), row["reason"].value()) for row in rows]
    assert found == [("age", "20", "Terlalu muda."), ("dependants", "2", None)]


@pytest.mark.parametrize("route", ["applicants:rule_set", "applicants:remove_rule_set"])
def test_a_version_of_another_programme_is_not_found(
    programme: Programme,
    other_programme: Programme,
    ani: User,
    fajar: User,
    client_of: Callable[[User], Client],
    route: str,
) -> None:
    """Fajar runs the other programme: neither our address nor his own with our number opens our rule set."""
    pk, client = programme.rule_sets.get().pk, client_of(fajar)
    ask = client.post if "remove" in route else client.get
    for code in (programme.code, other_programme.code):
        assert ask(reverse(route, args=[code, pk])).status_code == 404
    assert programme.rule_sets.count() == 1


def test_a_programme_without_a_rule_set_says_so(
    programme: Programme, ani: User, client_of: Callable[[User], Client]
) -> None:
    programme.rule_sets.all().delete()
    client = client_of(ani)
    assert "No rule set yet" in client.get(reverse("applicants:rule_sets", args=[programme.code])).content.decode()
    assert client.get(reverse("applicants:new_rule_set", args=[programme.code])).status_code == 200
    assert (
        "No rule set is valid yet" in client.get(reverse("applicants:what_if", args=[programme.code])).content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"least_group": 20, "most_group": 5}, "at least 20 but at most 5 members"),
        ({"days_to_object": 9999}, "days to object"),
        ({"poverty_line_idr": 10**12}, "everybody is poor"),
        ({"issued_on": "2030-12-01"}, "is issued on"),
    ],
)
def test_a_version_that_cannot_be_meant_is_not_stored(
    programme: Programme, ani: User, client_of: Callable[[User], Client], changes: dict[str, Any], said: str
) -> None:
    address, client = reverse("applicants:new_rule_set", args=[programme.code]), client_of(ani)
    assert said in client.post(address, posted(programme, **changes)).content.decode()
    assert programme.rule_sets.count() == 1
