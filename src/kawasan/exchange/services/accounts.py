"""Accounts and the demo's cast."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext

from kawasan.applicants import services as applicants
from kawasan.applicants.models import Person
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.testing import CAST, MORE, PASSWORD
from kawasan.core.text import Text, _
from kawasan.exchange.checker import check_or_refuse
from kawasan.exchange.services.run import run
from kawasan.matching.models import Mentor
from kawasan.partners import services as partners
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role
from kawasan.programmes.services import give_role

Say = Callable[[str], None]


@transaction.atomic
def add_user(*, username: str, name: str, password: str, programme: str | None, role: str, by: User | None) -> User:
    """Add an account; with a programme, it gets a role there."""
    if User.objects.filter(username=username).exists():
        raise Refused(Text(_("The account “{username}” is there already."), {"username": username}))
    user = User(username=username, name=name)
    try:
        validate_password(password, user)
        user.set_password(password)
        user.full_clean()
    except ValidationError as error:
        raise Refused(*_named(error)) from None
    user.save()
    log("core.account_added", user, by=by)
    if programme:
        found = Programme.objects.filter(code=programme).first()
        if found is None or role not in list(Role):
            raise Refused(Text(_("There is no such programme or role. Roles: {roles}"), {"roles": ", ".join(Role)}))
        give_role(programme=found, username=username, role=role, by=by)
    return user


def _named(error: ValidationError) -> list[str]:
    """What is wrong, after its field, as a command shows no form; sentences about a password name it."""
    if not hasattr(error, "error_dict"):
        return error.messages
    fields = {field.name: field.verbose_name for field in User._meta.fields}
    return [f"{fields[name]}: {' '.join(why)}" for name, why in error.message_dict.items()]


def prepare_demo(*, folder: Path, by: User | None, say: Say) -> list[tuple[str, str]]:
    """Load and run the example unless it is there, and give the cast their accounts; returns (account, role)."""
    return _give_cast(_run_once(folder, by, say), by)


def prepare_beside(*, folder: Path, by: User | None, say: Say) -> None:
    """Load and run a second example unless it is there, and let the ministry of the cast see it, to compare the two."""
    programme = Programme.objects.get(code=_run_once(folder, by, say))
    for player in CAST + MORE:
        if player.role == Role.MINISTRY:
            give_role(programme=programme, username=player.username, role=player.role, by=by)


def _run_once(folder: Path, by: User | None, say: Say) -> str:
    if not folder.is_dir():
        raise Refused(
            Text(_("The example folder {folder} is not here; run this in the checkout."), {"folder": str(folder)})
        )
    code: str = check_or_refuse(folder).one("programme")["code"]
    if Programme.objects.filter(code=code, decrees__status="signed").exists():
        say(gettext("The example programme {code} is here already; what was entered is kept.").format(code=code))
    else:
        run(folder=folder, out=settings.DATA / "run" / code, by=by, say=say)
    return code


@transaction.atomic
def _give_cast(code: str, by: User | None) -> list[tuple[str, str]]:
    programme = Programme.objects.get(code=code)
    mentor, participant = programme.mentors.order_by("code").first(), _first_participant(programme)
    plays = {"citra": mentor, "dewi": participant}
    accounts = []
    for player in CAST + MORE:
        if player.username == "fajar":
            continue  # works for another programme and must see nothing
        user = User.objects.filter(username=player.username).first()
        if user is None:
            somebody = plays.get(player.username)
            user = User(username=player.username, name=somebody.name if somebody else player.name)
            user.set_password(PASSWORD)
            user.save()
            log("core.account_added", user, by=by)
        give_role(programme=programme, username=user.username, role=player.role, by=by)
        accounts.append((player.username, gettext(Role(player.role).label)))
    _link_mentor(mentor, by)
    _link_participant(participant, by)
    _link_organisations(programme, by)
    return accounts


def _link_mentor(mentor: Mentor | None, by: User | None) -> None:
    """The cast's mentor signs in as the first mentor of the programme."""
    if mentor and mentor.user is None:
        mentor.user = User.objects.get(username="citra")
        mentor.save(update_fields=["user"])
        log("exchange.mentor_linked", mentor, by=by, account="citra")


def _first_participant(programme: Programme) -> Person | None:
    """The first without an account who takes part, is in a group and has an enterprise."""
    taking_part = programme.persons.filter(
        applicants__seat__status="accepted",
        applicants__group_memberships__isnull=False,
        applicants__enterprises__isnull=False,
        user=None,
    )
    return taking_part.order_by("applicants__code").first()


def _link_participant(person: Person | None, by: User | None) -> None:
    """The cast's participant signs in as somebody who takes part; whom the draw gave a seat differs by installation."""
    dewi = User.objects.get(username="dewi")
    if person and not dewi.persons.filter(programme=person.programme_id).exists():
        applicants.link_account(person=person, user=dewi, by=by)


def _link_organisations(programme: Programme, by: User | None) -> None:
    """The cast's offtaker acts for the buyer with most contracts, the partner for whoever promised most."""
    for username, count in (("eko", Count("demands__contracts")), ("kiki", Count("commitments"))):
        user = User.objects.get(username=username)
        busiest = programme.organisations.annotate(things=count).order_by("-things", "code").first()
        if busiest and not programme.representatives.filter(user=user).exists():
            partners.link_account(organisation=busiest, user=user, by=by)
