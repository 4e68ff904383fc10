import datetime

import pytest

from kawasan.assistance import queries
from kawasan.assistance.models import Purchase, Step
from kawasan.assistance.services import chain, codes
from kawasan.assistance.services.odd import warnings
from kawasan.assistance.tests.factories import DAY, LINES, PAPER, PHOTO, assistance, entitlement, second_verifier, up_to
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.core.services import verify_log
from kawasan.matching.tests.factories import group, member, mentor, participant
from kawasan.partners.models import Organisation
from kawasan.training.tests.factories import module


@pytest.fixture
def row(programme, cast):
    receiver = participant(programme, 1)
    receiver.person.user = cast["dewi"]
    receiver.person.save(update_fields=("user",))
    return assistance(receiver)


def buy(row, by, amount=1_200_000, day=DAY, photo=PHOTO, line=0, **more):
    lines = queries.budget_of(row)
    return chain.buy(assistance=row, dated=day, shop="Toko", items={lines[line]: amount}, photo=photo, by=by, **more)


def test_no_step_comes_without_the_one_before(row, cast):
    up_to("verified", row, cast)
    with pytest.raises(Refused, match="First comes"):
        chain.record(assistance=row, kind="paid", paper=PAPER, by=cast["maya"], dated=DAY, number="1")


def test_whoever_proposed_does_not_verify(row, cast):
    up_to("proposed", row, cast)
    with pytest.raises(Refused, match="somebody else"):
        chain.record(assistance=row, kind="verified", paper=PAPER, by=cast["ani"], dated=DAY)


def test_maker_and_checker_are_told_apart_by_name_where_there_is_no_account(row, cast):
    up_to("proposed", row, cast)
    Step.objects.update(entered_by=None)
    with pytest.raises(Refused, match="somebody else"):
        chain.record(assistance=row, kind="verified", paper=PAPER, by=cast["ani"], dated=DAY)
    chain.record(assistance=row, kind="verified", paper=PAPER, by=cast["budi"], dated=DAY)


def test_nobody_verifies_what_they_get(row, cast):
    up_to("proposed", row, cast)
    with pytest.raises(Refused, match="yours or of somebody close"):
        chain.record(assistance=row, kind="verified", paper=PAPER, by=cast["dewi"], dated=DAY)


def test_a_budget_follows_amount_and_spending_rule(row, cast):
    lines = [LINES[0] | {"quantity": 1}, LINES[1] | {"quantity": 100}]
    with pytest.raises(Refused) as refused:
        chain.propose(assistance=row, lines=lines, dated=DAY, note="", paper=PAPER, by=cast["ani"])
    said = str(refused.value)
    assert "at most 2000000" in said
    assert "At least 60 %" in said
    assert "At most 40 %" in said


def test_no_money_comes_before_the_briefing(row, programme, cast):
    up_to("pledged", row, cast)
    module(programme, is_briefing=True)
    with pytest.raises(Refused, match="must be attended before any money"):
        chain.record(assistance=row, kind="paid", paper=PAPER, by=cast["maya"], dated=DAY, number="1")


def test_what_is_paid_is_what_was_approved(row, cast):
    up_to("paid", row, cast)
    assert queries.standing_of(row).paid == 2_000_000


def test_only_the_receiver_confirms_what_is_in_hand(row, cast):
    up_to("paid", row, cast)
    for name in ("ani", "citra", "maya"):
        with pytest.raises(Refused, match="Only the receiver"):
            chain.confirm(assistance=row, amount_idr=2_000_000, manner="own", by=cast[name], dated=DAY)


def test_a_second_confirmation_is_refused(row, cast):
    up_to("received", row, cast)
    with pytest.raises(Refused, match="recorded already"):
        chain.confirm(assistance=row, amount_idr=1, manner="own", by=cast["dewi"], dated=DAY)


def test_more_than_was_paid_cannot_be_in_hand(row, cast):
    up_to("paid", row, cast)
    with pytest.raises(Refused, match="more cannot have reached you"):
        chain.confirm(assistance=row, amount_idr=2_000_001, manner="own", by=cast["dewi"], dated=DAY)


def test_a_code_confirms_once_and_not_from_whoever_took_part_before(row, programme, cast):
    up_to("paid", row, cast)
    for name in ("ani", "budi", "maya"):
        with pytest.raises(Refused, match="somebody else hands out"):
            codes.issue_code(assistance=row, by=cast[name])
    code = codes.issue_code(assistance=row, by=second_verifier(programme))
    codes.confirm_by_code(programme=programme, code=code.lower(), amount_idr=1_900_000, by=None)
    with pytest.raises(Refused, match="not known, was used"):
        codes.confirm_by_code(programme=programme, code=code, amount_idr=1_900_000, by=None)
    assert queries.standing_of(row).in_hand == 1_900_000


