"""What a phone writes into a photo about where it was taken; read only where the mentor asks for it."""

from typing import IO, Any

from PIL import Image

GPS = 0x8825  # the directory of a photo's EXIF data that says where it was taken
LATITUDE, LONGITUDE = (1, 2), (3, 4)  # of its entries: the half of the globe, then degrees, minutes and seconds
SIGN = {"N": 1, "E": 1, "S": -1, "W": -1}


def where_taken(sent: IO[Any]) -> tuple[float, float] | None:
    """Latitude and longitude in degrees; nothing where the photo does not say, or says what cannot be."""
    sent.seek(0)
    try:
        with Image.open(sent) as picture:
            found = picture.getexif().get_ifd(GPS)
        latitude, longitude = _degrees(found, *LATITUDE), _degrees(found, *LONGITUDE)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, ZeroDivisionError):
        return None
    finally:
        sent.seek(0)
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _degrees(found: dict[int, Any], half: int, parts: int) -> float:
    degrees, minutes, seconds = (float(part) for part in found[parts])
    return SIGN[found[half]] * (degrees + minutes / 60 + seconds / 3600)
