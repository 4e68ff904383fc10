"""Contracts and orders of offtakers, the deliveries under them, what both sides signed, and the coming months."""

import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kawasan.core.language import choices
from kawasan.core.models import User
from kawasan.core.photos import PhotoField
from kawasan.core.secrets import EncryptedPhoneField
from kawasan.enterprises.models import Enterprise, Product
from kawasan.market import rules
from kawasan.market.rules import PartAnswer, StepKind
from kawasan.partners.models import Organisation
from kawasan.programmes.models import CodeField, Programme, SourceField
from kawasan.value_chain.models import Commodity, Demand

ZERO = models.Value(0.0, output_field=FloatField())


class ContractQuerySet(models.QuerySet["Contract"]):
    def mentored_by(self, user: User) -> "ContractQuerySet":
        """The contracts of enterprises whose owners are in groups that somebody mentors."""
        return self.filter(enterprise__owner__group_memberships__group__mentor__user=user)


class Contract(models.Model):
    """An enterprise will deliver so much a month against an offtaker's demand."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="contracts")
    code = CodeField()
    demand = models.ForeignKey(
        Demand,
        on_delete=models.PROTECT,
        related_name="contracts",
        verbose_name=_("demand"),
        help_text="Demand of an offtaker that the contract serves",
    )
    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="contracts",
        verbose_name=_("enterprise"),
        help_text="Enterprise that delivers",
    )
    quantity_per_month = models.FloatField(
        _("quantity a month"),
        validators=[MinValueValidator(0)],
        help_text=_("Quantity a month, in the unit of the demand's commodity"),
    )
    price_idr = models.PositiveBigIntegerField(_("price a unit (rupiah)"), help_text=_("Price a unit in rupiah"))
    signed_on = models.DateField(_("signed"), help_text=_("Day on which the contract was signed"))
    starts_on = models.DateField(_("first day"), help_text=_("First day of the contract"))
    ends_on = models.DateField(_("last day"), help_text=_("Last day of the contract"))
    grade = models.CharField(
        _("grade"), max_length=100, blank=True, help_text=_("Quality that was agreed; empty if none")
    )
    penalty = models.CharField(
        _("penalty"), max_length=200, blank=True, help_text=_("What follows when too little or too late is delivered")
    )
    payment_days = models.PositiveSmallIntegerField(
        _("days to pay"), default=rules.DAYS_TO_PAY, help_text=_("Days after the delivery by which it is to be paid")
    )
    source = SourceField()

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="contract_code"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="contract_days",
                violation_error_message=_("The last day is before the first. Choose a later day."),
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def commodity(self) -> Commodity:
        """What is delivered under it."""
        return self.demand.commodity


class OrderQuerySet(models.QuerySet["Order"]):
    def in_full(self) -> "OrderQuerySet":
        """The orders with whatever their names and rules need."""
        return self.select_related("offtaker", "commodity", "contract", "programme")

    def of_user(self, user: User) -> "OrderQuerySet":
        """The orders of the organisation for which an account acts."""
        return self.filter(offtaker__representatives__user=user)

    def brought_by(self, user: User) -> "OrderQuerySet":
        """The orders to which somebody's own enterprise was asked to bring a part."""
        return self.filter(Exists(Part.objects.filter(order=OuterRef("pk"), enterprise__owner__person__user=user)))

    def open(self) -> Any:
        """Those that nobody called off and that are not fulfilled by what both sides signed."""
        return self.with_sums().filter(cancelled_on=None, signed__lt=F("quantity"))

    def late_on(self, day: datetime.date) -> Any:
        """The open ones whose day is past."""
        return self.open().filter(due_on__lt=day)

    def short_on(self, day: datetime.date) -> Any:
        """The open ones still to come of which nobody accepted to bring a part."""
        return self.open().filter(due_on__gte=day, accepted__lt=F("quantity"))

    def with_sums(self) -> Any:
        """With what enterprises accepted, what was proposed, what is on the way and what both sides signed."""
        parts = Part.objects.filter(order=OuterRef("pk"))
        brought = Delivery.objects.standing().filter(order=OuterRef("pk"))
        return self.annotate(
            accepted=_sum(parts.filter(answer=PartAnswer.ACCEPTED), "quantity"),
            proposed=_sum(parts.filter(answer=PartAnswer.PROPOSED), "quantity"),
            on_the_way=_sum(brought.filter(accepted_quantity=None), "quantity"),
            signed=_sum(brought, "accepted_quantity"),
        )


