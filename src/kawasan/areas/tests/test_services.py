"""What is kept of resources, their kinds and photos."""

import datetime
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import override
from PIL import Image

from kawasan.areas import queries, services
from kawasan.areas.models import Boundary, Resource, ResourceKind
from kawasan.areas.tests import factories
from kawasan.core import photos
from kawasan.core.errors import Refused
from kawasan.core.models import LogEntry
from kawasan.core.services import log, verify_log

pytestmark = pytest.mark.django_db


def picture(colour="red"):
    written = BytesIO()
    Image.new("RGB", (40, 30), colour).save(written, "JPEG")
    return photos.Photo(written.getvalue())


def test_a_resource_is_added_changed_and_logged(programme, ani):
    resource = services.add_resource(
        programme=programme,
        by=ani,
        code="RES-9",
        name="Ikan tenggiri",
        kind=factories.kind(programme, "ikan", unit="kg"),
        place=factories.place(programme),
        quantity=500,
        unit="ton",
        as_of=datetime.date(2022, 8, 1),
        source="synthetic",
    )
    services.change_resource(resource=resource, changes={"sustainable_yield": 400.0, "used": 390.0}, by=ani)
    assert Resource.objects.get().head_room == 10
    assert [e.verb for e in LogEntry.objects.all()] == ["areas.resource_changed", "areas.resource_added"]
    assert LogEntry.objects.first().data["changes"] == {"sustainable_yield": ["", "400.0"], "used": ["", "390.0"]}
    assert [fault for fault in verify_log() if "areas.Resource " in str(fault)] == []


def test_a_change_of_nothing_is_not_logged(programme, ani):
    services.change_resource(resource=factories.resource(factories.place(programme)), changes={}, by=ani)
    assert not LogEntry.objects.exists()


def test_a_negative_yield_is_not_stored(programme, ani):
    resource = factories.resource(factories.place(programme))
    with pytest.raises(ValidationError):
        services.change_resource(resource=resource, changes={"sustainable_yield": -1.0}, by=ani)
    assert Resource.objects.get().sustainable_yield is None


def test_the_database_and_the_rule_agree_on_what_runs_short(programme):
    place = factories.place(programme)
    for number, (yearly, used) in enumerate([(500, 400), (500, 401), (0, 0), (0, 1), (None, 9), (9, None), (3, 2.4)]):
        factories.resource(place, f"RES-{number}", sustainable_yield=yearly, used=used)
    by_rule = {r.code for r in Resource.objects.all() if r.warning}
    assert {r.code for r in Resource.objects.running_short()} == by_rule == {"RES-1", "RES-3"}


def test_half_a_position_cannot_be_stored(programme):
    with pytest.raises(IntegrityError):
        factories.resource(factories.place(programme), latitude=-2.1)


def test_a_boundary_that_is_no_polygon_is_refused_in_words(programme):
    row = Boundary(programme=programme, place=factories.place(programme), geometry={"type": "Point"}, source="x")
    with pytest.raises(ValidationError, match="Polygon"):
        row.full_clean()


def test_a_unit_that_does_not_fit_its_kind_is_refused_with_what_fits(programme, ani):
    resource = factories.resource(factories.place(programme), kind=factories.kind(programme, "ikan", unit="kg"))
    services.change_resource(resource=resource, changes={"unit": "t"}, by=ani)
    with pytest.raises(Refused, match="is measured in kg; give the quantity in that"):
        services.change_resource(resource=resource, changes={"unit": "ekor"}, by=ani)


def test_more_use_than_there_is_cannot_be_stored(programme, ani):
    resource = factories.resource(factories.place(programme), quantity=10)
    with override("en"), pytest.raises(ValidationError, match="More is used than there is"):
        services.change_resource(resource=resource, changes={"used": 11.0}, by=ani)


@pytest.mark.parametrize(("period", "yearly"), [("year", (100, 40)), ("month", (1200, 480))])
def test_a_month_counts_twelve_times_in_a_year(programme, period, yearly):
    resource = factories.resource(factories.place(programme), sustainable_yield=100, used=40, period=period)
    assert (resource.yearly_yield, resource.yearly_use) == yearly


def test_a_resource_is_removed_with_its_photo_and_the_log_knows(programme, ani, django_capture_on_commit_callbacks):
    resource = factories.resource(factories.place(programme))
    with django_capture_on_commit_callbacks(execute=True):
        services.set_photo(resource=resource, photo=picture(), by=ani)
    assert photos.has(resource.photo)
    with override("en"), django_capture_on_commit_callbacks(execute=True):
        services.remove_resource(resource=resource, by=ani)
    assert not Resource.objects.exists()
    assert not photos.has(picture().name)
    assert LogEntry.objects.first().data == {"name": "Resource RES-1"}
    assert [fault for fault in verify_log() if "Resource" in str(fault) and "deleted" in str(fault)] == []


def test_a_photo_that_two_resources_show_stays_until_both_let_go(programme, ani, django_capture_on_commit_callbacks):
    place = factories.place(programme)
    one, other = factories.resource(place), factories.resource(place, "RES-2")
    with django_capture_on_commit_callbacks(execute=True):
        for resource in (one, other):
            services.set_photo(resource=resource, photo=picture(), by=ani)
        services.remove_photo(resource=one, by=ani)
    assert photos.has(picture().name)
    with django_capture_on_commit_callbacks(execute=True):
        services.set_photo(resource=other, photo=picture("blue"), by=ani)
    assert not photos.has(picture().name)
    assert photos.has(picture("blue").name)


def test_a_change_that_is_rolled_back_leaves_no_file(programme, ani):
    resource = factories.resource(factories.place(programme))
    services.set_photo(resource=resource, photo=picture("green"), by=ani)  # nothing is committed in a test
    assert not photos.has(picture("green").name)


def test_a_kind_is_added_changed_and_removed_and_logged(programme, ani):
    kind = services.add_kind(programme=programme, by=ani, code="madu", capital="natural", name="madu", unit="kg")
    services.change_kind(kind=kind, changes={"name_en": "honey"}, by=ani)
    services.remove_kind(kind=kind, by=ani)
    assert not ResourceKind.objects.exists()
    verbs = ["areas.kind_removed", "areas.kind_changed", "areas.kind_added"]
    assert [entry.verb for entry in LogEntry.objects.all()] == verbs


def test_a_kind_that_resources_have_is_not_removed(programme, ani):
    resource = factories.resource(factories.place(programme))
    with override("en"), pytest.raises(Refused, match="It is used by: Resource RES-1"):
        services.remove_kind(kind=resource.kind, by=ani)


def test_the_unit_of_a_kind_must_fit_its_resources(programme, ani):
    kind = factories.resource(factories.place(programme), unit="kg").kind
    assert services.change_kind(kind=kind, changes={"unit": "t"}, by=ani).unit == "t"
    with pytest.raises(Refused, match="Resources of this kind are measured in kg"):
        services.change_kind(kind=kind, changes={"unit": "ha"}, by=ani)


def test_the_history_tells_what_each_column_was_and_is(programme, ani):
    resource = factories.resource(factories.place(programme))
    log("exchange.loaded", programme, by=None, rows=[resource], is_written=False)
    services.change_resource(resource=resource, changes={"owner": "Kelurahan"}, by=ani)
    found = queries.history(resource)
    assert [str(event.what) for event in found] == ["Changed", "Read from the programme folder"]
    assert [change[1:] for change in found[0].changes] == [("", "Kelurahan")]
