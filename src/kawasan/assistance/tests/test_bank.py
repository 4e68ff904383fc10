import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kawasan.assistance import queries
from kawasan.assistance.models import BankDifference, BankLine, Statement, Step
from kawasan.assistance.rules import bank as rules
from kawasan.assistance.rules.bank import Booked, Difference, Movement
from kawasan.assistance.services import bank
from kawasan.assistance.tests.factories import assistance, up_to
from kawasan.core.errors import Refused
from kawasan.matching.tests.factories import participant

HEAD = "Rekening;0012345\nPeriode;November 2022\nTanggal;Keterangan;Debet;Kredit;Saldo\n"
COLUMNS = ["day", "text", "out", "in", ""]
DAY = datetime.date(2022, 11, 1)


def file(text, name="mutasi.csv"):
    return SimpleUploadedFile(name, text.encode())


@pytest.mark.parametrize(
    ("cell", "day"),
    [("31/12/2022", (2022, 12, 31)), ("31-Des-22", (2022, 12, 31)), ("2022-12-31 08:00", (2022, 12, 31))],
)
def test_days_are_read_as_banks_write_them(cell, day):
    assert rules.day_of(cell) == datetime.date(*day)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("20.000.000,00", 20_000_000),
        ("20,000,000.00 DB", -20_000_000),
        ("Rp 1.500", 1_500),
        ("-75000", -75_000),
        ("", 0),
        ("1.234", 1_234),
    ],
)
def test_sums_are_read_with_either_comma(cell, amount):
    assert rules.sum_of(cell) == amount


@pytest.mark.parametrize("cell", ["1,5", "sejuta", "1.00,50", "20.000,25"])
def test_what_is_no_sum_of_rupiah_is_not_guessed(cell):
    with pytest.raises(rules.Unreadable):
        rules.sum_of(cell)


def test_headings_of_indonesian_banks_are_known():
    assert rules.guess(["Tanggal", "Keterangan", "Debet", "Kredit", "Saldo"]) == COLUMNS
    assert rules.guess(["Tgl.", "Uraian Transaksi", "Mutasi", "DB/CR"]) == ["day", "text", "amount", "direction"]


def booked(step=1, amount=-2_000_000, **more):
    return Booked(step, DAY, amount, **{"account": "1234567890", "holder": "Orang Satu"} | more)


def test_a_movement_matches_by_sum_and_day_and_says_why():
    result = rules.reconcile([Movement(2, DAY, -2_000_000, "TRF 1234567890")], [booked()])
    assert [str(text) for text in result.pairs[0][2]] == ["The same sum", "The same day", "The account"]
    assert not result.differences


def test_of_equal_sums_the_one_with_the_account_is_the_match():
    moves = [Movement(2, DAY, -2_000_000, "TRF 9999999999"), Movement(3, DAY, -2_000_000, "TRF 1234567890")]
    books = [booked(1, account="9999999999"), booked(2)]
    assert {(m.row, b.step) for m, b, _why in rules.reconcile(moves, books).pairs} == {(2, 1), (3, 2)}


@pytest.mark.parametrize(
    "text",
    ["TRF KE 99999999999 MAYA SARTIKA B014", "TRF KE MAYA SARTIKA B014", "TRF 9999999999 ORANG SATU", "TRF 9999999999"],
)
def test_money_to_another_account_is_no_match(text):
    books = [booked(code="B014")]
    result = rules.reconcile([Movement(2, DAY, -2_000_000, text)], books, known=["Maya Sartika"])
    assert [(kind, book) for kind, _move, book in result.differences] == [(Difference.OTHER_ACCOUNT, books[0])]
    assert not result.pairs


@pytest.mark.parametrize(
    ("text", "is_sure"),
    [("TRF KE ORANG SATU", True), ("TRF 20221101 1234567890", True), ("TRF B014", False), ("TRF 01112022", False)],
)
def test_a_match_without_account_and_holder_says_so(text, is_sure):
    ((_move, _book, why),) = rules.reconcile([Movement(2, DAY, -2_000_000, text)], [booked(code="B014")]).pairs
    assert ("Neither the account nor its holder" not in str(why[-1])) == is_sure


