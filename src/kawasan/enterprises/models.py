"""Enterprises of the participants, the people who work in them, and their cash books."""

import datetime
from typing import Any, ClassVar

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kawasan.applicants.models import Applicant
from kawasan.applicants.models.persons import IDENTITY_LENGTH, IdentityField
from kawasan.applicants.rules import Sex
from kawasan.areas.models import Place
from kawasan.core.language import choices
from kawasan.core.models import User
from kawasan.core.photos import PhotoField
from kawasan.enterprises import rules
from kawasan.enterprises.rules import (
    AssetCondition,
    AssetOrigin,
    CostKind,
    EnterpriseStatus,
    EntryKind,
    Owed,
    StockKind,
)
from kawasan.matching.rules import GroupRole
from kawasan.programmes.models import CodeField, Field, Programme, SourceField
from kawasan.value_chain.models import Activity, Commodity
from kawasan.value_chain.rules import KbliVersion

kbli_validator = RegexValidator(r"^\d{5}\Z", _("A KBLI code has five digits, zeros in front included."))


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    def mentored_by(self, user: User) -> "EnterpriseQuerySet":
        """The enterprises of members of the groups that somebody mentors."""
        return self.filter(owner__group_memberships__group__mentor__user=user)

    def owned_by(self, user: User) -> "EnterpriseQuerySet":
        """The enterprises of the person to whom an account is linked."""
        return self.filter(owner__person__user=user)


class Enterprise(models.Model):
    """A participant's business."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="enterprises")
    code = CodeField()
    name = models.CharField(_("name"), max_length=150, help_text=_("Name of the enterprise"))
    owner = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="enterprises",
        verbose_name=_("owner"),
        help_text="Participant who owns the enterprise",
    )
    activity = models.ForeignKey(
        Activity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enterprises",
        verbose_name=_("business activity"),
        help_text="Activity of the value chain that the enterprise carries out, if it is one of them",
    )
    field = models.ForeignKey(
        Field,
        on_delete=models.PROTECT,
        related_name="enterprises",
        verbose_name=_("field"),
        help_text="Field of business",
    )
    kbli_version = models.CharField(
        _("KBLI version"), max_length=4, choices=choices(KbliVersion), help_text=_("Version of the KBLI, a year")
    )
    kbli_code = models.CharField(
        _("KBLI code"), max_length=5, validators=[kbli_validator], help_text=_("KBLI code, five digits as text")
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="enterprises",
        verbose_name=_("place"),
        help_text="Place (kelurahan) where the enterprise works",
    )
    started_on = models.DateField(_("started"), help_text=_("Day on which it started, or is planned to start"))
    nib = models.CharField(_("NIB"), max_length=30, blank=True, help_text=_("Business identification number (NIB)"))
    pirt = models.CharField(_("PIRT"), max_length=30, blank=True, help_text="Home food industry number (SPP-IRT)")
    pirt_until = models.DateField(_("PIRT valid until"), null=True, blank=True, help_text="Last day of the PIRT number")
    halal = models.CharField(_("halal certificate"), max_length=40, blank=True, help_text="Halal certificate number")
    halal_until = models.DateField(
        _("halal certificate valid until"), null=True, blank=True, help_text="Last day of the halal certificate, if any"
    )
    status = models.CharField(
        _("status"), max_length=10, choices=choices(EnterpriseStatus), help_text=_("Whether the enterprise runs")
    )
    source = SourceField()

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="enterprise_code"),)

    def __str__(self) -> str:
        return self.name


class CapacityQuerySet(models.QuerySet["Capacity"]):
    def on(self, day: datetime.date) -> "CapacityQuerySet":
        """What stood on a day: of one enterprise and commodity the last row that had begun; of one day the newest."""
        last = Capacity.objects.filter(
            enterprise=models.OuterRef("enterprise"), commodity=models.OuterRef("commodity"), since__lte=day
        ).order_by("-since", "-pk")
        return self.filter(pk=models.Subquery(last.values("pk")[:1]))


class Capacity(models.Model):
    """What an enterprise can make of a commodity in a month. A change is another row, so that the history stays."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="capacities")
    code = CodeField()
    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="capacities",
        verbose_name=_("enterprise"),
        help_text="Enterprise that can make it",
    )
    commodity = models.ForeignKey(
        Commodity,
        on_delete=models.PROTECT,
        related_name="capacities",
        verbose_name=_("commodity"),
        help_text="What it can make",
    )
    quantity_per_month = models.FloatField(
        _("quantity a month"),
        validators=[MinValueValidator(0)],
        help_text="How much it can make in a month if all was sold, in the commodity's unit; 0 when no longer",
    )
    since = models.DateField(_("since"), help_text="First day from which it can make so much")
    source = SourceField()

    objects = CapacityQuerySet.as_manager()

    class Meta:
        ordering = ("commodity__code", "-since", "-pk")
        verbose_name_plural = "capacities"
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="capacity_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.commodity}"


