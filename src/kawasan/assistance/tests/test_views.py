import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from python_calamine import CalamineWorkbook

from kawasan.assistance import forms, queries
from kawasan.assistance.models import BankDifference, BudgetLine, OneTimeCode, Purchase, Step
from kawasan.assistance.services import chain
from kawasan.assistance.tests.factories import DAY, LINES, PAPER, PHOTO, assistance, entitlement, second_verifier, up_to
from kawasan.core.models import LogEntry
from kawasan.matching.tests.factories import participant

SCRIPT = "<script>alert(1)</script>"


def photo(seed=1):
    picture = Image.effect_noise((200, 200), 90 + seed).convert("RGB")
    file = io.BytesIO()
    picture.save(file, "JPEG")
    return SimpleUploadedFile("nota.jpg", file.getvalue(), "image/jpeg")


@pytest.fixture
def row(programme, cast):
    receiver = participant(programme, 1)
    receiver.person.user = cast["dewi"]
    receiver.person.save(update_fields=("user",))
    return assistance(receiver)


@pytest.fixture
def at(programme):
    return lambda path: f"/p/{programme.code}/assistance/{path}"


def test_a_receiver_confirms_and_photographs_a_receipt(row, cast, client_of, at):
    up_to("paid", row, cast)
    dewi = client_of(cast["dewi"])
    assert "Confirm what I have in hand" in dewi.get(at("mine/")).text
    dewi.post(at("a/B001/in-hand/"), {"amount_idr": "2,000,000", "is_sure": "on"})
    line = queries.budget_of(row)[0]
    answers = {"photo": photo(), "shop": SCRIPT, "dated": "2022-12-01", "line_1": line.pk, "amount_1": "1,200,000"}
    assert dewi.post(at("a/B001/receipts/add/"), answers).status_code == 302
    page = dewi.get(at("mine/")).text
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page
    assert Purchase.objects.get().paper


def test_a_second_confirmation_and_a_second_press_store_nothing(row, cast, client_of, at):
    up_to("paid", row, cast)
    dewi = client_of(cast["dewi"])
    dewi.post(at("a/B001/in-hand/"), {"amount_idr": "2000000", "is_sure": "on"})
    again = dewi.post(at("a/B001/in-hand/"), {"amount_idr": "5", "is_sure": "on"})
    assert again.status_code == 422
    assert "recorded already" in again.text
    assert Step.objects.filter(kind="received").count() == 1


@pytest.mark.parametrize("name", ["ani", "budi", "citra", "maya", "hadi"])
def test_nobody_else_opens_the_page_that_confirms(row, cast, client_of, at, name):
    up_to("paid", row, cast)
    assert client_of(cast[name]).post(at("a/B001/in-hand/"), {"amount_idr": "1"}).status_code == 403
    assert not Step.objects.filter(kind="received").exists()


def test_another_programmes_codes_are_not_there(row, other_programme, cast, client_of):
    fajar = client_of(cast["fajar"])
    assert fajar.get(f"/p/{row.programme.code}/assistance/a/B001/").status_code == 404
    assert fajar.get(f"/p/{other_programme.code}/assistance/a/B001/").status_code == 404
    assert fajar.get(f"/p/{other_programme.code}/assistance/papers/S0001/").status_code == 404


def test_the_page_says_why_a_step_is_not_possible_yet(row, cast, client_of, at):
    page = client_of(cast["ani"]).get(at("a/B001/")).text
    assert "First comes “Proposal with budget (RAB)”." in page


def test_a_proposal_is_entered_with_its_lines(row, cast, client_of, at):
    form = {"line-TOTAL_FORMS": 2, "line-INITIAL_FORMS": 0, "dated": "2022-11-01", "note": "", "paper": photo()}
    first = {"item": SCRIPT, "category": "tools", "quantity": "2", "unit": "buah", "price_idr": "500.000,-"}
    form |= {f"line-0-{name}": value for name, value in first.items()} | {"line-1-category": "tools"}
    response = Client(headers={"accept-language": "id"})
    response.force_login(cast["ani"])
    assert response.post(at("a/B001/proposed/"), form).status_code == 302
    assert sum(line.total_idr for line in queries.budget_of(row)) == 1_000_000
    assert SCRIPT not in client_of(cast["ani"]).get(at("a/B001/")).text


