"""Places, sectors and the resources of the five capitals."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kawasan.areas import rules
from kawasan.areas.rules import Access, Basis, Capital, Condition, Direction, Level, Period, Scale
from kawasan.core.language import choices, in_language, in_words
from kawasan.core.photos import PhotoField
from kawasan.core.text import Text
from kawasan.programmes.models import CodeField, Programme, SourceField

LATITUDE = (MinValueValidator(-90), MaxValueValidator(90))
LONGITUDE = (MinValueValidator(-180), MaxValueValidator(180))
NOT_NEGATIVE = (MinValueValidator(0),)
YEAR = (MinValueValidator(1990), MaxValueValidator(2100))
CODE_TAKEN = _("This code is used already. Choose another.")


def validate_outline(geometry: Any) -> None:
    if reasons := rules.reasons_not_an_outline(geometry):
        raise ValidationError([in_words(reason) for reason in reasons])


class Place(models.Model):
    """A part of the area or next to it: city or regency, district (kecamatan), village (kelurahan)."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="places")
    code = CodeField(verbose_name=_("code"), help_text=_("Kemendagri code, e.g. 19.71.01.1004"))
    name = models.CharField(_("name"), max_length=120, help_text=_("Name of the place"))
    level = models.CharField(_("level"), max_length=20, choices=choices(Level), help_text=_("Level of the place"))
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
        help_text=_("Place that this one is a part of"),
    )
    latitude = models.FloatField(_("latitude"), validators=LATITUDE, help_text=_("Latitude of the centre, degrees"))
    longitude = models.FloatField(_("longitude"), validators=LONGITUDE, help_text=_("Longitude of the centre, degrees"))
    area_km2 = models.FloatField(
        _("area (km²)"), null=True, blank=True, validators=[MinValueValidator(0)], help_text=_("Area, km²")
    )
    population = models.PositiveIntegerField(_("population"), null=True, blank=True, help_text=_("Inhabitants"))
    source = SourceField()

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("programme", "code"), name="place_code"),)

    def __str__(self) -> str:
        return self.name


