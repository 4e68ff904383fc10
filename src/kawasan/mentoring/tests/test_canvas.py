"""The business model canvas: nine blocks, written version by version, printed on one page."""

import io

import pypdf
import pytest
from django.urls import reverse

from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.matching.tests.factories import group, mentor
from kawasan.mentoring import rules, services
from kawasan.mentoring.models import CanvasBlock
from kawasan.mentoring.rules import Block
from kawasan.mentoring.tests.factories import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(programme, citra, dewi):
    found = group(programme, "G01", people=2, mentor=mentor(programme, "M1", user=citra))
    person = found.members.order_by("pk")[0].applicant.person
    person.user = dewi
    person.save()
    return found


def url(name, own, *args):
    return reverse(f"mentoring:{name}", args=[own.programme.code, *args])


def code_of(own, number=0):
    return own.members.order_by("pk")[number].applicant.code


def write(own, block, text, read=0):
    who = own.members.order_by("pk")[0].applicant
    row = CanvasBlock(programme=own.programme, applicant=who, block=block, text=text, written_on=TODAY)
    return services.write_block(block=row, read=read, by=None)


def test_every_block_has_a_question_and_an_example():
    assert set(rules.QUESTIONS) == set(rules.EXAMPLES) == set(Block)
    assert len(Block) == 9
    assert all(len(text) <= rules.LONGEST_BLOCK for text in rules.EXAMPLES.values())


def test_participant_and_mentor_write_it_one_block_at_a_time_and_versions_stay(own, dewi, citra, client_of):
    address = url("write_block", own, "person", code_of(own), "segments")
    first = client_of(dewi).post(address, {"text": "Tetangga", "read": "0", "next": "1"})
    assert first.url == url("write_block", own, "person", code_of(own), "value")
    second = client_of(citra).post(address, {"text": "Tetangga dan toko", "read": "1"})
    assert second.url == url("canvas", own, "person", code_of(own))
    page = client_of(dewi).get(address).content.decode()
    assert "Tetangga dan toko" in page
    assert "version 1" in page
    assert [one.version for one in CanvasBlock.objects.order_by("version")] == [1, 2]
    assert LogEntry.objects.first().verb == "mentoring.block_written"


def test_of_two_who_write_at_once_the_second_reads_first_and_loses_no_word(own, dewi, client_of):
    write(own, Block.VALUE, "Segar")
    address = url("write_block", own, "person", code_of(own), "value")
    page = client_of(dewi).post(address, {"text": "Murah", "read": "0"}).content.decode()
    assert "Somebody wrote this block while you did." in page
    assert "Segar" in page
    assert "Murah" in page
    assert 'name="read" value="1"' in page
    assert CanvasBlock.objects.count() == 1


def test_what_stands_there_already_and_too_many_lines_are_refused(own):
    write(own, Block.VALUE, "Segar")
    with pytest.raises(Refused, match="stands there already"):
        write(own, Block.VALUE, " Segar ", read=1)
    with pytest.raises(Refused, match="at most 12 lines"):
        write(own, Block.COSTS, "a\n" * 13 + "b")


def test_the_group_has_a_canvas_of_its_own_and_strangers_see_neither(own, programme, dewi, citra, client_of):
    group(programme, "G02", people=1, first=9, mentor=mentor(programme, "M2"))
    other = programme.groups.get(code="G02")
    for client in (client_of(dewi), client_of(citra)):
        assert client.get(url("canvas", own, "group", "G01")).status_code == 200
        assert client.get(url("canvas", own, "group", "G02")).status_code == 404
        assert client.get(url("canvas", own, "person", code_of(other))).status_code == 404
    assert client_of(dewi).get(url("canvas", own, "person", code_of(own, 1))).status_code == 404
    assert client_of(dewi).get(url("canvas", own, "dream", "G01")).status_code == 404
    assert client_of(dewi).get(url("write_block", own, "group", "G01", "dream")).status_code == 404


def test_it_is_one_landscape_page_even_when_every_block_is_full(own, citra, client_of):
    for block in Block:
        write(own, block, ("Kata panjang " * 40)[: rules.LONGEST_BLOCK].strip())
    answer = client_of(citra).post(url("canvas_pdf", own, "person", code_of(own)))
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 1
    assert (round(pages[0].mediabox.width), round(pages[0].mediabox.height)) == (842, 595)
    text = pages[0].extract_text()
    assert text.count("panjang") == 9 * ("Kata panjang " * 40)[: rules.LONGEST_BLOCK].count("panjang")
    assert LogEntry.objects.first().verb == "mentoring.canvas_taken"


def test_the_names_of_the_blocks_are_the_usual_ones_in_both_languages(own, citra, client_of):
    page = client_of(citra).get(url("canvas", own, "person", code_of(own))).content.decode()
    assert "Value Propositions" in page
    client = client_of(citra)
    client.cookies.load({"django_language": "id"})
    assert "Proposisi Nilai" in client.get(url("canvas", own, "person", code_of(own))).content.decode()


def test_the_supervisor_counts_whole_canvases_own_or_of_the_group(own, ani, client_of, django_assert_max_num_queries):
    for block in Block:
        write(own, block, "Isi")
    client = client_of(ani)
    with django_assert_max_num_queries(12):
        page = client.get(url("mentors", own)).content.decode()
    assert "1 / 2" in page
