"""Participants' cards: a random token for each, printed as a code, revoked when a card is lost."""

import datetime
import hashlib
import secrets

from django.db import transaction

from kawasan.applicants.models import Applicant
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.core.text import Text, _
from kawasan.matching.models import Group
from kawasan.training import papers, queries, rules
from kawasan.training.models import Card, Session


@transaction.atomic
def take_cards(*, group: Group, by: User | None, on: datetime.date) -> bytes:
    """The cards of a group as PDF, each made when first printed; taking them is logged."""
    people = list(
        Applicant.objects.select_for_update(of=("self",))
        .filter(group_memberships__group=group)
        .select_related("person")
        .order_by("person__name", "pk")
    )
    if not people:
        raise Refused(Text(_("The group has no members, so there are no cards.")))
    cards = {card.applicant_id: card for card in Card.objects.filter(applicant__in=people, revoked_on__isnull=True)}
    made = [_made(person, on) for person in people if person.pk not in cards]
    Card.objects.bulk_create(made)
    cards |= {card.applicant_id: card for card in made}
    log("training.cards_taken", group, by=by, is_written=False, rows=made, cards=len(people))
    return papers.cards(group, [(person, cards[person.pk]) for person in people])


@transaction.atomic
def make_own_card(*, applicant: Applicant, by: User | None, on: datetime.date) -> Card:
    """The card of a participant who shows it on a telephone; the printed one, where there is one, is the same."""
    Applicant.objects.select_for_update().get(pk=applicant.pk)
    if found := applicant.training_cards.filter(revoked_on__isnull=True).first():
        return found
    made = _made(applicant, on)
    made.full_clean()
    made.save()
    log("training.card_made", made, by=by)
    return made


def _made(applicant: Applicant, on: datetime.date) -> Card:
    token = "".join(secrets.choice(rules.SIGNS) for _sign in range(rules.TOKEN_SIGNS))
    return Card(programme_id=applicant.programme_id, applicant=applicant, token=token, issued_on=on)


def card_marks(*, session: Session) -> dict[str, str]:
    """Whom a telephone knows without a network: names by a hash of the card, from which no card can be made."""
    cards = Card.objects.filter(applicant__in=queries.people_of(session), revoked_on__isnull=True)
    rows = cards.select_related("applicant__person")
    return {hashlib.sha256(card.token.encode()).hexdigest(): card.applicant.person.name for card in rows}


@transaction.atomic
def revoke_card(*, applicant: Applicant, reason: str, by: User | None, on: datetime.date) -> Card:
    """A lost card opens nothing any more; the next print makes a new one."""
    card = Card.objects.select_for_update().filter(applicant=applicant, revoked_on__isnull=True).first()
    if card is None:
        raise Refused(Text(_("The participant has no valid card.")))
    card.revoked_on, card.reason = on, reason
    card.save(update_fields=("revoked_on", "reason"))
    log("training.card_revoked", card, by=by, reason=reason)
    return card