class Boundary(models.Model):
    """The outline of a place."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="boundaries")
    place = models.OneToOneField(
        Place,
        on_delete=models.CASCADE,
        related_name="boundary",
        verbose_name=_("place"),
        help_text="Place that it bounds",
    )
    geometry = models.JSONField(
        _("geometry"),
        validators=[validate_outline],
        help_text="GeoJSON geometry, a Polygon or a MultiPolygon in degrees (longitude, latitude)",
    )
    source = SourceField()

    class Meta:
        ordering = ("place",)
        verbose_name_plural = "boundaries"
        constraints = (models.UniqueConstraint(fields=("programme", "place"), name="boundary_place"),)

    def __str__(self) -> str:
        return str(self.place_id)


class SectorFigure(models.Model):
    """How large one sector is in the area (a city or a regency) and in the province around it, in one year."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="sector_figures")
    sector = CodeField(
        verbose_name=_("sector"), help_text=_("Letter of the sector as in KBLI, e.g. G; TOTAL for all sectors together")
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("Name in Indonesian"))
    name_en = models.CharField(_("name in English"), max_length=200, blank=True, help_text=_("Name in English"))
    year = models.PositiveSmallIntegerField(_("year"), validators=YEAR, help_text=_("Year of the figures"))
    basis = models.CharField(
        _("what is counted"),
        max_length=20,
        choices=choices(Basis),
        default=Basis.GRDP_SHARE,
        help_text=_(
            "What area and reference count: shares of GRDP in per cent, GRDP in billion rupiah at constant (2010) or "
            "current prices, or people employed"
        ),
    )
    area = models.FloatField(
        _("in the area"),
        null=True,
        blank=True,
        validators=NOT_NEGATIVE,
        help_text=_("Figure of the area, a city or a regency; empty when unknown"),
    )
    reference = models.FloatField(
        _("in the province"),
        null=True,
        blank=True,
        validators=NOT_NEGATIVE,
        help_text=_("Figure of the province; empty when unknown"),
    )
    source = SourceField()

    class Meta:
        ordering = ("basis", "sector", "year")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "sector", "year", "basis"),
                name="sector_figure_key",
                violation_error_message=_(
                    "There is a figure of this sector, year and kind already. Change that one, or choose another year."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(basis=Basis.GRDP_SHARE)
                | (models.Q(area__isnull=True) | models.Q(area__lte=100))
                & (models.Q(reference__isnull=True) | models.Q(reference__lte=100)),
                name="sector_figure_share",
                violation_error_message=_("A share is at most 100 per cent; correct it, or change what is counted."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.label} · {self.year}"

    @property
    def label(self) -> str:
        """The sector alone, in the reader's language."""
        return in_language(self.name, self.name_en)


class ResourceKind(models.Model):
    """A kind of resource, in the catalogue of its capital; the programme adds its own."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="resource_kinds")
    code = CodeField(verbose_name=_("code"))
    capital = models.CharField(
        _("capital"), max_length=20, choices=choices(Capital), help_text=_("Which of the five capitals it belongs to")
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("Name in Indonesian"))
    name_en = models.CharField(_("name in English"), max_length=100, blank=True, help_text=_("Name in English"))
    unit = models.CharField(
        _("unit"), max_length=40, help_text=_("Unit of its resources; they may use another one of the same measure")
    )

    class Meta:
        ordering = ("capital", "name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "code"), name="resource_kind_code", violation_error_message=CODE_TAKEN
            ),
        )

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class ResourceQuerySet(models.QuerySet["Resource"]):
    def running_short(self) -> "ResourceQuerySet":
        """The resources that ``rules.warning`` warns of; a test holds the two together."""
        return self.filter(used__gt=models.F("sustainable_yield") * rules.WARNING_SHARE)


class Resource(models.Model):
    """Something of one of the five capitals, somewhere in the area."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="resources")
    code = CodeField(verbose_name=_("code"))
    name = models.CharField(_("name"), max_length=200, help_text=_("Name in Indonesian"))
    name_en = models.CharField(_("name in English"), max_length=200, blank=True, help_text=_("Name in English"))
    kind = models.ForeignKey(
        ResourceKind,
        on_delete=models.PROTECT,
        related_name="resources",
        verbose_name=_("kind"),
        help_text=_("Kind of resource, which says the capital too"),
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="resources",
        verbose_name=_("place"),
        help_text=_("Place where it is"),
    )
    quantity = models.FloatField(
        _("quantity"), validators=NOT_NEGATIVE, help_text=_("How much there is; of what flows, in the period")
    )
    unit = models.CharField(_("unit"), max_length=40, help_text=_("Unit of quantity, yield and use"))
    period = models.CharField(
        _("counted for"),
        max_length=10,
        choices=choices(Period),
        default=Period.YEAR,
        help_text=_("Period of yield and use, and of a quantity that flows"),
    )
    sustainable_yield = models.FloatField(
        _("sustainable yield in the period"),
        null=True,
        blank=True,
        validators=NOT_NEGATIVE,
        help_text=_("How much of the unit can be used in the period without using the resource up"),
    )
    used = models.FloatField(
        _("used in the period"),
        null=True,
        blank=True,
        validators=NOT_NEGATIVE,
        help_text=_("How much of the unit is used in the period already"),
    )
    owner = models.CharField(_("owner"), max_length=150, blank=True, help_text=_("Who owns or keeps it"))
    access = models.CharField(
        _("access"),
        max_length=20,
        blank=True,
        choices=choices(Access),
        help_text=_("Who may use it; empty when unknown"),
    )
    condition = models.CharField(
        _("condition"),
        max_length=20,
        blank=True,
        choices=choices(Condition),
        help_text=_("In what condition it is; empty when unknown"),
    )
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=LATITUDE, help_text=_("Latitude, degrees; empty: the place's")
    )
    longitude = models.FloatField(
        _("longitude"),
        null=True,
        blank=True,
        validators=LONGITUDE,
        help_text=_("Longitude, degrees; empty: the place's"),
    )
    as_of = models.DateField(_("as at"), help_text=_("Day of the figures"))
    source = SourceField()
    photo = PhotoField()

    objects = ResourceQuerySet.as_manager()

    class Meta:
        ordering = ("kind__capital", "name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "code"), name="resource_code", violation_error_message=CODE_TAKEN
            ),
            models.CheckConstraint(
                condition=models.Q(used__isnull=True) | models.Q(used__lte=models.F("quantity")),
                name="resource_use",
                violation_error_message=_("More is used than there is; correct the quantity or the use."),
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="resource_position",
                violation_error_message=_("Enter latitude and longitude together, or neither."),
            ),
        )

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def capital(self) -> Capital:
        return Capital(self.kind.capital)

    @property
    def yearly_yield(self) -> float | None:
        """The sustainable yield of a year, whatever period it was entered for."""
        return rules.in_a_year(self.sustainable_yield, self.period)

    @property
    def yearly_use(self) -> float | None:
        return rules.in_a_year(self.used, self.period)

    @property
    def head_room(self) -> float | None:
        return rules.head_room(self.sustainable_yield, self.used)

    @property
    def warning(self) -> Text | None:
        return rules.warning(self.sustainable_yield, self.used)

    @property
    def position(self) -> tuple[float, float]:
        """Longitude and latitude, those of its place when it has none of its own."""
        if self.longitude is None or self.latitude is None:
            return self.place.longitude, self.place.latitude
        return self.longitude, self.latitude


