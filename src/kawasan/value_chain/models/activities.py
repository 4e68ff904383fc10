"""Activities: recipes with their seasons, places and skills."""

from functools import reduce
from operator import add
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from kawasan.areas.models import Place, Resource, ResourceKind
from kawasan.areas.rules import Capital
from kawasan.core.language import choices, in_language
from kawasan.programmes.models import CodeField, Field, Programme, SourceField
from kawasan.value_chain import rules
from kawasan.value_chain.models.commodities import KBLI_CODE, KBLI_YEAR, PERCENT, Commodity, not_negative, unique_code
from kawasan.value_chain.rules import Direction, Stage


class Activity(models.Model):
    """A recipe for an enterprise: what one of them takes and makes."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="activities")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=150, help_text=_("Name in Indonesian"))
    name_en = models.CharField(_("name in English"), max_length=150, help_text=_("Name in English"))
    field = models.ForeignKey(
        Field,
        on_delete=models.PROTECT,
        related_name="activities",
        verbose_name=_("field"),
        help_text=_("Field of business whose seats its enterprises take"),
    )
    stage = models.CharField(
        _("stage of the value chain"),
        max_length=20,
        choices=choices(Stage),
        help_text=_("Stage of the value chain in which it stands"),
    )
    kbli_version = models.CharField(
        _("KBLI version"),
        max_length=4,
        default="2020",
        validators=[KBLI_YEAR],
        help_text=_("Year of the KBLI classification, e.g. 2020"),
    )
    kbli_code = models.CharField(
        _("KBLI code"),
        max_length=5,
        validators=[KBLI_CODE],
        help_text=_("KBLI code of the business, five digits"),
    )
    cycle_days = models.PositiveIntegerField(
        _("days a cycle"), validators=[MinValueValidator(1)], help_text=_("Days from start to sale of one cycle")
    )
    cycles_per_year = models.FloatField(
        _("cycles a year"), validators=[not_negative], help_text=_("Cycles that one enterprise completes a year")
    )
    labour_days = models.FloatField(
        _("days of work a cycle"), validators=[not_negative], help_text=_("Days of work per cycle")
    )
    running_cost_idr = models.PositiveBigIntegerField(
        _("running cost a cycle"), help_text=_("Rupiah per cycle, the inputs of the recipe not counted")
    )
    capital_idr = models.PositiveBigIntegerField(_("capital to start"), help_text=_("Rupiah needed to start one"))
    least_enterprises = models.PositiveIntegerField(
        _("enterprises at least, if any"),
        default=0,
        help_text=_("How many must be started together if any is; 0 when one alone can live"),
    )
    most_enterprises = models.PositiveIntegerField(
        _("enterprises that fit"), help_text=_("How many enterprises of the kind fit in the area at most")
    )
    source = SourceField()

    class Meta:
        ordering = ("code",)
        constraints = (
            unique_code("activity_code"),
            models.CheckConstraint(
                condition=models.Q(least_enterprises__lte=models.F("most_enterprises")),
                name="activity_scale",
                violation_error_message=_("The least number of enterprises is above what fits. Lower it."),
            ),
        )

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class ActivityFlow(models.Model):
    """What goes into an activity or comes out of it in one cycle."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="activity_flows")
    activity = models.ForeignKey(
        Activity,
        on_delete=models.CASCADE,
        related_name="flows",
        verbose_name=_("activity"),
        help_text=_("The activity"),
    )
    commodity = models.ForeignKey(
        Commodity,
        on_delete=models.PROTECT,
        related_name="flows",
        verbose_name=_("commodity"),
        help_text=_("What it takes or makes"),
    )
    direction = models.CharField(
        _("direction"), max_length=10, choices=choices(Direction), help_text=_("Whether it goes in or comes out")
    )
    quantity = models.FloatField(
        _("quantity a cycle"), validators=[not_negative], help_text=_("Quantity per cycle, in the commodity's unit")
    )
    loss_percent = models.FloatField(
        _("lost (%)"),
        default=0,
        validators=PERCENT,
        help_text=_("Per cent of what comes out that is lost before it is sold or used; 0 for an input"),
    )
    is_by_product = models.BooleanField(
        _("by-product"),
        default=False,
        help_text=_("Whether it only comes along with what the activity is for; false for an input"),
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
            models.CheckConstraint(
                condition=models.Q(direction=Direction.OUTPUT) | models.Q(loss_percent=0, is_by_product=False),
                name="activity_flow_output_only",
                violation_error_message=_(
                    "Only an output has losses or is a by-product. Leave both empty for an input."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.activity} – {self.commodity}"

    @property
    def net_quantity(self) -> float:
        """What a cycle takes or, after losses, yields."""
        return self.quantity * (1 - self.loss_percent / 100)


class ActivityResource(models.Model):
    """What one enterprise takes of an area's resource in a year."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="activity_resources")
    activity = models.ForeignKey(
        Activity,
        on_delete=models.CASCADE,
        related_name="resource_uses",
        verbose_name=_("activity"),
        help_text=_("The activity"),
    )
    resource = models.ForeignKey(
        Resource,
        on_delete=models.PROTECT,
        related_name="activity_uses",
        verbose_name=_("resource"),
        help_text=_("The resource of the area that it takes"),
    )
    quantity = models.FloatField(
        _("quantity a year"),
        validators=[not_negative],
        help_text=_("Quantity per enterprise and year, in the resource's unit"),
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


def share_of_month(name: Any, about: Any) -> models.FloatField:
    return models.FloatField(name, default=rules.ALIKE, validators=PERCENT, help_text=about)


def sum_of_months_is_whole() -> models.Q:
    """That the twelve shares make a year, but for what was rounded."""
    total = reduce(add, (models.F(month) for month in rules.MONTHS))
    return models.Q(GreaterThanOrEqual(total, 100 - rules.ROUNDED)) & models.Q(
        LessThanOrEqual(total, 100 + rules.ROUNDED)
    )


class ActivitySeason(models.Model):
    """How the year's cycles of an activity fall into the months; without one every month is alike."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="activity_seasons")
    activity = models.ForeignKey(
        Activity,
        on_delete=models.CASCADE,
        related_name="seasons",
        verbose_name=_("activity"),
        help_text=_("The activity"),
    )
    january = share_of_month(_("January"), _("Per cent of the year's cycles that end in January"))
    february = share_of_month(_("February"), _("Per cent of the year's cycles that end in February"))
    march = share_of_month(_("March"), _("Per cent of the year's cycles that end in March"))
    april = share_of_month(_("April"), _("Per cent of the year's cycles that end in April"))
    may = share_of_month(_("May"), _("Per cent of the year's cycles that end in May"))
    june = share_of_month(_("June"), _("Per cent of the year's cycles that end in June"))
    july = share_of_month(_("July"), _("Per cent of the year's cycles that end in July"))
    august = share_of_month(_("August"), _("Per cent of the year's cycles that end in August"))
    september = share_of_month(_("September"), _("Per cent of the year's cycles that end in September"))
    october = share_of_month(_("October"), _("Per cent of the year's cycles that end in October"))
    november = share_of_month(_("November"), _("Per cent of the year's cycles that end in November"))
    december = share_of_month(_("December"), _("Per cent of the year's cycles that end in December"))
    source = SourceField()

    class Meta:
        ordering = ("activity__code",)
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "activity"),
                name="activity_season_key",
                violation_error_message=_("This activity has a season calendar already. Change that one."),
            ),
            models.CheckConstraint(
                condition=sum_of_months_is_whole(),
                name="activity_season_sum",
                violation_error_message=_("The twelve months do not add up to 100 per cent. Correct one of them."),
            ),
        )

    def __str__(self) -> str:
        return str(self.activity)

    @property
    def shares(self) -> tuple[float, ...]:
        """The twelve months in per cent of the year, January first."""
        return tuple(getattr(self, month) for month in rules.MONTHS)