def _sum(rows: "QuerySet[Any]", what: str) -> Coalesce:
    sums = rows.order_by().values("order").annotate(sum=Sum(what)).values("sum")
    return Coalesce(Subquery(sums, output_field=FloatField()), ZERO)


class Order(models.Model):
    """What an offtaker wants by a day, under a contract or standing alone; several enterprises may bring it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="orders")
    code = CodeField()
    offtaker = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="orders",
        verbose_name=_("offtaker"),
        help_text="Organisation that orders",
    )
    contract = models.ForeignKey(
        Contract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("contract"),
        help_text="Contract under which it is ordered; empty when the order stands alone",
    )
    commodity = models.ForeignKey(
        Commodity,
        on_delete=models.PROTECT,
        related_name="orders",
        verbose_name=_("commodity"),
        help_text="What is ordered",
    )
    grade = models.CharField(_("grade"), max_length=100, blank=True, help_text=_("Quality that is asked for"))
    quantity = models.FloatField(
        _("quantity"), validators=[MinValueValidator(0.001)], help_text=_("Quantity, in the commodity's unit")
    )
    due_on = models.DateField(_("to be delivered by"), help_text="Day by which it is to be delivered")
    price_idr = models.PositiveBigIntegerField(_("price a unit (rupiah)"), help_text=_("Price a unit in rupiah"))
    payment_days = models.PositiveSmallIntegerField(
        _("days to pay"), default=rules.DAYS_TO_PAY, help_text=_("Days after the delivery by which it is to be paid")
    )
    placed_on = models.DateField(_("ordered on"), help_text="Day of the order")
    cancelled_on = models.DateField(
        _("called off on"), null=True, blank=True, help_text="Day on which it was called off; empty if it was not"
    )
    reason = models.CharField(
        _("why it was called off"), max_length=300, blank=True, help_text="Why the order was called off"
    )
    source = SourceField()

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="order_code"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("placed_on")),
                name="order_days",
                violation_error_message=_("It would be due before it was ordered. Choose a later day."),
            ),
        )

    def __str__(self) -> str:
        return self.code


class Part(models.Model):
    """What one enterprise is asked to bring to an order; its owner accepts or declines it, once."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="order_parts")
    code = CodeField()
    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        related_name="parts",
        verbose_name=_("purchase order"),
        help_text="Order that it is a part of",
    )
    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="order_parts",
        verbose_name=_("enterprise"),
        help_text="Enterprise that is asked to bring it",
    )
    quantity = models.FloatField(
        _("quantity"), validators=[MinValueValidator(0.001)], help_text=_("Quantity, in the commodity's unit")
    )
    proposed_on = models.DateField(_("proposed on"), help_text=_("Day on which it was proposed"))
    who = models.CharField(_("proposed by"), max_length=150, help_text="Name of who proposed it")
    answer = models.CharField(
        _("answer"),
        max_length=10,
        choices=choices(PartAnswer),
        default=PartAnswer.PROPOSED,
        help_text=_("What the owner said"),
    )
    answered_on = models.DateField(
        _("day of the answer"), null=True, blank=True, help_text=_("Day of the answer; empty while there is none")
    )
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("Why it was declined, or how the owner's word was given")
    )
    source = SourceField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="part_code"),
            models.UniqueConstraint(
                fields=("order", "enterprise"),
                condition=Q(answer__in=(PartAnswer.PROPOSED, PartAnswer.ACCEPTED)),
                name="part_once",
                violation_error_message=_("This enterprise was asked for a part of the order already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.enterprise}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def standing(self) -> "DeliveryQuerySet":
        """The deliveries that no correction replaced."""
        return self.filter(~Exists(Delivery.objects.filter(replaces=OuterRef("pk"))))

    def in_full(self) -> Any:
        """With whatever their names and rules need, and the last step of each."""
        related = (
            "contract__demand__offtaker", "contract__demand__commodity", "contract__enterprise", "order__offtaker",
            "order__commodity", "enterprise", "programme",
        )  # fmt: skip
        return self.select_related(*related).with_last_step()

    def with_last_step(self) -> Any:
        last = DeliveryStep.objects.filter(delivery=OuterRef("pk")).order_by("-pk").values("kind")[:1]
        return self.annotate(last_step=Coalesce(Subquery(last), models.Value("")))

    def overdue_on(self, day: datetime.date) -> Any:
        """The deliveries whose payment status in the rules is overdue on a day."""
        limit = day - datetime.timedelta(days=rules.DAYS_TO_PAY)
        is_late = Q(pay_by__lt=day) | Q(pay_by=None, delivered_on__lt=limit)
        owed = self.standing().with_last_step().filter(~Q(accepted_quantity=0), is_late, paid_on__isnull=True)
        return owed.exclude(last_step__in=(StepKind.PAID, StepKind.DISPUTED))

    def to_offtaker(self, organisation: Any) -> "DeliveryQuerySet":
        """What was brought to one organisation."""
        return self.filter(Q(contract__demand__offtaker=organisation) | Q(order__offtaker=organisation))

    def from_enterprises(self, enterprises: "QuerySet[Enterprise]") -> "DeliveryQuerySet":
        """What these enterprises brought."""
        return self.filter(Q(enterprise__in=enterprises) | Q(enterprise=None, contract__enterprise__in=enterprises))


class Delivery(models.Model):
    """Goods handed over, as the enterprise says; the offtaker confirms all or part of them, and pays.

    What the enterprise said is never changed: a wrong row is replaced by one that names it.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="deliveries")
    code = CodeField()
    contract = models.ForeignKey(
        Contract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("contract"),
        help_text="Contract under which the goods were delivered; empty for an order that stands alone",
    )
    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("purchase order"),
        help_text="Order for which the goods were delivered, if there is one",
    )
    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("enterprise"),
        help_text="Enterprise that delivered; empty when it is that of the contract",
    )
    delivered_on = models.DateField(_("delivered"), help_text="Day of the delivery")
    quantity = models.FloatField(
        _("quantity"), validators=[MinValueValidator(0)], help_text=_("Quantity delivered, in the commodity's unit")
    )
    grade = models.CharField(_("grade"), max_length=100, blank=True, help_text=_("Quality that was delivered"))
    accepted_quantity = models.FloatField(
        _("accepted quantity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Quantity that the offtaker accepted; empty while not yet judged"),
    )
    price_idr = models.PositiveBigIntegerField(_("price a unit (rupiah)"), help_text=_("Price a unit in rupiah"))
    pay_by = models.DateField(
        _("to be paid by"), null=True, blank=True, help_text="Day by which it is to be paid; empty for 30 days"
    )
    paid_on = models.DateField(_("paid"), null=True, blank=True, help_text=_("Day of the payment; empty while unpaid"))
    who = models.CharField(_("stated by"), max_length=150, blank=True, help_text="Name of who stated the delivery")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="stated_deliveries"
    )
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces"),
        help_text="Delivery that this one corrects; that one counts no more",
    )
    source = SourceField()

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("-delivered_on", "-pk")
        verbose_name_plural = "deliveries"
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="delivery_code"),
            models.CheckConstraint(
                condition=Q(accepted_quantity__isnull=True) | Q(accepted_quantity__lte=F("quantity")),
                name="delivery_accepted",
                violation_error_message=_("More was accepted than delivered; correct the one that is wrong."),
            ),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True) | Q(paid_on__gte=F("delivered_on"), accepted_quantity__isnull=False),
                name="delivery_paid",
                violation_error_message=_(
                    "A delivery is paid once it was delivered and accepted. Enter the accepted quantity, "
                    "or correct the day of the payment."
                ),
            ),
            models.CheckConstraint(
                condition=Q(contract__isnull=False) | Q(order__isnull=False, enterprise__isnull=False),
                name="delivery_for",
                violation_error_message=_("Name the contract, or the order and the enterprise that delivered."),
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def supplier(self) -> Enterprise:
        """Who delivered."""
        return self.enterprise or self.contract.enterprise  # type: ignore[union-attr]  # one of the two is there

    @property
    def commodity(self) -> Commodity:
        """What was delivered."""
        return self.contract.demand.commodity if self.contract else self.order.commodity  # type: ignore[union-attr]

    @property
    def offtaker(self) -> Organisation:
        """To whom it was delivered."""
        return self.contract.demand.offtaker if self.contract else self.order.offtaker  # type: ignore[union-attr]

    @property
    def amount_idr(self) -> int:
        """What is to be paid for the delivery."""
        return rules.amount_due(
            quantity=self.quantity, accepted_quantity=self.accepted_quantity, price_idr=self.price_idr
        )

    @property
    def due_on(self) -> datetime.date:
        """The day by which it is to be paid."""
        return self.pay_by or self.delivered_on + datetime.timedelta(days=rules.DAYS_TO_PAY)

    def payment_on(self, day: datetime.date) -> rules.PaymentStatus:
        """Where its payment stands on a day; what the two sides said last counts where it was read along."""
        return rules.payment_status(
            due_on=self.due_on,
            accepted_quantity=self.accepted_quantity,
            paid_on=self.paid_on,
            last_step=getattr(self, "last_step", ""),
            today=day,
        )


class DeliveryStep(models.Model):
    """What one side says of a delivery. It is never changed; the next step answers it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="delivery_steps")
    code = CodeField()
    delivery = models.ForeignKey(
        Delivery,
        on_delete=models.PROTECT,
        related_name="steps",
        verbose_name=_("delivery"),
        help_text="Delivery of which it is said",
    )
    kind = models.CharField(_("what is said"), max_length=15, choices=choices(StepKind), help_text="What is said")
    dated = models.DateField(_("day"), help_text="Day on which it happened")
    quantity = models.FloatField(
        _("accepted quantity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Quantity that was accepted; empty for every other step",
    )
    amount_idr = models.PositiveBigIntegerField(
        _("amount (rupiah)"), null=True, blank=True, help_text="Sum that was paid, in rupiah; empty for other steps"
    )
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text="The reason of a dispute, or the paper on which it was said"
    )
    who = models.CharField(_("recorded by"), max_length=150, help_text="Name of who recorded it")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="delivery_steps"
    )
    source = SourceField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="delivery_step_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.get_kind_display()}"