class AssetIndicator(models.Model):
    """A measure of one of the five capitals, and how its values become a score from 0 to 100."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="asset_indicators")
    code = CodeField(verbose_name=_("code"))
    capital = models.CharField(
        _("capital"), max_length=20, choices=choices(Capital), help_text=_("Which of the five capitals it measures")
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("Name in Indonesian"))
    name_en = models.CharField(_("name in English"), max_length=200, blank=True, help_text=_("Name in English"))
    unit = models.CharField(_("unit"), max_length=40, blank=True, help_text=_("Unit of the values, worst and best"))
    direction = models.CharField(
        _("direction"), max_length=10, choices=choices(Direction), help_text=_("Whether more or less is better")
    )
    scale = models.CharField(
        _("scored"),
        max_length=10,
        choices=choices(Scale),
        default=Scale.TARGET,
        help_text=_(
            "Scored between worst and best, or between the worst and the best value that any place had in any year"
        ),
    )
    worst = models.FloatField(
        _("worst"), null=True, blank=True, help_text=_("Value that scores 0; empty when scored between the places")
    )
    best = models.FloatField(
        _("best"), null=True, blank=True, help_text=_("Target, which scores 100; empty when scored between the places")
    )
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1)], help_text=_("Weight within the capital")
    )
    source = SourceField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "code"), name="asset_indicator_code", violation_error_message=CODE_TAKEN
            ),
            models.CheckConstraint(
                condition=models.Q(scale=Scale.PLACES, worst__isnull=True, best__isnull=True)
                | models.Q(scale=Scale.TARGET, direction=Direction.MORE, worst__lt=models.F("best"))
                | models.Q(scale=Scale.TARGET, direction=Direction.LESS, worst__gt=models.F("best")),
                name="asset_indicator_range",
                violation_error_message=_(
                    "Worst and best do not fit: scored between a worst value and a target both are needed, worst below "
                    "best where more is better and above it where less is; scored between the places both stay empty."
                ),
            ),
        )

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class AssetValue(models.Model):
    """What an indicator of the capitals was in one place and one year."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="asset_values")
    indicator = models.ForeignKey(
        AssetIndicator,
        on_delete=models.CASCADE,
        related_name="values",
        verbose_name=_("indicator"),
        help_text=_("What was measured"),
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="asset_values",
        verbose_name=_("place"),
        help_text=_("Where: the area as a whole, or one of its places"),
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=YEAR, help_text=_("Year of the value"))
    value = models.FloatField(
        _("value"), null=True, blank=True, help_text=_("Value in the indicator's unit; empty when it was not found")
    )
    source = SourceField()

    class Meta:
        ordering = ("indicator", "place", "year")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "indicator", "place", "year"),
                name="asset_value_key",
                violation_error_message=_(
                    "There is a value of this indicator in this place and year already. Change that one, or choose "
                    "another year."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator} · {self.place} · {self.year}"
