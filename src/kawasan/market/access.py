"""Whose orders and deliveries somebody may see, and for which side they may speak."""

from django.db.models import QuerySet

from kawasan.enterprises.models import Enterprise
from kawasan.market.models import Delivery, DeliveryQuerySet, Order, OrderQuerySet, Part
from kawasan.market.rules import StepKind
from kawasan.partners.models import Organisation
from kawasan.programmes.access import ProgrammeRequest, has_role
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import FIELD_TEAM, OFFICE, OVERSIGHT, Role

READERS = (*OFFICE, *FIELD_TEAM, *OVERSIGHT)
PLANNERS = (Role.MANAGER, Role.PLANNER)
WRITERS = (Role.MANAGER, Role.PLANNER, Role.MENTOR)
BUYERS = (*PLANNERS, Role.OFFTAKER)
STATERS = (*WRITERS, Role.PARTICIPANT)
EVERY_SIDE = (*READERS, Role.OFFTAKER, Role.PARTICIPANT)
SPEAKERS: dict[str, tuple[Role, ...]] = {
    StepKind.CONFIRMED: (Role.MANAGER, Role.OFFTAKER),
    StepKind.DISPUTED: (Role.MANAGER, Role.OFFTAKER),
    StepKind.PAID: (Role.MANAGER, Role.OFFTAKER),
    StepKind.RECEIVED: (Role.MENTOR, Role.PARTICIPANT),
    StepKind.NOT_RECEIVED: (Role.MENTOR, Role.PARTICIPANT),
}
"""For the offtaker speaks its own account, or the manager with the paper that the offtaker signed; for the enterprise
its owner, or the mentor."""


def organisation_of(request: ProgrammeRequest, programme: Programme) -> Organisation | None:
    """The organisation for which an account acts."""
    acting = programme.representatives.filter(user=request.user).select_related("organisation").first()
    return acting.organisation if acting else None


def own_enterprises(request: ProgrammeRequest, programme: Programme) -> QuerySet[Enterprise]:
    """For which enterprises somebody speaks: the office for all, a mentor for the own groups', an owner for the own."""
    enterprises = programme.enterprises.all()
    if has_role(request, *PLANNERS):
        return enterprises
    own = enterprises.none()
    if has_role(request, Role.MENTOR):
        own = enterprises.filter(pk__in=enterprises.mentored_by(request.user).values("pk"))
    if has_role(request, Role.PARTICIPANT):
        own = own | enterprises.owned_by(request.user)
    return own


def orders_seen(request: ProgrammeRequest, programme: Programme) -> OrderQuerySet:
    """The team sees all orders, an offtaker those of its organisation, an owner those with an own part."""
    orders: OrderQuerySet = Order.objects.filter(programme=programme)
    if has_role(request, *READERS):
        return orders
    own = orders.none()
    if has_role(request, Role.OFFTAKER):
        own = own | orders.of_user(request.user)
    if has_role(request, Role.PARTICIPANT):
        own = own | orders.brought_by(request.user)
    return own


def orders_bought(request: ProgrammeRequest, programme: Programme) -> OrderQuerySet:
    """The orders that somebody may call off: planners all, an offtaker those of its organisation."""
    orders: OrderQuerySet = Order.objects.filter(programme=programme)
    return orders if has_role(request, *PLANNERS) else orders.of_user(request.user)


def deliveries_seen(request: ProgrammeRequest, programme: Programme) -> DeliveryQuerySet:
    """The team sees all deliveries, an offtaker what came to it, an owner what the own enterprise brought."""
    deliveries: DeliveryQuerySet = Delivery.objects.filter(programme=programme)
    if has_role(request, *READERS):
        return deliveries
    own = deliveries.none()
    if has_role(request, Role.OFFTAKER) and (ours := organisation_of(request, programme)):
        own = own | deliveries.to_offtaker(ours)
    if has_role(request, Role.PARTICIPANT):
        own = own | deliveries.from_enterprises(programme.enterprises.owned_by(request.user))
    return own


def deliveries_stated(request: ProgrammeRequest, programme: Programme) -> DeliveryQuerySet:
    """The deliveries for whose enterprise somebody speaks."""
    deliveries: DeliveryQuerySet = Delivery.objects.filter(programme=programme)
    return deliveries.from_enterprises(own_enterprises(request, programme))


def deliveries_to_speak_of(request: ProgrammeRequest, programme: Programme, kind: str) -> DeliveryQuerySet:
    """The deliveries of which somebody may say this."""
    deliveries: DeliveryQuerySet = Delivery.objects.filter(programme=programme)
    if kind in (StepKind.RECEIVED, StepKind.NOT_RECEIVED):
        return deliveries_stated(request, programme)
    if has_role(request, Role.MANAGER):
        return deliveries
    ours = organisation_of(request, programme)
    return deliveries.to_offtaker(ours) if ours else deliveries.none()


def may_say(request: ProgrammeRequest, delivery: Delivery, kind: str) -> bool:
    """Whether somebody speaks for the side that says this."""
    if not has_role(request, *SPEAKERS[kind]):
        return False
    return deliveries_to_speak_of(request, delivery.programme, kind).filter(pk=delivery.pk).exists()


def parts_to_answer(request: ProgrammeRequest, programme: Programme) -> QuerySet[Part]:
    """The parts that somebody may answer: an owner the own ones, a mentor those of the own groups."""
    enterprises = programme.enterprises.all()
    own = enterprises.owned_by(request.user)
    if has_role(request, Role.MENTOR):
        own = own | enterprises.filter(pk__in=enterprises.mentored_by(request.user).values("pk"))
    parts = Part.objects.filter(programme=programme, enterprise__in=own)
    return parts.select_related("order__commodity", "order__offtaker", "enterprise", "programme")
