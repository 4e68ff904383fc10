"""Commodities, activities with their recipes, buyers' demands, and plans of the value chain."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.areas.models import Place, Resource
from kawasan.core.language import choices, in_language
from kawasan.partners.models import Organisation
from kawasan.programmes.models import CodeField, Field, Programme, SourceField
from kawasan.value_chain.rules import Direction, Firmness, PlanStatus, Stage

not_negative = MinValueValidator(0)


def unique_code(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=("programme", "code"), name=name, violation_error_message=_("This code is in use. Choose another.")
    )


class Commodity(models.Model):
    """A good or service that enterprises make, use and sell."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="commodities")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=150, help_text="Name in Indonesian")
    name_en = models.CharField(_("name in English"), max_length=150, help_text="Name in English")
    unit = models.CharField(_("unit"), max_length=30, help_text="Unit in which it is counted, e.g. kg")
    outside_price_idr = models.PositiveBigIntegerField(
        _("price outside the area"),
        null=True,
        blank=True,
        help_text="Rupiah per unit at which it can be bought outside the area; empty when it cannot be bought there",
    )
    perishable_days = models.PositiveIntegerField(
        _("keeps for (days)"), null=True, blank=True, help_text="Days that it keeps; empty when it does not spoil"
    )
    source = SourceField()

    class Meta:
        ordering = ("code",)
        constraints = (unique_code("commodity_code"),)

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Activity(models.Model):
    """A recipe for an enterprise: what one of them takes and makes."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="activities")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=150, help_text="Name in Indonesian")
    name_en = models.CharField(_("name in English"), max_length=150, help_text="Name in English")
    field = models.ForeignKey(
        Field,
        on_delete=models.PROTECT,
        related_name="activities",
        verbose_name=_("field"),
        help_text="Field of business whose seats its enterprises take",
    )
    stage = models.CharField(
        _("stage of the value chain"),
        max_length=20,
        choices=choices(Stage),
        help_text="Stage of the value chain in which it stands",
    )
    kbli_version = models.CharField(
        _("KBLI version"),
        max_length=4,
        default="2020",
        validators=[RegexValidator(r"^20\d\d\Z", _("Write the year of the classification, e.g. 2020."))],
        help_text="Year of the KBLI classification, e.g. 2020",
    )
    kbli_code = models.CharField(
        _("KBLI code"),
        max_length=5,
        validators=[RegexValidator(r"^\d{5}\Z", _("A KBLI code has five digits."))],
        help_text="KBLI code of the business, five digits",
    )
    cycle_days = models.PositiveIntegerField(
        _("days a cycle"), validators=[MinValueValidator(1)], help_text="Days from start to sale of one cycle"
    )
    cycles_per_year = models.FloatField(
        _("cycles a year"), validators=[not_negative], help_text="Cycles that one enterprise completes a year"
    )
    labour_days = models.FloatField(
        _("days of work a cycle"), validators=[not_negative], help_text="Days of work per cycle"
    )
    running_cost_idr = models.PositiveBigIntegerField(
        _("running cost a cycle"), help_text="Rupiah per cycle, the inputs in activity_flows.csv not counted"
    )
    capital_idr = models.PositiveBigIntegerField(_("capital to start"), help_text="Rupiah needed to start one")
    most_enterprises = models.PositiveIntegerField(
        _("enterprises that fit"), help_text="How many enterprises of the kind fit in the area at most"
    )
    source = SourceField()

    class Meta:
        ordering = ("code",)
        constraints = (unique_code("activity_code"),)

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class ActivityFlow(models.Model):
    """What goes into an activity or comes out of it in one cycle."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="activity_flows")
    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, related_name="flows", verbose_name=_("activity"), help_text="The activity"
    )
    commodity = models.ForeignKey(
        Commodity,
        on_delete=models.PROTECT,
        related_name="flows",
        verbose_name=_("commodity"),
        help_text="What it takes or makes",
    )
    direction = models.CharField(
        _("direction"), max_length=10, choices=choices(Direction), help_text="Whether it goes in or comes out"
    )
    quantity = models.FloatField(
        _("quantity a cycle"), validators=[not_negative], help_text="Quantity per cycle, in the commodity's unit"
    )
    source = SourceField()

    class Meta:
        ordering = ("activity__code", "direction", "commodity__code")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "activity", "commodity", "direction"),
                name="activity_flow_key",
                violation_error_message=_("This commodity stands in the recipe already. Change its quantity there."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.activity} – {self.commodity}"


