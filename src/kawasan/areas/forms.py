from kawasan.areas.models import Resource
from kawasan.programmes.forms import RowForm


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
