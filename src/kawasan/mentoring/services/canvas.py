"""Blocks of the business model canvas are written version by version, and printed on one page."""

import json
from collections.abc import Mapping
from pathlib import Path

import typst
from django.db import transaction
from django.utils.translation import get_language, gettext

from kawasan.applicants.models import Applicant
from kawasan.core import language
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.services import log
from kawasan.matching.models import Group
from kawasan.matching.queries import next_code
from kawasan.mentoring import rules
from kawasan.mentoring.models import CanvasBlock
from kawasan.mentoring.rules import Block

TYPST = Path(__file__).parents[1] / "typst" / "canvas.typ"


@transaction.atomic
def write_block(*, block: CanvasBlock, read: int, by: User | None) -> CanvasBlock:
    """Add a version of a block; ``read`` is the version that its writer had before them, 0 where there was none."""
    block.code = next_code(block.programme, CanvasBlock, "B", 4)
    before = CanvasBlock.objects.filter(applicant=block.applicant, group=block.group, block=block.block).first()
    is_as_read = read == (before.version if before else 0)
    reasons = rules.reasons_not_written(text=block.text, before=before.text if before else "", is_as_read=is_as_read)
    if reasons:
        raise Refused(*reasons)
    block.text, block.version, block.entered_by = block.text.strip(), read + 1, by
    block.source = f"entered by {by}"
    block.full_clean()
    block.save()
    log("mentoring.block_written", block, by=by, block=block.block, version=block.version, owner=block.owner.code)
    return block


@transaction.atomic
def print_canvas(*, owner: Applicant | Group, name: str, blocks: Mapping[str, CanvasBlock], by: User | None) -> bytes:
    """The canvas on one A4 page, in the reader's language; who took it is logged."""
    log("mentoring.canvas_taken", owner, by=by, is_written=False)
    last = max((one.written_on for one in blocks.values()), default=None)
    data = {
        "title": gettext("Business model canvas"),
        "name": name,
        "programme": owner.programme.name,
        "day": gettext("As of {day}").format(day=language.date(last)) if last else "",
        "language": get_language(),
        "blocks": {
            kind.value: {
                "name": gettext(kind.label),
                "question": gettext(rules.QUESTIONS[kind]),
                "text": blocks[kind].text if kind in blocks else "",
            }
            for kind in Block
        },
    }
    return typst.compile(TYPST, sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
