"""What ties somebody of the programme to applications, so that they neither verify nor decide about them."""

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from kawasan.applicants.models import Applicant, Closeness, OwnCard, Verification
from kawasan.applicants.rules.verification import CheckStage, Ties
from kawasan.core.models import User
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import Role

LEAST_NAME = 3  # letters of a name that is sought among those who helped


def verifiers_of(programme: Programme) -> QuerySet[User]:
    """Who may be given a verification."""
    found = User.objects.filter(
        memberships__programme=programme, memberships__role__in=(Role.MANAGER, Role.VERIFIER), is_active=True
    )
    return found.distinct().order_by("name", "pk")


def has_two_verifiers(programme: Programme) -> bool:
    """Whether papers and visit are for two different people: not where one verifier does it all."""
    return programme.memberships.filter(role=Role.VERIFIER).values("user").distinct().count() > 1


def ties_of(applicant: Applicant, user: User, stage: str = "") -> Ties:
    """What ties somebody to one application; for a visit also that they checked its papers."""
    ties = tied(applicant.programme, user, stage)
    asked = {
        f"tie_{name}": Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
        for name, condition in ties.items()
    }
    row = Applicant.objects.filter(pk=applicant.pk).annotate(**asked).values(*asked).get()
    return Ties(**{name: row[f"tie_{name}"] for name in ties})


def tied(programme: Programme, user: User, stage: str = "") -> dict[str, Q]:
    """The applications to which somebody is tied, by what ties them."""
    persons = list(user.persons.filter(programme=programme))
    stated = [own.family_card for own in OwnCard.objects.filter(programme=programme, user=user)]
    cards = [*stated, *(person.family_card for person in persons if person.family_card)]
    nobody = Q(pk__in=())
    found = {
        "entered": Q(entered_by=user),
        "helped": Q(helped_by__icontains=user.name) if len(user.name) >= LEAST_NAME else nobody,
        "is_applicant": Q(person__in=[person.pk for person in persons]),
        "family_card": Q(person__family_card__in=cards) if cards else nobody,
        "declared": Q(pk__in=Closeness.objects.filter(user=user).values("applicant")),
    }
    if stage == CheckStage.FIELD and has_two_verifiers(programme):
        checked = Verification.objects.recorded().filter(verifier=user, stage=CheckStage.ADMINISTRATIVE)
        found["checked_papers"] = Q(pk__in=checked.values("applicant"))
    return found
