from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kawasan.areas import boundary_file, queries
from kawasan.areas.models import (
    AssetIndicator,
    AssetValue,
    Boundary,
    Place,
    Resource,
    ResourceKind,
    SectorFigure,
)
from kawasan.areas.rules import Basis, Capital, Spread
from kawasan.areas.services import AssetStudy, Pair, PlaceScore, Study
from kawasan.core.forms import Form, offer, offer_choices
from kawasan.core.language import choices, in_words, unit
from kawasan.core.photos import PhotoUpload
from kawasan.core.text import Text
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Programme

SOURCE_LENGTH = Boundary._meta.get_field("source").max_length
ANY = [("", _("all"))]


class KindField(forms.ModelChoiceField):
    def label_from_instance(self, obj: ResourceKind) -> str:
        return f"{obj.get_capital_display()} · {obj} ({unit(obj.unit)})"


class PlaceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Place) -> str:
        return f"{obj.name} · {obj.get_level_display()}"


class ResourceForm(RowForm):
    class Meta:
        model = Resource
        fields = (
            "name",
            "name_en",
            "code",
            "kind",
            "place",
            "latitude",
            "longitude",
            "quantity",
            "unit",
            "period",
            "sustainable_yield",
            "used",
            "owner",
            "access",
            "condition",
            "as_of",
            "source",
        )
        field_classes = {"kind": KindField, "place": PlaceField}  # noqa: RUF012 - Django's own way to say it
        error_messages = {  # noqa: RUF012
            "unit": {"required": _("Write the unit in which quantity, yield and use are given, e.g. kg.")}
        }
        help_texts = {  # noqa: RUF012
            "latitude": _("Leave both empty when it is not at one point: it then stands at the middle of its place."),
            "quantity": _("How much there is; of what flows, such as landed fish, how much in the period."),
            "unit": _("The unit of the kind, or one that can be worked out from it."),
            "sustainable_yield": _("How much can be used in the period without using it up. Empty when unknown."),
            "source": _("Where the figures come from: who counted, or what was read."),
        }


class KindForm(RowForm):
    class Meta:
        model = ResourceKind
        fields = ("code", "capital", "name", "name_en", "unit")
        help_texts = {  # noqa: RUF012
            "unit": _("Resources of the kind are given in it, or in a unit that can be worked out from it.")
        }


class SectorFigureForm(RowForm):
    class Meta:
        model = SectorFigure
        fields = ("sector", "name", "name_en", "year", "basis", "area", "reference", "source")
        help_texts = {  # noqa: RUF012
            "sector": _("The letter of the sector as in KBLI, e.g. G; TOTAL for all sectors together."),
            "basis": _(
                "Shares in per cent, GRDP in billion rupiah, or people employed. All years of one kind compare."
            ),
            "area": _("Leave empty when unknown: it is then shown as missing, never as zero."),
            "reference": _("The same for the whole province."),
            "source": _("Where the figures come from: who counted, or what was read."),
        }


class AssetIndicatorForm(RowForm):
    class Meta:
        model = AssetIndicator
        fields = (
            "code",
            "capital",
            "name",
            "name_en",
            "unit",
            "direction",
            "scale",
            "worst",
            "best",
            "weight",
            "source",
        )
        help_texts = {  # noqa: RUF012
            "worst": _("The value that scores 0. Leave worst and best empty when scored between the places."),
            "best": _("The target: the value that scores 100."),
            "weight": _("How much it counts within its capital: 2 counts twice as much as 1."),
        }


class IndicatorField(forms.ModelChoiceField):
    def label_from_instance(self, obj: AssetIndicator) -> str:
        return f"{obj} ({unit(obj.unit)})" if obj.unit else str(obj)


class AssetValueForm(RowForm):
    class Meta:
        model = AssetValue
        fields = ("indicator", "place", "year", "value", "source")
        field_classes = {"indicator": IndicatorField, "place": PlaceField}  # noqa: RUF012
        help_texts = {  # noqa: RUF012
            "place": _("The area as a whole, or one of its places."),
            "value": _("In the unit of the indicator. Leave empty when it was not found: it is then shown as missing."),
            "source": _("Where the figure comes from: who counted, or what was read."),
        }


