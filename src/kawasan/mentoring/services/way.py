"""In which order the places of a day's visits are near one another."""

from collections.abc import Sequence

from kawasan.areas.models import Place
from kawasan.engine.assignment import distance_km
from kawasan.engine.route import shortest_way


def short_way(start: Place, places: Sequence[Place]) -> tuple[list[int], float]:
    """The places, by their number in the list, in the order of a short way from where the mentor sets out; its km."""
    points = [(one.latitude, one.longitude) for one in (start, *places)]
    latitude, longitude = zip(*points, strict=True)
    way = shortest_way(distance_km(latitude, longitude, latitude, longitude))
    return [int(place) - 1 for place in way.order[1:]], way.length_km
