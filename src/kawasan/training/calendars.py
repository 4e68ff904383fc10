"""What the calendar and the sun say of a day: Indonesian public holidays, and the times of prayer at a place."""

import datetime
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays
from adhanpy.calculation.CalculationMethod import CalculationMethod
from adhanpy.PrayerTimes import PrayerTimes

PRECAUTION = datetime.timedelta(minutes=2)  # ihtiyat, which the Ministry of Religious Affairs adds
METHOD = CalculationMethod.SINGAPORE  # 20° and 18°, as the ministry computes; noon and afternoon do not depend on it


class Prayers(NamedTuple):
    """Noon (zuhur), afternoon (asar) and sunset (magrib) prayer of a day, in local time."""

    noon: datetime.time
    afternoon: datetime.time
    sunset: datetime.time


@lru_cache(maxsize=16)
def _of_year(year: int, language: str) -> dict[datetime.date, str]:
    return dict(holidays.country_holidays("ID", years=year, language=language).items())


def holiday_on(day: datetime.date, language: str = "id") -> str:
    """The public holiday of a day; nothing on other days. Those of the moon's calendar may move by a day."""
    return _of_year(day.year, "en_US" if language == "en" else "id").get(day, "")


@lru_cache(maxsize=4096)
def prayers_on(day: datetime.date, latitude: float, longitude: float, zone: str) -> Prayers:
    """The prayers between morning and night at a place."""
    at = datetime.datetime.combine(day, datetime.time.min)
    times = PrayerTimes((latitude, longitude), at, METHOD, time_zone=ZoneInfo(zone))
    return Prayers(*((at + PRECAUTION).time() for at in (times.dhuhr, times.asr, times.maghrib)))


def holidays_of(days: Iterable[datetime.date]) -> set[datetime.date]:
    return {day for day in days if holiday_on(day)}