class Showing(models.Model):
    """What an owner says about being shown to everybody. It is never changed: the newest one counts."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="showings")
    code = CodeField()
    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="showings",
        verbose_name=_("enterprise"),
        help_text="Enterprise whose products it is about",
    )
    is_shown = models.BooleanField(
        _("show my products to everybody"), default=False, help_text="Whether everybody may see its products"
    )
    phone = EncryptedPhoneField(
        _("phone for customers"),
        kind="phone",
        max_length=30,
        blank=True,
        help_text="Phone number that everybody may see; empty when none is to be shown",
    )
    dated = models.DateField(_("day"), help_text="Day on which the owner said so")
    who = models.CharField(_("said by"), max_length=150, help_text="Name of who said so")
    source = SourceField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="showing_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.enterprise}"


class CatalogueEntry(models.Model):
    """What the public catalogue adds to a product: a picture and a few words."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="catalogue_entries")
    product = models.OneToOneField(
        Product,
        on_delete=models.PROTECT,
        related_name="catalogue_entry",
        verbose_name=_("product"),
        help_text="Product of the cash book",
    )
    photo = PhotoField()
    about = models.CharField(
        _("about it"), max_length=300, blank=True, help_text="What it is, e.g. size, taste, when to order"
    )
    source = SourceField()

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "catalogue entries"
        constraints = (models.UniqueConstraint(fields=("programme", "product"), name="catalogue_entry_product"),)

    def __str__(self) -> str:
        return str(self.product)


class Outlook(models.Model):
    """Who could supply whom and what falls short in the coming months, with the input that it was computed from."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="outlooks")
    code = CodeField()
    dated = models.DateField(_("date"), help_text="Day of which the months are counted")
    input = models.JSONField(help_text="What it was computed from")
    input_hash = models.CharField(_("SHA-256 of the input"), max_length=64, help_text="Of the input as JSON")
    result = models.JSONField(help_text="Who could supply whom, and what falls short")

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="outlook_code"),)

    def __str__(self) -> str:
        return self.code
