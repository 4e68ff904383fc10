from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kawasan.areas import boundary_file, queries
from kawasan.areas.models import Boundary, Resource
from kawasan.core.forms import Form
from kawasan.core.language import in_words
from kawasan.core.text import Text
from kawasan.programmes.forms import RowForm
from kawasan.programmes.models import Programme

SOURCE_LENGTH = Boundary._meta.get_field("source").max_length


class ResourceForm(RowForm):
    class Meta:
        model = Resource
        fields = (
            "name",
            "name_en",
            "code",
            "capital",
            "kind",
            "place",
            "quantity",
            "unit",
            "sustainable_yield",
            "used",
            "latitude",
            "longitude",
            "as_of",
            "source",
        )


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