def test_a_wrong_file_is_refused_with_what_to_send(row, cast, client_of, at):
    up_to("proposed", row, cast)
    wrong = SimpleUploadedFile("surat.pdf", b"MZ not a pdf")
    answers = {"dated": "2022-11-01", "note": "Baik", "paper": wrong}
    page = client_of(cast["budi"]).post(at("a/B001/verified/"), answers)
    assert "This is not a photo that can be read" in page.text
    assert not Step.objects.filter(kind="verified").exists()


def test_a_refusal_beside_a_good_pdf_says_only_what_is_wrong(row, cast, client_of, at):
    up_to("proposed", row, cast)
    answers = {"dated": "2022-10-01", "note": "Baik", "paper": SimpleUploadedFile("b.pdf", PAPER.content)}
    page = client_of(cast["budi"]).post(at("a/B001/verified/"), answers).text
    assert "so this was not earlier" in page
    assert "This is not a photo" not in page


def test_a_name_of_five_megabytes_is_refused(row, cast, client_of, at):
    up_to("received", row, cast)
    line = queries.budget_of(row)[0]
    answers = {"photo": photo(), "shop": "a" * 5_000_000, "dated": "2022-12-01", "line_1": line.pk, "amount_1": "1000"}
    page = client_of(cast["dewi"]).post(at("a/B001/receipts/add/"), answers)
    assert page.status_code == 200
    assert not Purchase.objects.exists()


def test_who_may_not_record_a_step_gets_403(row, cast, client_of, at):
    up_to("proposed", row, cast)
    assert client_of(cast["maya"]).get(at("a/B001/verified/")).status_code == 403
    assert client_of(cast["ani"]).get(at("a/B001/paid/")).status_code == 403
    assert client_of(cast["ani"]).get(at("a/B001/nothing/")).status_code == 404


def test_a_paper_is_sealed_shown_safely_and_logged(row, cast, client_of, at):
    up_to("proposed", row, cast)
    response = client_of(cast["hadi"]).get(at("papers/S0001/"))
    assert response.content.startswith(b"%PDF-")
    assert "sandbox" in response["Content-Security-Policy"]
    assert LogEntry.objects.filter(verb="assistance.paper_read", by=cast["hadi"]).exists()


def test_an_account_is_masked_until_a_purpose_is_given(row, cast, client_of, at):
    up_to("agreed", row, cast)
    maya = client_of(cast["maya"])
    assert "1234567890" not in maya.get(at("a/B001/")).text
    assert "1234567890" in maya.post(at("a/B001/reveal/"), {"purpose": "Transfer"}).text
    assert client_of(cast["budi"]).post(at("a/B001/reveal/"), {"purpose": "x"}).status_code == 403


def test_a_code_is_shown_once_and_used_without_an_account(row, cast, client_of, at):
    up_to("paid", row, cast)
    assert "somebody else hands out" in client_of(cast["ani"]).post(at("a/B001/code/")).text
    page = client_of(second_verifier(row.programme)).post(at("a/B001/code/"))
    code = page.context["code"]
    assert code in page.text
    assert code not in client_of(cast["ani"]).get(at("a/B001/")).text
    stranger = Client(headers={"accept-language": "en"})
    refused = client_of(cast["citra"]).post(at("received/"), {"code": code, "amount_idr": "1900000", "is_sure": "on"})
    assert "Sign out first" in refused.text
    assert stranger.post(at("received/"), {"code": "WRONG", "amount_idr": "1"}).status_code == 422
    assert "Thank you" in stranger.post(at("received/"), {"code": code, "amount_idr": "1900000", "is_sure": "on"}).text
    assert stranger.post(at("received/"), {"code": code, "amount_idr": "1"}).status_code == 422
    assert OneTimeCode.objects.get().used_on
    for path in ("a/B001/", "a/B001/trace/"):
        assert "code handed out by Sari Wulan" in client_of(cast["ani"]).get(at(path)).text