def test_every_difference_has_its_name():
    moves = [
        Movement(2, DAY, -2_000_000, "TRF 1234567890"),
        Movement(3, DAY, -2_000_000, "TRF 1234567890"),
        Movement(4, DAY, -1_900_000, "TRF 5555555555"),
        Movement(5, DAY, -6_500, "Biaya"),
    ]
    books = [booked(1), booked(2, account="5555555555"), booked(3, amount=-700, account="7777777777", holder="")]
    kinds = [kind for kind, _move, _book in rules.reconcile(moves, books).differences]
    assert kinds == [Difference.TWICE, Difference.OTHER_SUM, Difference.BANK_ONLY, Difference.BOOKS_ONLY]


@pytest.fixture
def paid(programme, cast):
    receiver = participant(programme, 1)
    receiver.person.user = cast["dewi"]
    receiver.person.save(update_fields=("user",))
    return up_to("paid", assistance(receiver), cast)


def test_a_statement_is_matched_and_its_differences_closed_by_another(programme, paid, cast):
    text = HEAD + "01/11/2022;TRF 1234567890 ORANG 1;2.000.000,00;;1\n02/11/2022;BIAYA ADM;6.500,00;;1\n"
    statement = bank.read_statement(programme=programme, file=file(text), by=cast["maya"])
    assert rules.guess(statement.table[0]) == COLUMNS
    bank.match_statement(statement=statement, columns=COLUMNS, by=cast["maya"])
    assert BankLine.objects.get(row=4).step.assistance == paid
    difference = BankDifference.objects.get()
    assert difference.kind == Difference.BANK_ONLY
    with pytest.raises(Refused, match="Write what"):
        bank.close_difference(difference=difference, word=" ", by=cast["ani"])
    with pytest.raises(Refused, match="somebody else closes"):
        bank.close_difference(difference=difference, word="Biaya bank", by=cast["maya"])
    bank.close_difference(difference=difference, word="Biaya bank", by=cast["ani"])
    with pytest.raises(Refused, match="closed already"):
        bank.close_difference(difference=difference, word="Lagi", by=cast["ani"])


def matched(programme, cast, text, by="maya"):
    statement = bank.read_statement(programme=programme, file=file(HEAD + text), by=cast[by])
    bank.match_statement(statement=statement, columns=COLUMNS, by=cast[by])
    return statement


def test_whoever_paid_closes_nothing_also_when_only_the_name_is_known(programme, paid, cast):
    matched(programme, cast, "01/11/2022;BIAYA ADM;6.500,00;;1\n")
    Step.objects.update(entered_by=None)
    for difference in BankDifference.objects.all():
        with pytest.raises(Refused, match="somebody else closes"):
            bank.close_difference(difference=difference, word="Belum", by=cast["maya"])
        bank.close_difference(difference=difference, word="Belum", by=cast["ani"])


def test_a_closed_difference_is_opened_again_and_no_word_is_lost(programme, paid, cast):
    matched(programme, cast, "01/11/2022;BIAYA ADM;6.500,00;;1\n")
    difference = BankDifference.objects.get(kind=Difference.BANK_ONLY)
    with pytest.raises(Refused, match="open already"):
        bank.reopen_difference(difference=difference, reason="Salah", by=cast["maya"])
    bank.close_difference(difference=difference, word="Biaya bank", by=cast["ani"])
    bank.reopen_difference(difference=difference, reason="Bukan biaya", by=cast["maya"])
    bank.close_difference(difference=difference, word="Pajak", by=cast["ani"])
    assert [said.word for said in difference.words.all()] == ["Biaya bank", "Bukan biaya", "Pajak"]


def test_the_same_file_twice_is_refused(programme, cast):
    text = HEAD + "01/11/2022;BIAYA ADM;6.500,00;;1\n"
    bank.read_statement(programme=programme, file=file(text), by=cast["maya"])
    with pytest.raises(Refused, match="taken over already"):
        bank.read_statement(programme=programme, file=file(text, "lain.csv"), by=cast["maya"])


def test_nothing_is_half_loaded(programme, cast):
    text = HEAD + "01/11/2022;BIAYA ADM;6.500,00;;1\n99/11/2022;RUSAK;1;;1\n"
    statement = bank.read_statement(programme=programme, file=file(text), by=cast["maya"])
    with pytest.raises(Refused, match="Row 5"):
        bank.match_statement(statement=statement, columns=COLUMNS, by=cast["maya"])
    assert not BankLine.objects.exists()
    assert Statement.objects.get().status == "read"


@pytest.mark.parametrize("content", [b"\x00\x01", b"PK\x03\x04\x00", b"satu kolom\nsaja\n", b""])
def test_what_is_no_statement_is_refused_with_what_to_do(programme, cast, content):
    with pytest.raises(Refused, match="Export the statement as CSV"):
        bank.read_statement(programme=programme, file=SimpleUploadedFile("x.csv", content), by=cast["maya"])