def test_a_witness_is_of_another_organisation(row, programme, cast):
    up_to("paid", row, cast)
    host = Organisation.objects.create(programme=programme, code="H", name="Dinas", kind="host", source="synthetic")
    other = Organisation.objects.create(programme=programme, code="L", name="LSM", kind="partner", source="synthetic")
    answers = {"assistance": row, "amount_idr": 2_000_000, "dated": DAY, "paper": PAPER, "by": cast["budi"]}
    answers |= {"witness": "Sari", "note": "Tanpa telepon"}
    with pytest.raises(Refused, match="another organisation"):
        chain.confirm_with_witness(witness_organisation=host, **answers)
    for name in ("ani", "maya"):
        with pytest.raises(Refused, match="somebody else records"):
            chain.confirm_with_witness(witness_organisation=other, **answers | {"by": cast[name]})
    for name in ("budi", "citra"):
        with pytest.raises(Refused, match="works for the programme"):
            chain.confirm_with_witness(witness_organisation=other, **answers | {"witness": str(cast[name]).upper()})
    chain.confirm_with_witness(witness_organisation=other, **answers)
    assert Step.objects.get(kind="received").manner == "witness"


def test_receipts_never_exceed_what_is_in_hand(row, cast):
    up_to("received", row, cast)
    buy(row, cast["dewi"])
    with pytest.raises(Refused, match="800000 are left"):
        buy(row, cast["dewi"], 800_001)


def test_what_is_left_is_returned_before_the_hand_over(row, cast):
    up_to("received", row, cast)
    buy(row, cast["dewi"])
    chain.record(assistance=row, kind="reported", paper=PAPER, by=cast["dewi"], dated=DAY, note="LPJ")
    with pytest.raises(Refused, match="neither spent nor returned"):
        chain.record(assistance=row, kind="handed_over", paper=PAPER, by=cast["ani"], dated=DAY)
    with pytest.raises(Refused, match="Return exactly that"):
        chain.record(assistance=row, kind="refunded", paper=PAPER, by=cast["maya"], dated=DAY, amount_idr=1)
    chain.record(assistance=row, kind="refunded", paper=PAPER, by=cast["maya"], dated=DAY, amount_idr=800_000)
    chain.record(assistance=row, kind="handed_over", paper=PAPER, by=cast["ani"], dated=DAY)
    standing = queries.standing_of(row)
    assert standing.in_hand == standing.spent + standing.refunded
    assert standing.unspent == 0


def test_a_wrong_step_is_taken_back_and_stays(row, cast):
    up_to("verified", row, cast)
    step = Step.objects.get(kind="verified")
    with pytest.raises(Refused, match="Write why"):
        chain.take_back(step=step, reason=" ", by=cast["budi"])
    chain.take_back(step=step, reason="Salah kelompok", by=cast["budi"])
    with pytest.raises(Refused, match="taken back already"):
        chain.take_back(step=step, reason="Lagi", by=cast["budi"])
    assert Step.objects.filter(kind="verified").count() == 2
    chain.record(assistance=row, kind="verified", paper=PAPER, by=cast["budi"], dated=DAY)


def test_a_proposal_that_is_sent_back_is_made_anew_and_nothing_is_lost(row, cast):
    up_to("proposed", row, cast)
    chain.take_back(step=Step.objects.get(kind="proposed"), reason="Harga terlalu tinggi", by=cast["budi"])
    up_to("proposed", row, cast)
    assert len(queries.budget_of(row)) == 2
    assert sum(len(one.budget_lines.all()) for one in queries.entries_of(row)) == 4


def test_a_rejected_proposal_goes_no_further_until_the_rejection_is_taken_back(row, cast):
    up_to("proposed", row, cast)
    chain.record(assistance=row, kind="rejected", paper=PAPER, by=cast["budi"], dated=DAY, note="Bukan usaha")
    with pytest.raises(Refused, match="was rejected"):
        chain.record(assistance=row, kind="verified", paper=PAPER, by=cast["budi"], dated=DAY)
    chain.take_back(step=Step.objects.get(kind="rejected"), reason="Keliru", by=cast["budi"])
    chain.record(assistance=row, kind="verified", paper=PAPER, by=cast["budi"], dated=DAY)


