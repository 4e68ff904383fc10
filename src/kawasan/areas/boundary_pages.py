"""What the page of the boundaries shows of a file before it is stored."""

import json
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from kawasan.areas import outlines, picture, queries
from kawasan.areas.boundary_file import Reading
from kawasan.areas.forms import BoundaryFileForm, CheckedBoundariesForm, SeenBoundariesForm
from kawasan.areas.models import Place
from kawasan.areas.rules import Level
from kawasan.core.charts import on_every_screen
from kawasan.programmes.models import Programme


def stored(programme: Programme) -> dict[str, Any]:
    """What the programme has now."""
    counts = queries.boundary_counts(programme)
    seen = queries.boundaries_hash(programme)
    return {
        "counts": counts,
        "bounded": sum(bounded for _level, _places, bounded in counts),
        "remove": SeenBoundariesForm(initial={"seen": seen}, auto_id="remove_%s"),
        "seen": seen,
    }


def preview(programme: Programme, form: BoundaryFileForm, reading: Reading, seen: str) -> dict[str, Any]:
    """The map and the findings of a file, and the form that stores it when nothing is wrong."""
    places = queries.places_as_spots(programme)
    initial = {"outlines": json.dumps(reading.collection), "source": form.cleaned_data["source"], "seen": seen}
    confirm = CheckedBoundariesForm(initial=initial, auto_id="store_%s", programme=programme)
    return {
        "reading": reading,
        "faults": reading.faults,
        "notes": [finding for finding in reading.findings if not finding.is_fault],
        "levels": [Level(level).label for level in reading.levels],
        "pictures": [
            (level.label, on_every_screen(partial(_picture, [p for p in places if p.level == level], reading)))
            for level in map(Level, reading.levels)
        ],
        "confirm": confirm if reading.is_usable else None,
    }


def _picture(places: list[Place], reading: Reading, width: int) -> Any:
    grounds = [
        picture.Ground(
            outline=outlines.read(reading.outlines[place.code]),
            title=f"{place.name} ({place.code})",
            centre=(place.longitude, place.latitude),
            name=place.name,
        )
        for place in places
        if place.code in reading.outlines
    ]
    label = _("The outlines of the file: {names}").format(names=", ".join(ground.title for ground in grounds))
    return picture.svg(grounds, [], width=width, label=label)