def test_wrong_codes_are_counted(programme, client, at):
    for _time in range(10):
        client.post(at("received/"), {"code": "WRONG", "amount_idr": "1"})
    said = Client(headers={"accept-language": "en"}).post(at("received/"), {"code": "WRONG", "amount_idr": "1"}).text
    assert "Too many wrong codes" in said


def test_the_trace_names_every_difference(row, cast, client_of, at):
    up_to("received", row, cast, in_hand=1_900_000)
    lines = queries.budget_of(row)
    chain.buy(assistance=row, dated=DAY, shop="Toko", items={lines[0]: 1_200_000}, photo=PHOTO, by=cast["dewi"])
    page = client_of(cast["hadi"]).get(at("a/B001/trace/")).text
    for said in ("DIPA contoh", "Paid and not in hand", "In hand, without receipt", "SK/1", "Toko"):
        assert said in page


def test_an_auditor_reads_and_writes_nothing(row, cast, client_of, at):
    up_to("received", row, cast)
    hadi = client_of(cast["hadi"])
    page = hadi.get(at("a/B001/")).text
    assert "Record<" not in page
    assert "Take it back" not in page
    for path in ("a/B001/reported/", "a/B001/receipts/add/", "begin/", "a/B001/steps/S0001/take-back/"):
        assert hadi.post(at(path)).status_code == 403


def test_the_spreadsheet_has_every_sheet_and_adds_up(row, cast, client_of, at):
    up_to("received", row, cast)
    file = io.BytesIO(client_of(cast["maya"]).get(at("assistance.xlsx")).content)
    book = CalamineWorkbook.from_filelike(file)
    assert book.sheet_names == ["Assistance", "Steps", "Budgets", "Receipts", "Bank", "Data dictionary"]
    head, values = book.get_sheet_by_name("Assistance").to_python()
    cells = dict(zip(head, values, strict=True))
    assert cells["paid_idr"] == cells["in_hand_idr"] + cells["not_in_hand_idr"] == 2_000_000
    assert b"paid_idr" in b"".join(client_of(cast["maya"]).get(at("?export=csv")).streaming_content)


def test_a_treasurer_reconciles_a_statement(row, cast, client_of, at):
    up_to("paid", row, cast)
    text = "Tanggal;Keterangan;Debet;Kredit\n01/11/2022;TRF 1234567890;2.000.000,00;\n01/11/2022;ADM;6.500,00;\n"
    maya = client_of(cast["maya"])
    address = maya.post(at("bank/"), {"file": SimpleUploadedFile("m.csv", text.encode())}).url
    columns = {"column_0": "day", "column_1": "text", "column_2": "out", "column_3": "in"}
    maya.post(address, columns)
    page = maya.get(address).text
    assert "In the bank and not in the books" in page
    assert "The account" in page
    number = BankDifference.objects.get().pk
    assert "somebody else closes" in maya.get(at(f"bank/differences/{number}/")).text
    ani = client_of(cast["ani"])
    assert "6,500, ADM" in ani.get(at(f"bank/differences/{number}/")).text
    ani.post(at(f"bank/differences/{number}/"), {"word": "Biaya bank"})
    assert "every difference is closed" in maya.get(address).text
    hadi = client_of(cast["hadi"])
    assert "TRF •••••••890" in hadi.get(address).text
    assert "1234567890" not in hadi.get(address).text
    assert "TRF 1234567890" in ani.get(address).text
    assert "Rp2,006,500" in page
    assert "Row 2 of the statement" in hadi.get(at("a/B001/trace/")).text
    book = CalamineWorkbook.from_filelike(io.BytesIO(maya.get(at("assistance.xlsx")).content))
    assert [cells[4] for cells in book.get_sheet_by_name("Bank").to_python()[1:]] == ["TRF •••••••890", "ADM"]
    maya.post(at(f"bank/differences/{number}/reopen/"), {"reason": "Bukan biaya"})
    assert "Bukan biaya" in maya.get(address).text
    again = maya.post(at("bank/"), {"file": SimpleUploadedFile("n.csv", text.encode())})
    assert "taken over already" in again.text


