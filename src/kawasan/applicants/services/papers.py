"""Photos of papers are received, replaced and read; the log keeps each."""

import hashlib

from django.db import transaction
from django.utils import timezone

from kawasan.applicants import sealed_files
from kawasan.applicants.models import Applicant, Paper
from kawasan.applicants.rules import Status
from kawasan.core.errors import Refused
from kawasan.core.models import User
from kawasan.core.photos import Photo
from kawasan.core.services import log
from kawasan.core.text import Text, _


@transaction.atomic
def hand_in(*, applicant: Applicant, kind: str, photo: Photo, by: User | None) -> Paper:
    """Receive a paper, in place of one of that kind which was received before.

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
    paper.save()
    log("applicants.paper_received", applicant, by=by, rows=[paper], kind=kind)
    if gone:
        transaction.on_commit(lambda: sealed_files.forget(gone))
    return paper


def read(*, paper: Paper, by: User | None) -> bytes:
    """The picture; the log keeps who looked at it."""
    log("applicants.paper_read", paper.applicant, by=by, is_written=False, kind=paper.kind)
    return sealed_files.content_of(paper.file)
