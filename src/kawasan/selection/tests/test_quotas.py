"""Quotas are tried out and set: what they do to chances, what is refused, and what the page lets an officer do."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kawasan.areas.tests import factories as areas
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry, User
from kawasan.core.services import log, verify_log
from kawasan.programmes.models import Field, Programme, Quota
from kawasan.programmes.queries import quota_lines
from kawasan.programmes.rules import QuotaLine
from kawasan.selection import queries, rules, services
from kawasan.selection.models import Draw
from kawasan.selection.rules import DrawStatus
from kawasan.selection.tests import factories

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
WOMEN, DIGITAL = ("sex", "female"), ("field", "digital")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def names(programme: Programme) -> dict[tuple[str, str], str]:
    return {choice.counts: choice.label for choice in queries.quota_choices(programme)}


def outlook(programme: Programme, **changes: dict[str, Any]) -> services.Outlook:
    """What the saved quotas would do, some of them changed: ``female={"least": 4}``."""
    lines = [replace(line, **changes.get(line.value, {})) for line in quota_lines(programme)]
    return services.outlook(programme=programme, lines=lines, names=names(programme))


def change(programme: Programme, by: User | None = None, seen: str | None = None, **changes: dict[str, Any]) -> None:
    lines = [
        replace(line, **{"reason": _reason(line, changes), **changes.get(line.value, {})})
        for line in quota_lines(programme)
    ]
    state = queries.quota_state(programme) if seen is None else seen
    services.change_quotas(programme=programme, lines=lines, seen=state, by=by)


def _reason(line: QuotaLine, changes: dict[str, dict[str, Any]]) -> str:
    """Other numbers have a reason of their own."""
    return f"Rapat: {changes[line.value]}"[:200] if line.value in changes else line.reason or "Rapat"


def refusal(programme: Programme, **arguments: Any) -> str:
    with pytest.raises(Refused) as refused:
        change(programme, **arguments)
    return str(refused.value)


# Of ten people with as many tickets five are women; three, one of them a woman, are in the field "digital", which has
# at least one of four seats.


def test_without_a_quota_that_binds_everybody_has_the_same_chance(programme: Programme):
    factories.pool(programme)
    found = outlook(programme)
    assert found.reasons == []
    assert found.spread is not None
    assert found.free is not None
    assert (found.spread.least, found.spread.most) == pytest.approx((0.4, 0.4))
    assert (found.free.least, found.free.most) == pytest.approx((0.4, 0.4))


def test_what_a_quota_costs_is_seen_in_the_chances_of_every_group(programme: Programme):
    factories.pool(programme)
    found = outlook(programme, female={"least": 4})
    women, men, everybody = found.chances[WOMEN], found.chances["sex", "male"], found.spread
    assert women is not None
    assert men is not None
    assert everybody is not None
    assert (women.least, women.most) == pytest.approx((0.75, 1))  # the one woman in the field has a seat of it
    assert men.most == pytest.approx(0, abs=1e-9)
    assert everybody.least == pytest.approx(0, abs=1e-9)
    assert found.free is not None
    assert found.free.least == pytest.approx(0.4)
    assert found.gains == pytest.approx({WOMEN: 0.4})


def test_the_chances_are_those_of_the_draw_with_its_tickets(programme: Programme):
    factories.pool(programme)
    bands = {band.code: band for band in programme.need_bands.all()}
    programme.applicants.filter(code__gt="A006").update(need_band=bands["A"])
    programme.applicants.filter(code__lte="A006").update(need_band=bands["C"])
    tried, drawn = outlook(programme).spread, services.rehearse(programme=programme, seed="1").spread
    assert tried is not None
    assert drawn is not None
    assert tried.most > 2 * tried.least
    assert (tried.least, tried.most) == pytest.approx((drawn.least, drawn.most), abs=0.002)  # of a thousand panels


def test_conflicting_quotas_give_no_chances_but_the_smallest_change_that_helps(programme: Programme):
    factories.pool(programme)
    found = outlook(programme, female={"least": 4}, digital={"least": 2})
    assert found.spread is None
    assert found.chances == {}
    assert found.free is not None
    assert str(found.reasons[0]) == "These quotas cannot hold together:"
    assert found.relaxation == {WOMEN: (3, 4)}
    assert outlook(programme, female={"least": 3}, digital={"least": 2}).reasons == []


def test_a_quota_that_asks_for_more_than_it_allows_is_named(programme: Programme):
    factories.pool(programme)
    (reason,) = outlook(programme, female={"least": 5, "most": 2}).reasons
    assert str(reason) == "Sex “Women”: at least 5 is above at most 2. Correct the one that is wrong."


def test_without_a_pool_there_is_nothing_to_try_quotas_on(programme: Programme):
    found = outlook(programme)
    assert "Nobody is eligible" in str(found.reasons[0])
    assert (found.spread, found.free) == (None, None)


def test_trying_quotas_out_stores_nothing(programme: Programme):
    factories.pool(programme)
    before, entries = quota_lines(programme), LogEntry.objects.count()
    outlook(programme, female={"least": 4})
    assert (quota_lines(programme), LogEntry.objects.count()) == (before, entries)


@pytest.mark.parametrize(
    ("people", "bounds"),
    [(43_000, (19, 20)), (25_000, (11, 12)), (226_297, (100, 100)), (1, (0, 1))],  # of 226,297 and 100 seats
)
def test_a_share_of_the_population_is_proposed_in_whole_seats(people: int, bounds: tuple[int, int]):
    assert rules.proposed(people, of=226_297, seats=100) == bounds


def district(programme: Programme, code: str, people: int | None) -> None:
    areas.place(programme, code, level="district", population=people)


def test_shares_of_the_population_count_the_districts_of_the_area_only(programme: Programme):
    district(programme, "19.71.05", 300)
    district(programme, "19.71.06", 100)
    district(programme, "19.01.01", 600)
    found = {choice.counts[1]: choice for choice in queries.quota_choices(programme)}
    assert (found["19.71.05"].population_share, found["19.71.05"].proposed) == (0.75, (3, 3))
    assert found["19.01.01"].proposed is None
    assert found["female"].proposed is None


def test_no_share_is_proposed_while_the_people_of_a_district_are_unknown(programme: Programme):
    district(programme, "19.71.05", 300)
    district(programme, "19.71.06", None)
    assert queries.populations(programme) == {}


def test_saving_replaces_quotas_and_seats_and_the_log_keeps_both(programme: Programme, ani: User):
    log("tests.made", programme, by=None, rows=[*programme.fields.all(), *programme.quotas.all()])
    lines = [
        QuotaLine("field", "digital", 2, 2, "Dua komputer"),
        QuotaLine("disability", "yes", 1, 4, "Penyandang disabilitas diutamakan"),
    ]
    services.change_quotas(programme=programme, lines=lines, seen=queries.quota_state(programme), by=ani)
    assert list(programme.quotas.values_list("feature", "value", "least", "most", "reason")) == [
        ("disability", "yes", 1, 4, "Penyandang disabilitas diutamakan")
    ]
    assert programme.fields.get(code="digital").most_seats == 2
    assert programme.fields.get(code="kuliner").most_seats == 3
    entry = LogEntry.objects.get(verb="programmes.quotas_set")
    assert entry.by == ani
    assert ["sex", "female", 1, 4, "Contoh"] in entry.data["old"]
    assert ["field", "digital", 2, 2, "Dua komputer"] in entry.data["new"]
    assert not [fault for fault in map(str, verify_log()) if "Quota" in fault or "Field" in fault]


def test_what_is_not_changed_is_not_written(programme: Programme):
    services.change_quotas(
        programme=programme, lines=quota_lines(programme), seen=queries.quota_state(programme), by=None
    )
    assert not LogEntry.objects.filter(verb="programmes.quotas_set").exists()


def test_quotas_that_conflict_may_be_saved_but_no_pool_is_frozen_with_them(programme: Programme):
    factories.pool(programme)
    change(programme, female={"least": 4}, digital={"least": 2})
    assert Quota.objects.get().least == 4
    with pytest.raises(Refused, match="These quotas cannot hold together"):
        services.freeze_pool(programme=programme, source=factories.SOURCE, by=None)


def test_a_changed_quota_needs_a_reason_and_so_do_the_seats_of_a_field(programme: Programme):
    assert "Sex “Women”: say why" in refusal(programme, female={"least": 2, "reason": " "})
    assert "say why" in refusal(programme, digital={"least": 2, "reason": ""})
    change(programme, kuliner={"reason": ""})


def test_wrong_bounds_are_not_saved(programme: Programme):
    assert "is above at most 2" in refusal(programme, female={"least": 3, "most": 2})
    assert Quota.objects.get().least == 1


def test_quotas_of_a_frozen_pool_stay(programme: Programme):
    draw = factories.frozen(programme)
    assert "The pool is frozen" in refusal(programme, female={"least": 2})
    services.cancel_draw(draw=draw, reason="Somebody was forgotten", by=None)
    change(programme, female={"least": 2})
    assert Quota.objects.get().least == 2


def test_whoever_saves_after_somebody_else_is_told(programme: Programme):
    seen = queries.quota_state(programme)
    change(programme, female={"least": 2})
    assert "Somebody else changed the quotas meanwhile" in refusal(programme, seen=seen, female={"least": 3})
    assert Quota.objects.get().least == 2


def test_a_pool_is_not_frozen_with_quotas_that_changed_meanwhile(programme: Programme):
    services.cancel_draw(draw=factories.frozen(programme), reason="Somebody was forgotten", by=None)
    made, candidates = Draw.objects.get(), queries.candidates(programme)  # as it is before it is recorded
    made.pk, made.status = None, DrawStatus.FROZEN
    change(programme, female={"least": 2})
    with pytest.raises(Refused, match="The quotas changed while the pool was being frozen"):
        services.draw._record_pool(made, candidates, by=None)


def test_the_seats_of_a_field_are_no_quota(programme: Programme):
    quota = Quota(programme=programme, feature="field", value="digital", least=0, most=1, reason="Contoh")
    with pytest.raises(ValidationError, match="stand with the field"):
        quota.full_clean()


# --- the page


def at(programme: Programme) -> str:
    return reverse("selection:quotas", args=[programme.code])


def typed(programme: Programme, do: str, **changes: Any) -> dict[str, str]:
    """The form as it is saved, with some inputs changed: ``**{"least:sex:female": 4}``."""
    sent = {"do": do, "seen": queries.quota_state(programme)}
    for line in quota_lines(programme):
        for column in ("least", "most", "reason"):
            sent[f"{column}:{line.feature}:{line.value}"] = str(getattr(line, column))
    return sent | {name: str(value) for name, value in changes.items()}


def value(page: Any, name: str) -> Any:
    return page.context["form"][name].value()


def test_the_page_has_a_row_for_everything_that_a_quota_may_count(programme: Programme, ani: User, client_of: ClientOf):
    factories.pool(programme)
    page = client_of(ani).get(at(programme))
    rows = {feature: [row["choice"].label for row in rows] for feature, rows in page.context["groups"]}
    assert rows["Sex"] == ["Women", "Men"]
    assert rows["Field"] == ["Digital services", "Culinary"]
    assert rows["Age group"] == ["17-24", "25-34", "35-44", "45-55"]
    assert (value(page, "least:sex:female"), value(page, "least:sex:male")) == (1, None)


def test_colleagues_of_the_office_read_and_cannot_write(programme: Programme, budi: User, client_of: ClientOf):
    factories.pool(programme)
    page = client_of(budi).get(at(programme))
    assert page.status_code == 200
    assert 'name="do"' not in page.content.decode()
    sent = typed(programme, "save", **{"least:sex:female": 4})
    assert client_of(budi).post(at(programme), sent).status_code == 403
    assert Quota.objects.get().least == 1


def test_checking_shows_what_is_typed_and_saves_nothing(programme: Programme, ani: User, client_of: ClientOf):
    factories.pool(programme)
    page = client_of(ani).post(at(programme), typed(programme, "check", **{"least:sex:female": 4}))
    assert page.context["outlook"].chances["sex", "male"].most == pytest.approx(0, abs=1e-9)
    assert "saved: 1 to 4" in page.content.decode()
    assert value(page, "least:sex:female") == "4"
    assert Quota.objects.get().least == 1


def test_while_somebody_types_only_what_follows_is_sent(programme: Programme, ani: User, client_of: ClientOf):
    factories.pool(programme)
    sent = typed(programme, "check", **{"least:sex:female": 4})
    page = client_of(ani).post(at(programme), sent, headers={"hx-request": "true"}).content.decode()
    assert "All quotas can hold together." in page
    assert page.count('hx-swap-oob="true"') == len(queries.quota_choices(programme))
    assert "<html" not in page
    assert "<input" not in page


def test_a_number_that_is_not_clear_is_said_beside_its_name(programme: Programme, ani: User, client_of: ClientOf):
    factories.pool(programme)
    sent = typed(programme, "check", **{"least:sex:female": "four"})
    for headers in ({}, {"hx-request": "true"}):
        page = client_of(ani).post(at(programme), sent, headers=headers)
        assert page.context["outlook"] is None
        assert "At least: Women" in page.content.decode()


def test_the_smallest_change_is_taken_over_into_the_form(programme: Programme, ani: User, client_of: ClientOf):
    factories.pool(programme)
    changes = {"least:sex:female": 4, "least:field:digital": 2, "reason:field:digital": "Dua komputer"}
    page = client_of(ani).post(at(programme), typed(programme, "relax", **changes))
    assert value(page, "least:sex:female") == "3"
    assert value(page, "least:field:digital") == "2"
    assert value(page, "reason:field:digital") == "Dua komputer"
    assert page.context["outlook"].reasons == []
    assert Quota.objects.get().least == 1


def test_shares_of_the_population_fill_the_form(programme: Programme, ani: User, client_of: ClientOf):
    factories.pool(programme)
    programme.places.filter(code="19.71.01").update(population=300)
    district(programme, "19.71.06", 100)
    page = client_of(ani).post(at(programme), typed(programme, "propose", **{"least:sex:female": 2}))
    assert (value(page, "least:district:19.71.01"), value(page, "most:district:19.71.06")) == ("3", "1")
    assert value(page, "reason:district:19.71.06") == "Share of the population: 25.0%"
    assert value(page, "least:sex:female") == "2"
    assert not programme.quotas.filter(feature="district").exists()


def test_a_quota_is_added_by_one_number_and_removed_by_none(programme: Programme, ani: User, client_of: ClientOf):
    factories.pool(programme)
    changes = {"least:sex:female": "", "most:sex:female": "", "least:sex:male": 1, "reason:sex:male": "Seimbang"}
    page = client_of(ani).post(at(programme), typed(programme, "save", **changes), follow=True)
    assert "The quotas are saved." in page.content.decode()
    assert list(programme.quotas.values_list("value", "least", "most", "reason")) == [("male", 1, 4, "Seimbang")]


def test_a_field_without_numbers_may_have_any_number_of_seats(programme: Programme, ani: User, client_of: ClientOf):
    factories.pool(programme)
    changes = {"least:field:digital": "", "most:field:digital": "", "reason:field:digital": "Tanpa batas"}
    client_of(ani).post(at(programme), typed(programme, "save", **changes))
    field = Field.objects.get(code="digital")
    assert (field.least_seats, field.most_seats) == (0, programme.seats)


def test_a_reason_for_a_field_that_is_not_changed_is_not_kept(programme: Programme, ani: User, client_of: ClientOf):
    client_of(ani).post(at(programme), typed(programme, "save", **{"reason:field:digital": "Dua komputer"}))
    assert not LogEntry.objects.filter(verb="programmes.quotas_set").exists()


def test_whoever_saves_what_conflicts_is_warned(programme: Programme, ani: User, client_of: ClientOf):
    factories.pool(programme)
    changes = {"least:sex:female": 4, "least:field:digital": 2, "reason:field:digital": "Dua komputer"}
    changes["reason:sex:female"] = "Rapat 2"
    page = client_of(ani).post(at(programme), typed(programme, "save", **changes), follow=True).content.decode()
    assert "There can be no draw with them yet" in page
    assert "These quotas cannot hold together:" in page


def test_a_late_saving_is_told_keeps_what_was_typed_and_goes_through_the_second_time(
    programme: Programme, ani: User, client_of: ClientOf
):
    factories.pool(programme)
    late, browser = typed(programme, "save", **{"least:sex:female": 3}), client_of(ani)
    change(programme, female={"least": 2})
    page = browser.post(at(programme), late)
    assert page.status_code == 422
    assert "Somebody else changed the quotas meanwhile" in page.content.decode()
    assert "saved: 2 to 4" in page.content.decode()
    assert value(page, "least:sex:female") == "3"
    assert Quota.objects.get().least == 2
    browser.post(at(programme), late | {"seen": page.context["seen"]})
    assert Quota.objects.get().least == 3


def test_checking_a_late_form_does_not_make_it_a_fresh_one(programme: Programme, ani: User, client_of: ClientOf):
    factories.pool(programme)
    late = typed(programme, "check", **{"least:sex:female": 3})
    change(programme, female={"least": 2})
    page = client_of(ani).post(at(programme), late)
    assert page.context["seen"] == late["seen"]


def test_a_frozen_pool_leaves_nothing_to_edit(programme: Programme, ani: User, client_of: ClientOf):
    factories.frozen(programme)
    page = client_of(ani).get(at(programme)).content.decode()
    assert "The pool is frozen, and its quotas with it." in page
    assert 'name="do"' not in page
    selection = client_of(ani).get(reverse("selection:selection", args=[programme.code])).content.decode()
    assert at(programme) not in selection


def test_the_selection_leads_to_the_quotas_before_the_pool_is_frozen(
    programme: Programme, budi: User, dewi: User, client_of: ClientOf
):
    factories.pool(programme)
    address = reverse("selection:selection", args=[programme.code])
    assert at(programme) in client_of(budi).get(address).content.decode()
    assert at(programme) not in client_of(dewi).get(address).content.decode()


def test_the_page_asks_the_database_as_often_for_forty_as_for_ten(
    programme: Programme, ani: User, client_of: ClientOf, django_assert_max_num_queries: Any
):
    factories.pool(programme, 40)
    browser = client_of(ani)
    with django_assert_max_num_queries(30):
        browser.get(at(programme))


@pytest.mark.parametrize(
    ("is_manager", "is_possible", "is_changed", "step"),
    [
        (True, False, True, "Put right what"),
        (False, False, False, "A manager puts right"),
        (True, True, True, "Nothing is saved yet"),
        (False, True, False, "Rehearse the draw"),
    ],
)
def test_what_comes_next_is_said_to_whoever_can_do_it(is_manager: bool, is_possible: bool, is_changed: bool, step: str):
    said = rules.quota_step(is_manager=is_manager, is_possible=is_possible, is_changed=is_changed)
    assert str(said).startswith(step)


def test_numbers_that_were_tried_and_not_saved_are_said_to_be_so(programme: Programme, ani: User, client_of: ClientOf):
    factories.pool(programme)
    assert "Nothing is saved yet" not in client_of(ani).get(at(programme)).content.decode()
    tried = typed(programme, "check") | {"least:sex:female": "2"}
    assert "Nothing is saved yet" in client_of(ani).post(at(programme), tried).content.decode()


def test_the_fields_seats_of_the_adopted_plan_fill_the_form(programme: Programme, ani: User, client_of: ClientOf):
    factories.pool(programme)
    rows = [{"code": "kuliner", "seats": 3}, {"code": "digital", "seats": 1}]
    solved = {"code": "PLAN-1", "status": "solved", "input": {}, "input_hash": "", "result": {"fields": rows}}
    plan = programme.plans.create(**solved)
    assert "Seats of PLAN-1" not in client_of(ani).get(at(programme)).content.decode()
    plan.is_adopted = True
    plan.save()
    page = client_of(ani).post(at(programme), typed(programme, "plan"))
    assert "Seats of PLAN-1" in page.content.decode()
    assert (value(page, "least:field:kuliner"), value(page, "most:field:kuliner")) == ("3", "3")
    assert value(page, "reason:field:kuliner") == "Seats of PLAN-1"
    saved = typed(programme, "save") | {
        name: value(page, name)
        for code in ("kuliner", "digital")
        for name in (f"least:field:{code}", f"most:field:{code}", f"reason:field:{code}")
    }
    client_of(ani).post(at(programme), saved)
    assert list(programme.fields.order_by("code").values_list("least_seats", "most_seats")) == [(1, 1), (3, 3)]
    assert LogEntry.objects.filter(verb="programmes.quotas_set").exists()