class ActivityPlace(models.Model):
    """A place that suits an activity; an activity without any suits every place."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="activity_places")
    activity = models.ForeignKey(
        Activity,
        on_delete=models.CASCADE,
        related_name="places",
        verbose_name=_("activity"),
        help_text=_("The activity"),
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="activities",
        verbose_name=_("place"),
        help_text=_("Where it fits: this place and its parts"),
    )
    most_enterprises = models.PositiveIntegerField(
        _("enterprises that fit there"), help_text=_("How many enterprises of the kind fit there at most")
    )
    source = SourceField()

    class Meta:
        ordering = ("activity__code", "place__code")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "activity", "place"),
                name="activity_place_key",
                violation_error_message=_("This place stands there already. Change its number there."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.activity} – {self.place}"


class ActivitySkill(models.Model):
    """People of a skill whom one enterprise needs; the skill is a kind of human resource."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="activity_skills")
    activity = models.ForeignKey(
        Activity,
        on_delete=models.CASCADE,
        related_name="skills",
        verbose_name=_("activity"),
        help_text=_("The activity"),
    )
    kind = models.ForeignKey(
        ResourceKind,
        on_delete=models.PROTECT,
        related_name="skills",
        limit_choices_to={"capital": Capital.HUMAN},
        verbose_name=_("skill"),
        help_text=_("Kind of human resource, as in the catalogue of kinds"),
    )
    people = models.FloatField(
        _("people an enterprise"),
        default=1,
        validators=[not_negative],
        help_text=_("How many people with the skill one enterprise needs; 0.5 when two share one"),
    )
    source = SourceField()

    class Meta:
        ordering = ("activity__code", "kind__code")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "activity", "kind"),
                name="activity_skill_key",
                violation_error_message=_("This skill stands there already. Change its number there."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.activity} – {self.kind}"
