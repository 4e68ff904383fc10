"""Resources, their kinds, boundaries and figures are kept. What is computed of sectors and capitals writes nothing, so
it takes no ``by``: it stands here because only services call the engine."""

from kawasan.areas.services.assets import (
    AssetStudy,
    CapitalScore,
    Indicator,
    PlaceScore,
    Ranked,
    asset_study,
    pentagon,
    place_score,
)
from kawasan.areas.services.boundaries import remove_boundaries, replace_boundaries
from kawasan.areas.services.figures import Figure, add_figure, change_figure, remove_figure
from kawasan.areas.services.potential import Pair, Sector, Study, Sum, potential, sector_study
from kawasan.areas.services.resources import (
    add_kind,
    add_resource,
    change_kind,
    change_resource,
    remove_kind,
    remove_photo,
    remove_resource,
    set_photo,
)

__all__ = [
    "AssetStudy",
    "CapitalScore",
    "Figure",
    "Indicator",
    "Pair",
    "PlaceScore",
    "Ranked",
    "Sector",
    "Study",
    "Sum",
    "add_figure",
    "add_kind",
    "add_resource",
    "asset_study",
    "change_figure",
    "change_kind",
    "change_resource",
    "pentagon",
    "place_score",
    "potential",
    "remove_boundaries",
    "remove_figure",
    "remove_kind",
    "remove_photo",
    "remove_resource",
    "replace_boundaries",
    "sector_study",
    "set_photo",
]
