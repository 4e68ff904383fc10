"""The five capitals, levels of places, classes of sectors; when a resource is used too hard; what to do next."""

from kawasan.core.text import Labelled, _

WARNING_SHARE = 0.8
"""Share of the sustainable yield above which a resource is called nearly used up."""


class Capital(Labelled):
    """The five assets of the pentagon, in the order of the engine."""

    NATURAL = "natural", _("Natural capital")
    HUMAN = "human", _("Human capital")
    PHYSICAL = "physical", _("Physical capital")
    SOCIAL = "social", _("Social capital")
    FINANCIAL = "financial", _("Financial capital")


class Level(Labelled):
    CITY = "city", _("City")
    DISTRICT = "district", _("District (kecamatan)")
    VILLAGE = "village", _("Village (kelurahan)")


class SectorClass(Labelled):
    """What a sector is for the area, and where it goes."""

    LEADING = "leading", _("Leading")
    MATURE = "mature", _("Mature")
    PROSPECTIVE = "prospective", _("Prospective")
    LAGGING = "lagging", _("Lagging")
    UNKNOWN = "unknown", _("Unknown")