class MemberQuerySet(models.QuerySet["Member"]):
    def now(self) -> "MemberQuerySet":
        return self.filter(until=None)


class Member(models.Model):
    """Somebody of the group to whom the enterprise belongs, in one role. Another role is another row."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="enterprise_members")
    code = CodeField()
    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="members",
        verbose_name=_("enterprise"),
        help_text="Enterprise of which the person is a member",
    )
    applicant = models.ForeignKey(
        Applicant,
        on_delete=models.PROTECT,
        related_name="enterprise_memberships",
        verbose_name=_("participant"),
        help_text="Participant",
    )
    role = models.CharField(_("role"), max_length=20, choices=choices(GroupRole), help_text="Role in the enterprise")
    since = models.DateField(_("since"), help_text="First day in this role")
    until = models.DateField(_("until"), null=True, blank=True, help_text="Last day in this role; empty while it lasts")
    source = SourceField()

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ("since", "pk")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="member_code"),
            models.UniqueConstraint(
                fields=("enterprise", "applicant"),
                condition=models.Q(until=None),
                name="member_once",
                violation_error_message=_("This person is a member already."),
            ),
            models.UniqueConstraint(
                fields=("enterprise", "role"),
                condition=models.Q(until=None) & ~models.Q(role=GroupRole.MEMBER.value),
                name="member_one_officer_each",
                violation_error_message=_(
                    "Somebody in the enterprise has this role already. Give one of the two another role."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="member_days",
                violation_error_message=_("The last day is before the first; correct the one that is wrong."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.enterprise_id}"


class WorkerQuerySet(models.QuerySet["Worker"]):
    def of_nik_from(self, nik: str, day: datetime.date) -> "WorkerQuerySet":
        """Those with a NIK who work on a day or later."""
        return self.filter(_works_still(day), nik=nik)

    def working_on(self, day: datetime.date) -> "WorkerQuerySet":
        """The workers who work on a day; in an enterprise that closed, only those whose last day is known."""
        return self.filter(_works_still(day), since__lte=day)


def _works_still(day: datetime.date) -> models.Q:
    is_closed = models.Q(enterprise__status=EnterpriseStatus.CLOSED)
    return models.Q(until__gte=day) | models.Q(until__isnull=True) & ~is_closed


class Worker(models.Model):
    """Somebody other than the owner who works in an enterprise."""

    personal: ClassVar = frozenset({"name"})

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="workers")
    code = CodeField()
    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="workers",
        verbose_name=_("enterprise"),
        help_text="Enterprise where the person works",
    )
    name = models.CharField(_("name"), max_length=150, help_text="Name of the worker")
    nik = IdentityField(
        _("NIK"),
        kind="nik",
        max_length=IDENTITY_LENGTH,
        blank=True,
        help_text="Identity number (NIK); somebody works in one enterprise at a time",
    )
    sex = models.CharField(_("sex"), max_length=10, choices=choices(Sex), help_text="Sex of the worker")
    is_paid = models.BooleanField(_("is paid"), help_text="Whether the worker gets a wage")
    since = models.DateField(_("since"), help_text="First day of work")
    until = models.DateField(_("until"), null=True, blank=True, help_text="Last day of work; empty while working")
    source = SourceField()

    objects = WorkerQuerySet.as_manager()

    class Meta:
        ordering = ("since", "pk")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="worker_code"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="worker_days",
                violation_error_message=_("The last day of work is before the first; correct the one that is wrong."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Asset(models.Model):
    """Something that stays with an enterprise: a tool, a machine, a pond."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="assets")
    code = CodeField()
    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="assets",
        verbose_name=_("enterprise"),
        help_text="Enterprise that has it",
    )
    name = models.CharField(_("what it is"), max_length=150, help_text=_("What it is, e.g. a vacuum sealer"))
    quantity = models.PositiveIntegerField(
        _("how many"), default=1, validators=[MinValueValidator(1)], help_text=_("How many of them")
    )
    value_idr = models.PositiveBigIntegerField(
        _("worth when it was got (rupiah)"), help_text=_("What all of them were worth when they were got, in rupiah")
    )
    acquired_on = models.DateField(_("got on"), help_text=_("Day on which it was got"))
    origin = models.CharField(
        _("with whose money"), max_length=10, choices=choices(AssetOrigin), help_text=_("With whose money it was got")
    )
    condition = models.CharField(
        _("condition"),
        max_length=10,
        choices=choices(AssetCondition),
        default=AssetCondition.GOOD,
        help_text=_("How it was when it was last seen"),
    )
    seen_on = models.DateField(_("last seen on"), help_text=_("Day on which it was last seen, or found to be gone"))
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("What else should be known, if anything")
    )
    source = SourceField()

    class Meta:
        ordering = ("acquired_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="asset_code"),
            models.CheckConstraint(
                condition=models.Q(seen_on__gte=models.F("acquired_on")),
                name="asset_days",
                violation_error_message=_("It was seen before it was got; correct one of the two days."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """What an enterprise sells, in the unit in which people there count it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="products")
    code = CodeField()
    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="products",
        verbose_name=_("enterprise"),
        help_text="Enterprise that sells it",
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("What it is called"))
    unit = models.CharField(
        _("unit"), max_length=20, help_text=_("Unit in which it is sold, in the words of the place")
    )
    price_idr = models.PositiveBigIntegerField(
        _("usual price (rupiah)"), validators=[MinValueValidator(1)], help_text="Usual price of one unit in rupiah"
    )
    is_sold = models.BooleanField(_("is sold now"), default=True, help_text="Whether it is still sold")
    source = SourceField()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="product_code"),
            models.UniqueConstraint(
                fields=("enterprise", "name"),
                name="product_name",
                violation_error_message=_("There is a product of this name already; change that one."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class StockMove(models.Model):
    """What came to the stock of a product, was lost of it, or was counted. Sales are lines of the cash book."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="stock_moves")
    code = CodeField()
    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        related_name="stock_moves",
        verbose_name=_("product"),
        help_text="Product whose stock it is",
    )
    dated = models.DateField(_("date"), help_text="Day on which it happened")
    kind = models.CharField(
        _("what happened"), max_length=10, choices=choices(StockKind), help_text=_("What happened to the stock")
    )
    quantity = models.FloatField(
        _("quantity"), validators=[MinValueValidator(0)], help_text=_("How many units of the product")
    )
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("What else should be known, if anything")
    )
    source = SourceField()

    class Meta:
        ordering = ("dated", "pk")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="stock_move_code"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0) | models.Q(kind=StockKind.COUNTED, quantity=0),
                name="stock_move_quantity",
                violation_error_message=_("How many? Only a count can find nothing."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.product}"


