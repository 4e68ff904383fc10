"""The rounds, the indicators as plain functions over rows, and who may see the figures of few people."""

from kawasan.core.text import Labelled, _


class RoundStatus(Labelled):
    OPEN = "open", _("Open")
    FROZEN = "frozen", _("Frozen")


class CashBook(Labelled):
    NONE = "none", _("None")
    MANUAL = "manual", _("By hand")
    EXCEL = "excel", _("Spreadsheet")
    APPLICATION = "application", _("Application")


class MarketingArea(Labelled):
    VILLAGE = "village", _("Own kelurahan")
    DISTRICT = "district", _("Own kecamatan")
    CITY = "city", _("City")
    PROVINCE = "province", _("Province")
    NATIONAL = "national", _("Indonesia")
    INTERNATIONAL = "international", _("Abroad")
