"""Calls the next reserve of a draw that was made without a database."""

import csv
from pathlib import Path

from kawasan.core.errors import Refused
from kawasan.core.text import Text, _
from kawasan.engine import certificate
from kawasan.engine.errors import InfeasibleError, InvalidInputError
from kawasan.exchange.services.draw import PANEL, RESERVES, Say, json_parts, read_json, say_in_words
from kawasan.exchange.services.dump import write_parts


def call_reserve(*, path: Path, leaver: str, say: Say) -> None:
    """Write into a certificate that somebody leaves and who comes instead; every verifier follows it.

    ``leaver`` is a pseudonym, or an id of ``panel.csv`` or ``reserves.csv`` beside the certificate.
    """
    found = read_json(path, _("{file} is not a certificate ({why}); give the file certificate.json of a draw."))
    checks = certificate.verify(found)
    if not all(check.holds for check in checks) or "people" not in found:
        template = _("{file} is no certificate of a draw that holds; look at it with kawasan verify.")
        raise Refused(Text(template, {"file": path.name}))
    names = _names(path.parent)
    try:
        made = certificate.call(found, leaver=names.get(leaver, leaver))
    except InvalidInputError:
        template = _("{leaver} neither holds a seat nor waits for one; give an id or a pseudonym of the draw.")
        raise Refused(Text(template, {"leaver": leaver[:80]})) from None
    except InfeasibleError:
        raise Refused(Text(_("Nobody among the reserves keeps the household limit, so nobody was called."))) from None
    write_parts(path, json_parts(made))
    _tell(made["calls"][-1], {pseudonym: own for own, pseudonym in names.items()}, say)


def _names(folder: Path) -> dict[str, str]:
    """Whose pseudonym is whose, as far as the files beside the certificate say."""
    found = {}
    for name in (PANEL, RESERVES):
        if (folder / name).is_file():
            with (folder / name).open(encoding="utf-8", newline="") as file:
                found.update({row["id"].removeprefix("'"): row["pseudonym"] for row in csv.DictReader(file)})
    return found


def _tell(entry: dict[str, str | int], ids: dict[str, str], say: Say) -> None:
    leaver, reserve = str(entry["leaver"]), str(entry["reserve"])
    gaps = {"leaver": ids.get(leaver, leaver), "reserve": ids.get(reserve, reserve), "short": entry["short"]}
    if not reserve:
        say_in_words(say, _("{leaver} waited and is not called any more. The certificate says so."), **gaps)
        return
    say_in_words(say, _("{reserve} takes the seat of {leaver}. The certificate says so."), **gaps)
    if entry["short"]:
        template = _("With nobody among the reserves do all quotas hold; with this one they are missed by {short}.")
        say_in_words(say, template, **gaps)
