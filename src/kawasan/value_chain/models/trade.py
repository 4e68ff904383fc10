"""Who sells, who buys, who is there already, and where goods wait."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.areas.models import Place
from kawasan.core.language import choices
from kawasan.partners.models import Organisation
from kawasan.programmes.models import CodeField, Programme, SourceField
from kawasan.value_chain import rules
from kawasan.value_chain.models.activities import Activity
from kawasan.value_chain.models.commodities import Commodity, MonthsField, not_negative, unique_code
from kawasan.value_chain.rules import Firmness


class ExistingEnterprise(models.Model):
    """Enterprises outside the programme that work already: they use resources and supply buyers, but take no seats."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="existing_enterprises")
    code = CodeField(verbose_name=_("code"))
    activity = models.ForeignKey(
        Activity,
        on_delete=models.PROTECT,
        related_name="existing_enterprises",
        verbose_name=_("activity"),
        help_text=_("What they do"),
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="existing_enterprises",
        verbose_name=_("place"),
        help_text=_("Where they are"),
    )
    name = models.CharField(_("name"), max_length=150, blank=True, help_text=_("Name, when it is a single one"))
    count = models.PositiveIntegerField(
        _("how many"), default=1, validators=[MinValueValidator(1)], help_text=_("How many enterprises")
    )
    since = models.DateField(_("since"), null=True, blank=True, help_text=_("Since when; empty when it is not known"))
    source = SourceField()

    class Meta:
        ordering = ("code",)
        constraints = (unique_code("existing_enterprise_code"),)

    def __str__(self) -> str:
        return self.name or f"{self.activity} – {self.place}"


class Supplier(models.Model):
    """Where a commodity can be bought, how much of it, at what price, and when."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="suppliers")
    code = CodeField(verbose_name=_("code"))
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="supplies",
        null=True,
        blank=True,
        verbose_name=_("organisation"),
        help_text=_("Who sells it; empty for traders in general"),
    )
    commodity = models.ForeignKey(
        Commodity,
        on_delete=models.PROTECT,
        related_name="suppliers",
        verbose_name=_("commodity"),
        help_text=_("What is sold"),
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="suppliers",
        null=True,
        blank=True,
        verbose_name=_("place"),
        help_text=_("Where it is sold; empty: outside the area, the price then includes the way"),
    )
    quantity_per_month = models.FloatField(
        _("quantity a month"),
        null=True,
        blank=True,
        validators=[not_negative],
        help_text=_("Quantity per month at most, in the commodity's unit; empty: as much as anybody wants"),
    )
    price_idr = models.PositiveBigIntegerField(_("price a unit"), help_text=_("Rupiah per unit that it costs"))
    in_months = MonthsField()
    source = SourceField()

    class Meta:
        ordering = ("code",)
        constraints = (unique_code("supplier_code"),)

    def __str__(self) -> str:
        return f"{self.who} – {self.commodity}"

    @property
    def who(self) -> str:
        return str(self.organisation or self.place or _("Traders outside the area"))

    @property
    def months(self) -> tuple[int, ...]:
        return rules.months_of(self.in_months)


class LocalMarket(models.Model):
    """A step of what a place's market takes: the more is sold, the lower the price."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="local_markets")
    commodity = models.ForeignKey(
        Commodity,
        on_delete=models.PROTECT,
        related_name="local_markets",
        verbose_name=_("commodity"),
        help_text=_("What is sold"),
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="local_markets",
        verbose_name=_("place"),
        help_text=_("Where it is sold"),
    )
    step = models.PositiveSmallIntegerField(
        _("price step"), validators=[MinValueValidator(1)], help_text=_("1 for what sells best, then 2 and so on")
    )
    price_idr = models.PositiveBigIntegerField(_("price a unit"), help_text=_("Rupiah per unit; lower with every step"))
    quantity_per_month = models.FloatField(
        _("quantity a month"),
        validators=[not_negative],
        help_text=_("Quantity per month that sells at this price, in the commodity's unit"),
    )
    source = SourceField()

    class Meta:
        ordering = ("commodity__code", "place__code", "step")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "commodity", "place", "step"),
                name="local_market_key",
                violation_error_message=_("This step is there already. Change it there, or enter the next one."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.commodity} – {self.place} ({self.step})"


class Storage(models.Model):
    """Room in which a commodity can wait for a later month."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="storages")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=150, help_text=_("What it is called, e.g. cold store of the port"))
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="storages",
        verbose_name=_("place"),
        help_text=_("Where it is"),
    )
    commodity = models.ForeignKey(
        Commodity,
        on_delete=models.PROTECT,
        related_name="storages",
        verbose_name=_("commodity"),
        help_text=_("What is kept in it"),
    )
    capacity = models.FloatField(
        _("capacity"), validators=[not_negative], help_text=_("How much fits, in the commodity's unit")
    )
    keeps_days = models.PositiveIntegerField(
        _("keeps there for (days)"),
        null=True,
        blank=True,
        help_text=_("Days that it keeps there, e.g. frozen; empty: as long as anywhere"),
    )
    source = SourceField()

    class Meta:
        ordering = ("code",)
        constraints = (unique_code("storage_code"),)

    def __str__(self) -> str:
        return f"{self.name} – {self.commodity}"


class Demand(models.Model):
    """What a buyer will take, at what price, and how firmly it said so."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="demands")
    code = CodeField(verbose_name=_("code"))
    offtaker = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="demands",
        verbose_name=_("buyer"),
        help_text=_("The organisation that buys"),
    )
    commodity = models.ForeignKey(
        Commodity,
        on_delete=models.PROTECT,
        related_name="demands",
        verbose_name=_("commodity"),
        help_text=_("What it buys"),
    )
    grade = models.CharField(
        _("grade"), max_length=80, blank=True, help_text=_("Grade that is asked for; empty when any will do")
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="demands",
        null=True,
        blank=True,
        verbose_name=_("place of delivery"),
        help_text=_("Where it is delivered; empty when that is open"),
    )
    quantity_per_month = models.FloatField(
        _("quantity a month"), validators=[not_negative], help_text=_("Quantity per month, in the commodity's unit")
    )
    in_months = MonthsField()
    price_idr = models.PositiveBigIntegerField(_("price a unit"), help_text=_("Rupiah per unit that the buyer pays"))
    firmness = models.CharField(
        _("firmness"), max_length=10, choices=choices(Firmness), help_text=_("How far the buyer has bound itself")
    )
    valid_from = models.DateField(_("valid from"), help_text=_("First day on which the buyer takes it"))
    valid_to = models.DateField(_("valid to"), help_text=_("Last day on which the buyer takes it"))
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
    def months(self) -> tuple[int, ...]:
        """The months of the year in which the buyer takes it."""
        return rules.months_of(self.in_months)

    @property
    def quantity_per_year(self) -> float:
        return self.quantity_per_month * len(self.months)

    @property
    def value_per_year_idr(self) -> float:
        return self.quantity_per_year * self.price_idr