class ActivityResource(models.Model):
    """What one enterprise takes of an area's resource in a year."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="activity_resources")
    activity = models.ForeignKey(
        Activity,
        on_delete=models.CASCADE,
        related_name="resource_uses",
        verbose_name=_("activity"),
        help_text="The activity",
    )
    resource = models.ForeignKey(
        Resource,
        on_delete=models.PROTECT,
        related_name="activity_uses",
        verbose_name=_("resource"),
        help_text="The resource of the area that it takes",
    )
    quantity = models.FloatField(
        _("quantity a year"),
        validators=[not_negative],
        help_text="Quantity per enterprise and year, in the resource's unit",
    )
    source = SourceField()

    class Meta:
        ordering = ("activity__code", "resource__code")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "activity", "resource"),
                name="activity_resource_key",
                violation_error_message=_("This resource stands in the recipe already. Change its quantity there."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.activity} – {self.resource}"


class Demand(models.Model):
    """What a buyer will take, at what price, and how firmly it said so."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="demands")
    code = CodeField(verbose_name=_("code"))
    offtaker = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="demands",
        verbose_name=_("buyer"),
        help_text="The organisation that buys",
    )
    commodity = models.ForeignKey(
        Commodity,
        on_delete=models.PROTECT,
        related_name="demands",
        verbose_name=_("commodity"),
        help_text="What it buys",
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="demands",
        null=True,
        blank=True,
        verbose_name=_("place of delivery"),
        help_text="Where it is delivered; empty when that is open",
    )
    quantity_per_month = models.FloatField(
        _("quantity a month"), validators=[not_negative], help_text="Quantity per month, in the commodity's unit"
    )
    months = models.PositiveSmallIntegerField(
        _("months a year"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text="Months of the year in which the buyer takes it, 1 to 12",
    )
    price_idr = models.PositiveBigIntegerField(_("price a unit"), help_text="Rupiah per unit that the buyer pays")
    firmness = models.CharField(
        _("firmness"), max_length=10, choices=choices(Firmness), help_text="How far the buyer has bound itself"
    )
    valid_from = models.DateField(_("valid from"), help_text="First day on which the buyer takes it")
    valid_to = models.DateField(_("valid to"), help_text="Last day on which the buyer takes it")
    source = SourceField()

    class Meta:
        ordering = ("code",)
        constraints = (
            unique_code("demand_code"),
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")),
                name="demand_days",
                violation_error_message=_("The last day is before the first. Choose a later day."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.offtaker} – {self.commodity}"

    @property
    def quantity_per_year(self) -> float:
        return self.quantity_per_month * self.months

    @property
    def value_per_year_idr(self) -> float:
        return self.quantity_per_year * self.price_idr


class Plan(models.Model):
    """The value chain of one frozen state of the rows, solved once; the input is kept so that anyone can re-run it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="plans")
    code = CodeField()
    status = models.CharField(_("status"), max_length=10, choices=choices(PlanStatus), default=PlanStatus.FROZEN)
    input = models.JSONField()
    input_hash = models.CharField(_("SHA-256 of the input"), max_length=64)
    result = models.JSONField(null=True, blank=True)
    is_adopted = models.BooleanField(_("adopted"), default=False)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="plan_code"),
            models.UniqueConstraint(
                fields=("programme",),
                condition=models.Q(is_adopted=True),
                name="plan_adopted",
                violation_error_message=_("This programme has an adopted plan already. Keep only one adopted."),
            ),
            models.CheckConstraint(
                condition=models.Q(status=PlanStatus.FROZEN, result__isnull=True, is_adopted=False)
                | models.Q(status=PlanStatus.SOLVED, result__isnull=False),
                name="plan_result",
                violation_error_message=_(
                    "A solved plan has a result; a frozen one has none and is not adopted. Correct the "
                    "status, the result or the adoption."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.code