def test_lists_stay_within_twelve_queries(programme, cast, client_of, at, django_assert_max_num_queries):
    of = entitlement(programme)
    for number in range(1, 13):
        up_to("pledged", assistance(participant(programme, number), of=of), cast)
    ani = client_of(cast["ani"])
    for path in ("", "warnings/", "a/B001/", "a/B001/trace/", "bank/"):
        with django_assert_max_num_queries(12, info=path):
            assert ani.get(at(path)).status_code == 200


def test_the_list_is_filtered_searched_and_sorted(row, cast, client_of, at):
    ani = client_of(cast["ani"])
    assert "B001" in ani.get(at("?stage=none&search=b001&sort=recipient")).text
    assert "No assistance found" in ani.get(at("?stage=paid&search=%00<x>&page=99")).text
    assert datetime.date(2022, 12, 1) == row.programme.as_of


def test_a_sum_is_read_back_before_it_is_stored(row, cast, client_of, at):
    dewi = client_of(cast["dewi"])
    assert "First comes" in dewi.get(at("a/B001/in-hand/")).text
    up_to("paid", row, cast)
    assert "B001" in dewi.get(at("a/B001/in-hand/")).text
    assert "more cannot have reached you" in dewi.post(at("a/B001/in-hand/"), {"amount_idr": "14,500,000"}).text
    page = dewi.post(at("a/B001/in-hand/"), {"amount_idr": "1,450,000"})
    assert "Rp1,450,000, right?" in page.text
    assert 'name="amount_idr" value="1450000"' in page.text
    assert not Step.objects.filter(kind="received").exists()


def test_the_receiver_corrects_a_slip_until_something_came_after_it(row, cast, client_of, at):
    up_to("received", row, cast, in_hand=200_000)
    dewi = client_of(cast["dewi"])
    address = at(f"a/B001/steps/{Step.objects.get(kind='received').code}/take-back/")
    assert address in dewi.get(at("mine/")).text
    dewi.post(address, {"reason": "Kurang satu nol"})
    assert dewi.post(at("a/B001/in-hand/"), {"amount_idr": "2000000", "is_sure": "on"}).status_code == 302
    line = queries.budget_of(row)[0]
    chain.buy(assistance=row, dated=DAY, shop="Toko", items={line: 1_000}, photo=PHOTO, by=cast["dewi"])
    assert "The sum in hand is wrong" not in dewi.get(at("mine/")).text


def test_a_receipt_has_as_many_lines_as_the_budget(row, cast, client_of, at):
    lines = [LINES[0] | {"item": f"Alat {number}", "quantity": 1, "price_idr": 1_000} for number in range(5)]
    form = forms.PurchaseForm(assistance=row, lines=[BudgetLine(pk=n, **line) for n, line in enumerate(lines)])
    assert [name for name in form.fields if name.startswith("line_")] == [f"line_{number}" for number in range(1, 6)]


def test_a_rejected_assistance_says_so_once_and_approves_nothing(row, cast, client_of, at):
    up_to("proposed", row, cast)
    chain.record(assistance=row, kind="rejected", paper=PAPER, by=cast["budi"], dated=DAY, note="Bukan usaha")
    page = client_of(cast["ani"]).get(at("a/B001/")).text
    assert page.count("The proposal was rejected.") == 1
    assert queries.standing_of(row).approved == 0
    assert "Not approved" in client_of(cast["ani"]).get(at("a/B001/trace/")).text