class DebtQuerySet(models.QuerySet["Debt"]):
    def with_left(self) -> "models.QuerySet[Any]":
        """With what is left to pay of each; a payment that was taken back counts no more."""
        signed = models.Case(
            models.When(payments__reverses__isnull=True, then=models.F("payments__amount_idr")),
            default=-models.F("payments__amount_idr"),
            output_field=models.BigIntegerField(),
        )
        zero = models.Value(0, output_field=models.BigIntegerField())
        left = models.F("amount_idr") - Coalesce(models.Sum(signed), zero)
        return self.annotate(left_idr=left).order_by("due_on", "pk")


class Debt(models.Model):
    """Goods that were given or taken without money yet. What is paid of it are lines of the cash book."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="debts")
    code = CodeField()
    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="debts",
        verbose_name=_("enterprise"),
        help_text="Enterprise that is owed, or that owes",
    )
    owed = models.CharField(_("who owes"), max_length=10, choices=choices(Owed), help_text="Who owes whom")
    who = models.CharField(_("with whom"), max_length=100, help_text="Customer or supplier, as the owner calls them")
    what = models.CharField(_("what"), max_length=200, help_text="What was given or taken")
    amount_idr = models.PositiveBigIntegerField(
        _("amount (rupiah)"), validators=[MinValueValidator(1)], help_text="Amount in rupiah, above 0"
    )
    dated = models.DateField(_("date"), help_text="Day on which the goods were given or taken")
    due_on = models.DateField(_("to be paid by"), help_text="Day by which it is to be paid")
    forgiven_on = models.DateField(
        _("given up on"), null=True, blank=True, help_text="Day on which the rest was given up; empty if it was not"
    )
    source = SourceField()

    objects = DebtQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="debt_code"),
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("dated")),
                name="debt_days",
                violation_error_message=_("It is to be paid before the goods were given; correct one of the two days."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.who}"


class CashEntry(models.Model):
    """One line of a cash book. It is never edited: a wrong line is taken back by a line that names it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="cash_entries")
    code = CodeField()
    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="cash_entries",
        verbose_name=_("enterprise"),
        help_text="Enterprise whose cash book it is",
    )
    dated = models.DateField(_("date"), help_text=_("Day on which the money moved"))
    kind = models.CharField(_("kind"), max_length=10, choices=choices(EntryKind), help_text=_("What moved the money"))
    amount_idr = models.PositiveBigIntegerField(
        _("amount (rupiah)"), validators=[MinValueValidator(1)], help_text="Amount in rupiah, above 0"
    )
    what = models.CharField(_("what"), max_length=200, help_text=_("What was sold, bought, put in or taken out"))
    cost_kind = models.CharField(
        _("kind of cost"),
        max_length=10,
        blank=True,
        choices=choices(CostKind),
        help_text=_("What a cost was for; empty if it is no cost, or nobody said"),
    )
    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sales",
        verbose_name=_("product"),
        help_text="Product that was sold, if it is one of the list",
    )
    quantity = models.FloatField(
        _("quantity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0.01)],
        help_text=_("How many units of the product were sold"),
    )
    debt = models.ForeignKey(
        Debt,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("debt"),
        help_text="Debt of which this is a payment, if it is one",
    )
    photo = PhotoField(verbose_name=_("photo of the note"))
    reverses = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        verbose_name=_("takes back"),
        help_text="Entry that this one takes back: it has the same kind and amount and counts with a minus",
    )
    source = SourceField()

    class Meta:
        ordering = ("-dated", "-pk")
        verbose_name_plural = "cash entries"
        indexes = (models.Index(fields=("enterprise", "dated"), name="cash_entry_day"),)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="cash_entry_code"),
            models.CheckConstraint(
                condition=models.Q(amount_idr__gt=0),
                name="cash_entry_amount",
                violation_error_message=_(
                    "The amount must be above 0; the kind of the entry says which way the money moved."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(cost_kind="") | models.Q(kind=EntryKind.COST),
                name="cash_entry_cost_kind",
                violation_error_message=_("Only a cost has a kind of cost; leave it empty or choose Cost."),
            ),
            models.CheckConstraint(
                condition=models.Q(product=None) | models.Q(kind=EntryKind.SALE),
                name="cash_entry_product",
                violation_error_message=_("Only a sale names a product; leave it empty or choose Sale."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.what}"

    @property
    def signed_idr(self) -> int:
        """The amount as it counts for its kind: a correction takes off."""
        return -self.amount_idr if self.reverses_id else self.amount_idr

    @property
    def cash_idr(self) -> int:
        """By how much the line changed the money in the cash box."""
        return self.signed_idr if self.kind in rules.MONEY_IN else -self.signed_idr


class Sighting(models.Model):
    """A day on which somebody of the programme saw an enterprise at work."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="sightings")
    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="sightings",
        verbose_name=_("enterprise"),
        help_text="Enterprise that was seen at work",
    )
    seen_on = models.DateField(_("seen on"), help_text="Day on which it was seen at work")
    what = models.CharField(_("what was seen"), max_length=200, help_text="What was seen, e.g. three people frying")
    source = SourceField()

    class Meta:
        ordering = ("-seen_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise", "seen_on"),
                name="sighting_day",
                violation_error_message=_("For this day it is recorded already that the enterprise was seen at work."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.enterprise} {self.seen_on}"