def test_a_heading_without_a_movement_is_said_to_be_that(programme, cast):
    with pytest.raises(Refused, match="no movements below its heading"):
        bank.read_statement(programme=programme, file=file(HEAD), by=cast["maya"])


def test_money_that_came_in_is_asked_about_as_such():
    back = booked(code="B014", amount=500_000)
    ((_move, _book, why),) = rules.reconcile([Movement(2, DAY, 500_000, "SETORAN B014")], [back]).pairs
    assert str(why[-1]) == "Neither the account nor its holder is named: ask the bank who paid it in"


def test_the_totals_of_bank_and_books_stand_side_by_side(programme, paid, cast, client_of):
    text = "01/11/2022;TRF 1234567890;1.500.000,00;;1\n02/11/2022;SETORAN;;6.500,00;1\n"
    statement = matched(programme, cast, text)
    found = [(one.bank_idr, one.books_idr, one.apart_idr) for one in queries.totals(statement)]
    assert found == [(1_500_000, 2_000_000, -500_000), (6_500, 0, 6_500)]
    address = reverse("assistance:statement", args=[programme.code, statement.pk])
    assert "−Rp500,000" in client_of(cast["maya"]).get(address).content.decode()


def test_a_statement_is_matched_once(programme, cast):
    statement = bank.read_statement(
        programme=programme, file=file(HEAD + "01/11/2022;BIAYA;6.500,00;;1\n"), by=cast["maya"]
    )
    bank.match_statement(statement=statement, columns=COLUMNS, by=cast["maya"])
    with pytest.raises(Refused, match="matched already"):
        bank.match_statement(statement=statement, columns=COLUMNS, by=cast["maya"])


def test_a_wrong_statement_is_taken_back_and_its_file_may_come_again(programme, paid, cast):
    text = "01/11/2022;TRF 1234567890;2.000.000,00;;1\n"
    wrong = matched(programme, cast, text)
    with pytest.raises(Refused, match="somebody else takes"):
        bank.take_statement_back(statement=wrong, reason="Kolom salah", by=cast["maya"])
    bank.take_statement_back(statement=wrong, reason="Kolom salah", by=cast["ani"])
    assert not BankLine.objects.exclude(step=None).exists()
    matched(programme, cast, text)
    assert BankLine.objects.exclude(step=None).count() == 1


def test_a_statement_that_cannot_be_read_is_removed(programme, cast):
    statement = bank.read_statement(programme=programme, file=file(HEAD + "99/99/2022;A;1;;1\n"), by=cast["maya"])
    bank.take_statement_back(statement=statement, reason="Rusak", by=cast["maya"])
    assert not Statement.objects.exists()


def test_a_movement_after_the_edge_of_a_statement_closes_what_it_missed(programme, paid, cast):
    matched(programme, cast, "31/10/2022;BIAYA ADM;6.500,00;;1\n01/11/2022;BIAYA ADM;6.500,00;;1\n")
    missed = BankDifference.objects.get(kind=Difference.BOOKS_ONLY)
    later = matched(programme, cast, "02/11/2022;TRF 1234567890;2.000.000,00;;1\n03/11/2022;BUNGA;;700,00;1\n")
    missed.refresh_from_db()
    assert missed.closed_on
    assert "mutasi.csv" in missed.word
    bank.take_statement_back(statement=later, reason="Keliru", by=cast["ani"])
    missed.refresh_from_db()
    assert missed.closed_on is None


def test_the_same_movements_in_another_export_are_refused(programme, cast):
    text = "01/11/2022;A;1.000;;1\n02/11/2022;B;2.000;;1\n03/11/2022;C;3.000;;1\n"
    matched(programme, cast, text)
    with pytest.raises(Refused, match="3 of 4 movements"):
        matched(programme, cast, text.replace(";A", ";LAIN") + "04/11/2022;D;4.000;;1\n")


def test_sen_and_balances_do_not_refuse_a_file(programme, paid, cast):
    text = "Saldo Awal;;;;1\n01/11/2022;BUNGA;;1.000,50;1\n\n;Mutasi Debet;2.000.000,00;;\n;;;;\nTotal;;1;;\n"
    matched(programme, cast, text)
    difference = BankDifference.objects.get(kind=Difference.NOT_WHOLE)
    assert (difference.line.row, difference.line.amount_idr) == (5, 1_000)
    assert BankLine.objects.count() == 1
