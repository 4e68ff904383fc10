"""Programmes at each stage of the selection, made through the services."""

import datetime

from kawasan.applicants.services import assess
from kawasan.applicants.tests import factories as applicants
from kawasan.engine import certificate
from kawasan.programmes.models import Programme
from kawasan.selection import services
from kawasan.selection.models import Draw, DrawException, Seat

DAY = datetime.date(2022, 9, 1)
SALT = "0123456789abcdef"
SOURCE = "Closing value, 2 September 2022"


def pool(programme: Programme, people: int = 10) -> None:
    """Eligible applicants: every second one a man, every third one in the second field."""
    fields = list(programme.fields.order_by("-code"))
    for number in range(1, people + 1):
        person = applicants.person(programme, number, sex="male" if number % 2 else "female")
        applicants.applicant(programme, number, of=person, field=fields[number % 3 == 0])
    assess(programme=programme, by=None, on=DAY)


def excepted(programme: Programme, code: str, kind: str, *, confirmed: bool = True) -> DrawException:
    """An exception of one applicant that counts, unless it is not confirmed."""
    entered = DrawException(
        programme=programme,
        applicant=programme.applicants.get(code=code),
        kind=kind,
        reason=f"Keputusan 12/2022 tentang {kind}",
        decided_by="Kepala Dinas",
        decided_on=DAY,
    )
    made = services.add_exception(exception=entered, by=None)
    return services.confirm_exception(exception=made, by=None, on=DAY) if confirmed else made


def frozen(programme: Programme, people: int = 10) -> Draw:
    pool(programme, people)
    return services.freeze_pool(programme=programme, source=SOURCE, by=None, salt=SALT, secret="rahasia", on=DAY)


def frozen_short_of_the_bound(programme: Programme) -> Draw:
    """A frozen pool of which not everything was reached, as a folder brings it: the log does not know it."""
    draw = frozen(programme)
    draw.frozen |= {"reached": 987_654_321, "least": 999_999_990}
    draw.frozen_hash = certificate.hashes_of(draw.frozen)["frozen"]
    draw.delete()  # another row, of which the log knows nothing
    draw.save(force_insert=True)
    return draw


def drawn(programme: Programme, people: int = 10, value: str = "6.812,19") -> Draw:
    return draw_from(frozen(programme, people), value)


def draw_from(draw: Draw, value: str = "7") -> Draw:
    services.enter_value(draw=draw, public_value=value, by=None)
    return services.run_draw(draw=draw, by=None, on=DAY)


def accepted(programme: Programme, people: int = 10) -> Draw:
    draw = drawn(programme, people)
    for seat in Seat.objects.filter(draw=draw).held().order_by("place_in_order"):
        services.accept(seat=seat, by=None, on=DAY)
    return draw
