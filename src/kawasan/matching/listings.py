"""The lists of groups, mentors and experts as files."""

from operator import attrgetter

from kawasan.core.listing import Column, Kind, listing
from kawasan.core.text import _
from kawasan.matching.models import Expert, Group, GroupMember, Loan, Mentor

GROUPS = listing(
    "groups", _("Groups"), Group,
    "code", "name", "field=field.code", "place=place.code", "place_name=place.name", "mentor=mentor.name",
    Column("members", _("Members"), attrgetter("size"), kind=Kind.INTEGER),
    Column("mean_km", _("Mean distance (km)"), attrgetter("mean_km"),
        about=_("From the members' places to where the group meets, km in a straight line"),
        kind=Kind.NUMBER),
)  # fmt: skip
MEMBERS = listing(
    "group-members", _("Members"), GroupMember,
    "group=group.code", "code=applicant.code", "name=applicant.person.name", "role",
    "place=applicant.person.place.code", "place_name=applicant.person.place.name", "distance_km", "is_fixed",
    Column("phone", _("Phone"), attrgetter("applicant.person.phone"), is_personal=True),
)  # fmt: skip
MENTORS = listing(
    "mentors", _("Mentors"), Mentor,
    "code", "name", "organisation=organisation.code", "organisation_name=organisation.name", "place=place.code",
    "place_name=place.name", "fields",
    Column("groups", _("Groups"), attrgetter("groups_now"), about=_("How many the mentor has now"),
        kind=Kind.INTEGER),
    "most_groups",
    Column("people", _("People"), attrgetter("people_now"), about=_("How many people these groups have"),
        kind=Kind.INTEGER),
    "most_people",
)  # fmt: skip
EXPERTS = listing(
    "experts", _("Experts"), Expert,
    "code", "name", "skill", "organisation=organisation.code", "organisation_name=organisation.name", "hours_per_month",
    Column("phone", _("Phone"), attrgetter("phone"), is_personal=True),
)  # fmt: skip
LOANS = listing(
    "loans",
    _("Hours that were asked for"),
    Loan,
    "code",
    "expert=expert.code",
    "day",
    "hours",
    "need",
    "group=group.code",
)
WISHES = listing(
    "wishes", _("Wishes"), None,
    Column("code", _("Number of the application"), attrgetter("code"), kind=Kind.CODE),
    Column("name", _("Name"), attrgetter("person.name"), is_personal=True),
    Column("field", _("Field"), attrgetter("field.code"), kind=Kind.CODE),
    Column("keeps_books", _("can keep books"), lambda one: _any(one, "keeps_books"), kind=Kind.YES_NO),
    Column("is_experienced", _("has experience in the field"), lambda one: _any(one, "is_experienced"),
    kind=Kind.YES_NO),
    Column("wishes", _("Wishes"), lambda one: [wish.get_kind_display() for wish in one.wishes.all()]),
    Column("to_ask", _("ask how far the person can go"), attrgetter("to_ask"), kind=Kind.YES_NO),
)  # fmt: skip


def _any(applicant: object, ability: str) -> bool | None:
    """Whether somebody can do it; nothing before anybody asked."""
    known = [getattr(one, ability) for one in applicant.abilities.all()]  # type: ignore[attr-defined]
    return any(known) if known else None
