"""Photos of papers are received, replaced and read; the log keeps each."""

import datetime
import hashlib

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Substr
from django.utils import timezone

from kawasan.applicants import sealed_files
from kawasan.applicants.models import Applicant, Paper
from kawasan.applicants.rules import OPEN_TO_ASSESSMENT, Status
from kawasan.applicants.services.applications import Yardstick, assess_these
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.photos import Photo, bits_apart, look_of
from kawasan.core.services import log
from kawasan.core.text import Text, _

MOST_APART = 3  # bits of 64 in which two looks of one picture differ; of two cards on one table they differ in more
BANDS = 4  # of 16 bits: of looks so little apart at least one band is the same


@transaction.atomic
def hand_in(*, applicant: Applicant, kind: str, photo: Photo, by: User | None, on: datetime.date) -> Paper:
    """Receive a paper, in place of one of that kind which was received before, and see whether others sent it too.

    The file is written before the row that names it: a photo that cannot be kept takes nothing away.
    """
    Applicant.objects.select_for_update().get(pk=applicant.pk)
    if applicant.status == Status.WITHDRAWN:
        raise Refused(Text(_("This application was withdrawn, so it takes no papers.")))
    old = applicant.papers.filter(kind=kind).first()
    if old and applicant.frozen_on:
        raise Refused(Text(_("The pool of the draw is frozen, so what was handed in stays as it was checked.")))
    paper = old or Paper(programme=applicant.programme, applicant=applicant, kind=kind)
    gone, paper.file = paper.file, sealed_files.new_name()
    sealed_files.keep(paper.file, photo.content)
    paper.digest, paper.received_at = hashlib.sha256(photo.content).hexdigest(), timezone.now()
    paper.look = look_of(photo.content)
    paper.save()
    changed = _compare(paper, on)
    log("applicants.paper_received", applicant, by=by, rows=[paper, *changed], kind=kind)
    if gone:
        transaction.on_commit(lambda: sealed_files.forget(gone))
    return paper


def _compare(paper: Paper, on: datetime.date) -> list[Applicant]:
    """Note whose photos look the same, and assess these people anew, and those of whom a photo did before."""
    before = set(paper.alike.values_list("applicant", flat=True))
    paper.alike.set(_alike(paper))
    now = set(paper.alike.values_list("applicant", flat=True))
    if before == now:
        return []
    concerned = Applicant.objects.filter(pk__in={paper.applicant_id} | before | now)
    open_ones = list(concerned.filter(status__in=OPEN_TO_ASSESSMENT).select_related("person__place", "programme"))
    return assess_these(open_ones, Yardstick.of(paper.programme, around=open_ones), on)


def _alike(paper: Paper) -> list[Paper]:
    """Papers of other people that show the same picture; many share a band by chance, so bits are counted."""
    if not paper.look:
        return []
    width = len(paper.look) // BANDS
    bands = {f"band_{at}": Substr("look", at * width + 1, width) for at in range(BANDS)}
    shared = Q()
    for at in range(BANDS):
        shared |= Q(**{f"band_{at}": paper.look[at * width : (at + 1) * width]})
    others = Paper.objects.filter(programme=paper.programme).exclude(look="")
    others = others.exclude(applicant__person=paper.applicant.person_id)
    return [one for one in others.alias(**bands).filter(shared) if bits_apart(one.look, paper.look) <= MOST_APART]


def read(*, paper: Paper, by: User | None) -> bytes:
    """The picture; the log keeps who looked at it."""
    log("applicants.paper_read", paper.applicant, by=by, is_written=False, kind=paper.kind)
    return sealed_files.content_of(paper.file)