def test_what_has_receipts_is_not_taken_back(row, cast):
    up_to("received", row, cast)
    receipt = buy(row, cast["dewi"])
    with pytest.raises(Refused, match="Take that back first"):
        chain.take_back(step=Step.objects.get(kind="received"), reason="Salah", by=cast["dewi"])
    chain.take_purchase_back(purchase=receipt, reason="Salah foto", by=cast["dewi"])
    assert queries.standing_of(row).spent == 0
    assert Purchase.objects.count() == 2


def test_a_step_is_not_dated_before_the_one_before(row, cast):
    up_to("proposed", row, cast)
    with pytest.raises(Refused, match="not earlier"):
        chain.record(assistance=row, kind="verified", paper=PAPER, by=cast["budi"], dated=DAY - datetime.timedelta(1))


def test_every_row_is_in_the_log_and_the_account_is_not_in_clear(row, cast):
    up_to("received", row, cast)
    buy(row, cast["dewi"])
    assert not [fault for fault in verify_log() if "assistance." in str(fault) and "entitlement" not in str(fault)
                and "Entitlement" not in str(fault) and "Spending" not in str(fault)]  # fmt: skip
    assert "1234567890" not in str(list(LogEntry.objects.values_list("data", flat=True)))


def test_the_number_of_an_account_is_read_for_a_purpose_and_logged(row, cast):
    up_to("agreed", row, cast)
    step = Step.objects.get(kind="agreed")
    with pytest.raises(Refused):
        chain.reveal_account(step=step, purpose="", by=cast["maya"])
    assert chain.reveal_account(step=step, purpose="Transfer", by=cast["maya"]) == "1234567890"
    assert LogEntry.objects.filter(verb="assistance.account_read").count() == 1


def test_standings_of_ten_take_the_queries_of_one(programme, django_assert_max_num_queries):
    of = entitlement(programme)
    rows = [assistance(participant(programme, number), of=of) for number in range(1, 11)]
    with django_assert_max_num_queries(8):
        queries.standings(rows)


def test_odd_things_are_named_and_refuse_nothing(programme, row, cast):
    up_to("received", row, cast, in_hand=1_500_000)
    for _number in range(3):
        buy(row, cast["dewi"], 100_000)
    chain.record(assistance=row, kind="reported", paper=PAPER, by=cast["dewi"], dated=DAY, note="LPJ")
    buy(row, cast["dewi"], 100_000, day=DAY + datetime.timedelta(2), line=1)
    kinds = {one.kind for _row, found in warnings(programme, DAY) for one in found}
    assert kinds == {"round", "photo", "after_report", "in_hand"}


def test_two_equal_photos_are_warned_of_once(programme, row, cast):
    up_to("received", row, cast)
    for _number in range(2):
        buy(row, cast["dewi"], 1_000)
    ((_row, found),) = warnings(programme, DAY)
    assert [str(one) for one in found] == ["The photo of receipt K0001 is also that of K0002."]


def test_a_report_that_does_not_come_is_named_after_its_day(programme, row, cast):
    up_to("received", row, cast)
    late = DAY + datetime.timedelta(61)
    assert [one.kind for _row, found in warnings(programme, late) for one in found] == ["late"]
    (shown,) = queries.of_page(programme.assistances.all())
    assert queries.reminder_of(shown, late - datetime.timedelta(5))
    assert queries.reminder_of(shown, DAY) is None


def test_one_account_for_several_is_named(programme, row, cast):
    up_to("agreed", row, cast)
    other = assistance(participant(programme, 2), of=row.entitlement)
    up_to("agreed", other, cast)
    assert {one.kind for _row, found in warnings(programme, DAY) for one in found} == {"account", "holder"}


def test_the_receiver_of_a_group_is_one_of_its_members(programme):
    inside, stranger = participant(programme, 1), participant(programme, 2)
    found = group(programme)
    member(found, inside)
    of = entitlement(programme, recipient="group")
    with pytest.raises(Refused, match="member of the group"):
        chain.begin(entitlement=of, group=found, receiver=stranger, by=None)
    chain.begin(entitlement=of, group=found, receiver=inside, by=None)
    with pytest.raises(Refused, match="begun already"):
        chain.begin(entitlement=of, group=found, receiver=inside, by=None)


@pytest.fixture
def by_code(row, programme, cast):
    up_to("paid", row, cast)
    code = codes.issue_code(assistance=row, by=second_verifier(programme))
    return codes.confirm_by_code(programme=programme, code=code, amount_idr=1_900_000, by=None)


