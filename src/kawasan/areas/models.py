"""Places, sectors and the resources of the five capitals."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kawasan.areas import rules
from kawasan.areas.rules import Capital, Level
from kawasan.core.language import choices, in_language, in_words
from kawasan.core.text import Text
from kawasan.programmes.models import CodeField, Programme, SourceField

LATITUDE = (MinValueValidator(-90), MaxValueValidator(90))
LONGITUDE = (MinValueValidator(-180), MaxValueValidator(180))
SHARE = (MinValueValidator(0), MaxValueValidator(100))
CODE_TAKEN = _("This code is used already. Choose another.")


def validate_outline(geometry: Any) -> None:
    if reasons := rules.reasons_not_an_outline(geometry):
        raise ValidationError([in_words(reason) for reason in reasons])


class Place(models.Model):
    """A part of the area or next to it: city or regency, district (kecamatan), village (kelurahan)."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="places")
    code = CodeField(verbose_name=_("code"), help_text="Kemendagri code, e.g. 19.71.01.1004")
    name = models.CharField(_("name"), max_length=120, help_text="Name of the place")
    level = models.CharField(_("level"), max_length=20, choices=choices(Level), help_text="Level of the place")
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
        help_text="Place that this one is a part of",
    )
    latitude = models.FloatField(_("latitude"), validators=LATITUDE, help_text="Latitude of the centre, degrees")
    longitude = models.FloatField(_("longitude"), validators=LONGITUDE, help_text="Longitude of the centre, degrees")
    area_km2 = models.FloatField(
        _("area (km²)"), null=True, blank=True, validators=[MinValueValidator(0)], help_text="Area, km²"
    )
    population = models.PositiveIntegerField(_("population"), null=True, blank=True, help_text="Inhabitants")
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


class SectorShare(models.Model):
    """The share of one sector in the product of the area (a city or a regency) and of the province, in one year."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="sector_shares")
    sector = CodeField(verbose_name=_("sector"), help_text="Letter of the sector as in KBLI, e.g. G")
    name = models.CharField(_("name"), max_length=200, help_text="Name in Indonesian")
    name_en = models.CharField(_("name in English"), max_length=200, blank=True, help_text="Name in English")
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1990), MaxValueValidator(2100)], help_text="Year of the figures"
    )
    area_share = models.FloatField(
        _("share in the area (%)"),
        null=True,
        blank=True,
        validators=SHARE,
        help_text="Share in the product (GRDP) of the area, a city or a regency, per cent; empty when unknown",
    )
    province_share = models.FloatField(
        _("share in the province (%)"),
        null=True,
        blank=True,
        validators=SHARE,
        help_text="Share in the product (GRDP) of the province, per cent; empty when unknown",
    )
    source = SourceField()

    class Meta:
        ordering = ("sector", "year")
        constraints = (models.UniqueConstraint(fields=("programme", "sector", "year"), name="sector_share_year"),)

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
    name = models.CharField(_("name"), max_length=200, help_text="Name in Indonesian")
    name_en = models.CharField(_("name in English"), max_length=200, blank=True, help_text="Name in English")
    capital = models.CharField(
        _("capital"), max_length=20, choices=choices(Capital), help_text="Which of the five capitals it belongs to"
    )
    kind = models.CharField(_("kind"), max_length=100, blank=True, help_text="Kind of resource, in words")
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="resources",
        verbose_name=_("place"),
        help_text="Place where it is",
    )
    quantity = models.FloatField(_("quantity"), validators=[MinValueValidator(0)], help_text="How much there is")
    unit = models.CharField(_("unit"), max_length=40, help_text="Unit of quantity, yield and use")
    sustainable_yield = models.FloatField(
        _("sustainable yield per year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="How much of the unit can be used a year without using the resource up",
    )
    used = models.FloatField(
        _("used per year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="How much of the unit is used a year already",
    )
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=LATITUDE, help_text="Latitude, degrees; empty: the place's"
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=LONGITUDE, help_text="Longitude, degrees; empty: the place's"
    )
    as_of = models.DateField(_("as at"), help_text="Day of the figures")
    source = SourceField()

    objects = ResourceQuerySet.as_manager()

    class Meta:
        ordering = ("capital", "name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "code"), name="resource_code", violation_error_message=CODE_TAKEN
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
    def kind_in_words(self) -> str:
        """A known kind in the reader's language, any other as it was entered."""
        kind = self.kind.strip().lower()
        return gettext(rules.KINDS[kind]) if kind in rules.KINDS else self.kind

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
    """A measure of one of the five capitals, between a worst and a best value."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="asset_indicators")
    code = CodeField(verbose_name=_("code"))
    capital = models.CharField(
        _("capital"), max_length=20, choices=choices(Capital), help_text="Which of the five capitals it measures"
    )
    name = models.CharField(_("name"), max_length=200, help_text="Name in Indonesian")
    name_en = models.CharField(_("name in English"), max_length=200, blank=True, help_text="Name in English")
    unit = models.CharField(_("unit"), max_length=40, blank=True, help_text="Unit of value, worst and best")
    value = models.FloatField(_("value"), null=True, blank=True, help_text="Value; empty when unknown")
    worst = models.FloatField(_("worst"), help_text="Value that scores 0; may be more than best")
    best = models.FloatField(_("best"), help_text="Value that scores 100")
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1)], help_text="Weight within the capital"
    )
    source = SourceField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("programme", "code"), name="asset_indicator_code"),
            models.CheckConstraint(
                condition=~models.Q(worst=models.F("best")),
                name="asset_indicator_range",
                violation_error_message=_(
                    "Worst and best are the same, so nothing lies between them to score; correct one of the two."
                ),
            ),
        )

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)