class FiguresFilter(forms.Form):
    """What a list of figures is narrowed to; an answer that fits nothing is not a filter."""

    q = forms.CharField(label=_("Name or code"), required=False, max_length=100)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1, max_value=9999)

    def __init__(self, *args: Any, has_year: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_year:
            del self.fields["year"]

    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        return dict(self.cleaned_data)


class PhotoForm(Form):
    photo = PhotoUpload(
        label=_("Photo"),
        help_text=_(
            "JPEG, PNG or WebP, at most 10 MB. It is made smaller, and what the camera wrote into it (place, time, "
            "device) is taken out."
        ),
    )


class RemoveForm(Form):
    """Nothing to fill in: sending it is the answer."""


class ResourceFilter(forms.Form):
    """What the list is narrowed to; an answer that fits nothing is not a filter."""

    q = forms.CharField(label=_("Name, code or owner"), required=False, max_length=100)
    capital = forms.ChoiceField(label=_("Capital"), required=False, choices=[*ANY, *choices(Capital)])
    kind = forms.ModelChoiceField(ResourceKind.objects.none(), label=_("Kind"), required=False, empty_label=_("all"))
    place = PlaceField(
        Place.objects.none(), label=_("Place and its parts"), required=False, empty_label=_("all"), to_field_name="code"
    )
    short = forms.ChoiceField(
        label=_("Running short"), required=False, choices=[("", _("all")), ("yes", _("only what runs short"))]
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[
            ("", _("capital")),
            ("name", _("name")),
            ("place", _("place")),
            ("left", _("least head-room first")),
            ("newest", _("latest figures first")),
        ],
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", ResourceKind.objects.filter(programme=programme))
        offer(self, "place", Place.objects.filter(programme=programme))
        self.fields["kind"].to_field_name = "code"  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """The answers that can be used."""
        self.is_valid()
        return dict(self.cleaned_data)


class PotentialForm(forms.Form):
    """What is counted, and between which years."""

    basis = forms.ChoiceField(label=_("What is counted"))
    start = forms.ChoiceField(label=_("From"), required=False)
    end = forms.ChoiceField(label=_("To"))

    @classmethod
    def showing(cls, study: Study) -> "PotentialForm":
        """The form with the choices that a study was made with."""
        made = {"basis": study.basis, "start": study.start, "end": study.end}
        form = cls(initial={name: one.year if isinstance(one, Pair) else one for name, one in made.items()})
        years = [(str(year), str(year)) for year in study.years]
        offer_choices(form, "basis", [one for one in choices(Basis) if one[0] in study.bases])
        offer_choices(form, "start", years)
        offer_choices(form, "end", years)
        return form


class AssetsForm(forms.Form):
    """Which places and years are shown side by side, and how far weights may lie from those that were set."""

    place = forms.MultipleChoiceField(label=_("Places"), required=False, widget=forms.CheckboxSelectMultiple)
    compared = forms.MultipleChoiceField(
        label=_("Years side by side"), required=False, widget=forms.CheckboxSelectMultiple
    )
    year = forms.ChoiceField(label=_("Year of the ranking"), required=False)
    spread = forms.ChoiceField(label=_("Weights vary"), required=False, choices=choices(Spread))

    def __init__(self, asked: QueryDict, *, study: AssetStudy) -> None:
        last = str(study.ranked_year)
        given = {"place": asked.getlist("place"), "compared": asked.getlist("compared") or [last]}
        super().__init__({**given, "year": last, "spread": study.spread.value})
        self.study = study
        places = {one.place.code: one.place.name for one in study.scores}
        years = [(str(year), str(year)) for year in study.years]
        offer_choices(self, "place", places.items())
        offer_choices(self, "compared", years)
        offer_choices(self, "year", years)

    def shown(self) -> list[PlaceScore]:
        """The places and years that are asked for; without an answer every place, in the year of the ranking."""
        self.full_clean()
        places = set(self.cleaned_data.get("place", ()))
        years = set(self.cleaned_data.get("compared", ())) or {str(self.study.ranked_year)}
        return [
            one
            for one in sorted(self.study.scores, key=lambda one: (not one.is_whole, one.place.code, one.year))
            if str(one.year) in years and (not places or one.place.code in places)
        ]


class BoundaryFileForm(Form):
    """A file of boundaries, to be looked at; nothing is stored yet."""

    file = forms.FileField(
        label=_("GeoJSON file"),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json,application/json"}),
        error_messages={"empty": _("The file is empty. Export the boundaries once more, as GeoJSON.")},
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=SOURCE_LENGTH,
        help_text=_("Who drew the boundaries, when, and under which licence; it is printed below the map."),
    )
    code_property = forms.CharField(
        label=_("Property with the code"),
        required=False,
        max_length=60,
        help_text=_("Leave it empty: the property whose values are codes of places is found."),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > boundary_file.MOST_MEGABYTES * 1_000_000:
            said = Text(
                boundary_file.TOO_LARGE,
                {"size": round((file.size or 0) / 1_000_000, 1), "most": boundary_file.MOST_MEGABYTES},
            )
            raise ValidationError(in_words(said))
        return file


class CheckedBoundariesForm(Form):
    """Boundaries that were looked at, sent back to be stored. They are checked once more: they came from outside."""

    outlines = forms.CharField(widget=forms.HiddenInput)
    source = forms.CharField(widget=forms.HiddenInput, max_length=SOURCE_LENGTH)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme

    def clean_outlines(self) -> boundary_file.Reading:
        places = queries.places_as_spots(self.programme)
        reading = boundary_file.read(self.cleaned_data["outlines"].encode(), places, simplify=False)
        if not reading.is_usable:
            raise ValidationError([in_words(fault.text) for fault in reading.faults])
        return reading


class SeenBoundariesForm(Form):
    """Which boundaries are to be removed: those that were seen."""

    seen = forms.CharField(widget=forms.HiddenInput)
