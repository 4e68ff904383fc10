"""What participants wish and can do is entered, by the office or by themselves."""

from django.db import transaction
from django.db.models import Q

from kawasan.applicants.models import Applicant
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text
from kawasan.matching import rules
from kawasan.matching.models import Ability, Wish
from kawasan.matching.queries import next_code


@transaction.atomic
def add_wish(*, wish: Wish, by: User | None) -> Wish:
    """Enter a wish; the log tells its kind, and not about whom it is."""
    wish.code = next_code(wish.programme, Wish, "W", 1)
    wish.source = f"entered by {by}"
    kinds = list(wish.applicant.wishes.values_list("kind", flat=True))
    if reasons := _reasons(wish) or rules.contradiction([*kinds, wish.kind]):
        raise Refused(*reasons)
    wish.full_clean()
    wish.save()
    log("matching.wish_added", wish, by=by, kind=wish.kind)
    return wish


@transaction.atomic
def remove_wish(*, wish: Wish, by: User | None) -> None:
    log("matching.wish_removed", wish.applicant, by=by, deleted=[wish], is_written=False, kind=wish.kind)
    wish.delete()


@transaction.atomic
def set_abilities(*, applicant: Applicant, keeps_books: bool, is_experienced: bool, by: User | None) -> Ability:
    """Record what a participant can do."""
    found = Ability.objects.select_for_update().filter(programme=applicant.programme, applicant=applicant).first()
    ability = found or Ability(programme=applicant.programme, applicant=applicant)
    ability.keeps_books, ability.is_experienced = keeps_books, is_experienced
    ability.source = f"entered by {by}"
    ability.full_clean()
    ability.save()
    log("matching.abilities_set", ability, by=by)
    return ability


def _reasons(wish: Wish) -> list[Text]:
    other = wish.other
    return rules.reasons_bad_wish(
        kind=wish.kind,
        is_own=other is not None and other.pk == wish.applicant_id,
        is_same_field=other is not None and other.field_id == wish.applicant.field_id,
        sex=wish.applicant.person.sex,
        between=_between(wish.applicant, other) if other else (),
    )


def _between(one: Applicant, other: Applicant) -> set[str]:
    """The kinds of wishes that two people have of each other."""
    pair = Q(applicant=one, other=other) | Q(applicant=other, other=one)
    return set(Wish.objects.filter(pair).values_list("kind", flat=True))