def test_nobody_alone_undoes_a_sum_entered_by_code(by_code, cast):
    with pytest.raises(Refused, match="another agrees"):
        chain.take_back(step=by_code, reason="Salah", by=cast["ani"])
    chain.ask_to_take_back(step=by_code, reason="Salah ketik", by=cast["ani"])
    with pytest.raises(Refused, match="somebody else agrees"):
        chain.take_back(step=by_code, reason="Salah", by=cast["ani"])
    chain.take_back(step=by_code, reason="Benar salah ketik", by=cast["budi"])
    assert not queries.standing_of(by_code.assistance).in_hand


def test_a_sum_entered_by_code_is_recorded_by_the_receiver(by_code, row):
    assert by_code.who == row.receiver.person.name


def test_the_receiver_undoes_the_own_sum_alone(by_code, cast):
    chain.take_back(step=by_code, reason="Salah ketik", by=cast["dewi"])
    assert not queries.standing_of(by_code.assistance).in_hand


def test_the_history_says_what_came_in_place_of_a_sum(by_code, row, cast):
    chain.take_back(step=by_code, reason="Salah ketik", by=cast["dewi"])
    chain.confirm(assistance=row, amount_idr=1_800_000, manner="own", by=cast["dewi"])
    (first,) = [step for step in queries.entries_of(row) if step.pk == by_code.pk]
    assert (first.amount_idr, first.replaced_by.amount_idr) == (1_900_000, 1_800_000)


def test_an_account_of_somebody_else_is_named(programme, row, cast):
    up_to("agreed", row, cast)
    assert not [one for _row, found in warnings(programme, DAY) for one in found]
    Step.objects.filter(kind="agreed").update(account_holder="Maya Sartika")
    assert {one.kind for _row, found in warnings(programme, DAY) for one in found} == {"holder"}


def test_a_mentor_of_the_receivers_group_is_no_witness_either(row, programme, cast):
    up_to("paid", row, cast)
    found = group(programme)
    found.mentor = mentor(programme)
    found.save()
    other = found.mentor.organisation
    Organisation.objects.filter(pk=other.pk).update(kind="partner")
    member(found, row.receiver)
    with pytest.raises(Refused, match="another organisation"):
        chain.confirm_with_witness(
            assistance=row, amount_idr=1, dated=DAY, paper=PAPER, by=cast["budi"], witness="Sari", note="x",
            witness_organisation=other,
        )  # fmt: skip


def test_who_bought_nothing_reports_and_returns_all(row, cast):
    up_to("received", row, cast)
    chain.record(assistance=row, kind="reported", paper=PAPER, by=cast["dewi"], dated=DAY, note="Tidak dibelanjakan")
    chain.record(assistance=row, kind="refunded", paper=PAPER, by=cast["maya"], dated=DAY, amount_idr=2_000_000)
    chain.record(assistance=row, kind="handed_over", paper=PAPER, by=cast["ani"], dated=DAY)
    assert queries.standing_of(row).unspent == 0


def test_who_got_nothing_reports_and_the_hand_over_says_what_became_of_it(row, cast):
    up_to("received", row, cast, in_hand=0)
    chain.record(assistance=row, kind="reported", paper=PAPER, by=cast["dewi"], dated=DAY, note="Tidak diterima")
    with pytest.raises(Refused, match="2000000 rupiah were paid and are not in hand"):
        chain.record(assistance=row, kind="handed_over", paper=PAPER, by=cast["ani"], dated=DAY)
    chain.record(assistance=row, kind="handed_over", paper=PAPER, by=cast["ani"], dated=DAY, note="Dilaporkan")


def test_a_receipt_may_be_older_than_the_confirmation_and_not_than_the_payment(row, cast):
    up_to("paid", row, cast)
    chain.confirm(assistance=row, amount_idr=2_000_000, manner="own", by=cast["dewi"])
    buy(row, cast["dewi"], 1_000, day=DAY)
    with pytest.raises(Refused, match="The money was paid on 2022-11-01"):
        buy(row, cast["dewi"], 1_000, day=DAY - datetime.timedelta(1))


def test_more_than_the_budget_line_is_named(programme, row, cast):
    up_to("received", row, cast)
    buy(row, cast["dewi"], 1_200_000)
    assert not warnings(programme, DAY)
    buy(row, cast["dewi"], 1, photo=PAPER)
    assert [one.kind for _row, found in warnings(programme, DAY) for one in found] == ["over_line"]
