"""Contracts between enterprises and offtakers, the deliveries under them, and what the coming months will bring."""

import datetime

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.core.models import User
from kawasan.enterprises.models import Enterprise
from kawasan.market import rules
from kawasan.programmes.models import CodeField, Programme, SourceField
from kawasan.value_chain.models import Demand


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
        help_text="Quantity a month, in the unit of the demand's commodity",
    )
    price_idr = models.PositiveBigIntegerField(_("price a unit (rupiah)"), help_text="Price a unit in rupiah")
    signed_on = models.DateField(_("signed"), help_text="Day on which the contract was signed")
    starts_on = models.DateField(_("first day"), help_text="First day of the contract")
    ends_on = models.DateField(_("last day"), help_text="Last day of the contract")
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


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def overdue_on(self, day: datetime.date) -> "DeliveryQuerySet":
        """The deliveries whose payment status in the rules is overdue on a day."""
        limit = day - datetime.timedelta(days=rules.DAYS_TO_PAY)
        return self.filter(~models.Q(accepted_quantity=0), paid_on__isnull=True, delivered_on__lt=limit)


class Delivery(models.Model):
    """Goods handed over under a contract; the offtaker accepts all or part of them, and pays."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="deliveries")
    code = CodeField()
    contract = models.ForeignKey(
        Contract,
        on_delete=models.PROTECT,
        related_name="deliveries",
        verbose_name=_("contract"),
        help_text="Contract under which the goods were delivered",
    )
    delivered_on = models.DateField(_("delivered"), help_text="Day of the delivery")
    quantity = models.FloatField(
        _("quantity"), validators=[MinValueValidator(0)], help_text="Quantity delivered, in the commodity's unit"
    )
    accepted_quantity = models.FloatField(
        _("accepted quantity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Quantity that the offtaker accepted; empty while not yet judged",
    )
    price_idr = models.PositiveBigIntegerField(_("price a unit (rupiah)"), help_text="Price a unit in rupiah")
    paid_on = models.DateField(_("paid"), null=True, blank=True, help_text="Day of the payment; empty while unpaid")
    source = SourceField()

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("-delivered_on", "-pk")
        verbose_name_plural = "deliveries"
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="delivery_code"),
            models.CheckConstraint(
                condition=models.Q(accepted_quantity__isnull=True)
                | models.Q(accepted_quantity__lte=models.F("quantity")),
                name="delivery_accepted",
                violation_error_message=_("More was accepted than delivered; correct the one that is wrong."),
            ),
            models.CheckConstraint(
                condition=models.Q(paid_on__isnull=True)
                | models.Q(paid_on__gte=models.F("delivered_on"), accepted_quantity__isnull=False),
                name="delivery_paid",
                violation_error_message=_(
                    "A delivery is paid once it was delivered and accepted. Enter the accepted quantity, "
                    "or correct the day of the payment."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def amount_idr(self) -> int:
        """What is to be paid for the delivery."""
        return rules.amount_due(
            quantity=self.quantity, accepted_quantity=self.accepted_quantity, price_idr=self.price_idr
        )

    def payment_on(self, day: datetime.date) -> rules.PaymentStatus:
        """Where its payment stands on a day."""
        return rules.payment_status(
            delivered_on=self.delivered_on,
            accepted_quantity=self.accepted_quantity,
            paid_on=self.paid_on,
            today=day,
        )


class Outlook(models.Model):
    """Who could supply whom and what falls short in the coming months, with the input that it was computed from."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="outlooks")
    code = CodeField()
    dated = models.DateField(_("date"), help_text="Day of which the months are counted")
    input = models.JSONField()
    input_hash = models.CharField(_("SHA-256 of the input"), max_length=64)
    result = models.JSONField()

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="outlook_code"),)

    def __str__(self) -> str:
        return self.code
