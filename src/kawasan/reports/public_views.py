"""The page of an application for whoever has its receipt: number and date of birth open it, guesses do not."""

import datetime
from http import HTTPStatus

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kawasan.applicants import codes, rules
from kawasan.applicants.models import Applicant
from kawasan.applicants.public_views import AT_APPLICATION, opened
from kawasan.applicants.queries import papers_of, public_form_of, viability_of
from kawasan.applicants.queries.verification import of_applicant, told
from kawasan.core.addresses import network
from kawasan.core.tallies import Limit
from kawasan.core.text import Text
from kawasan.programmes.access import ProgrammeRequest, anyone_may, today
from kawasan.programmes.models import Programme
from kawasan.reports import my_page
from kawasan.reports.forms import ReceiptForm
from kawasan.selection.views import certificate_file

WRONG_HERE = Limit("reports.own_application", 100, datetime.timedelta(hours=1))  # phones of a provider share an address
WRONG_FOR_NUMBER = Limit("reports.own_application.number", 5, datetime.timedelta(hours=1))


@never_cache
@anyone_may
def own_application(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """How somebody's own application stands, and why; first who it is."""
    form = ReceiptForm(request.POST or None, initial={"number": request.GET.get("number", "")})
    if form.is_valid() and (found := _known(request, programme, form)):
        return _let_in(programme, found)
    found = None if request.method == "POST" else opened(request, programme)
    if found is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return render(request, "reports/receipt_form.html", {"programme": programme, "form": form}, status=status)
    return render(request, "reports/own_application.html", _context(programme, found))


def _known(request: HttpRequest, programme: Programme, form: ReceiptForm) -> Applicant | None:
    """The application of a receipt, if the date of birth is right too. What is wrong is not said, and counted."""
    who, typed = network(request), form.cleaned_data
    number = codes.number_of(programme.code, typed["number"])
    whose = f"{programme.code} {codes.plain(typed['number'])}"
    if WRONG_HERE.is_reached(who) or WRONG_FOR_NUMBER.is_reached(whose):
        form.add_error(None, _("This was tried too often. Try again in an hour, or ask at the office."))
        return None
    found = programme.applicants.filter(code__iexact=number, person__birth_date=typed["birth_date"]).first()
    if number and found:
        return found
    WRONG_HERE.count(who)
    WRONG_FOR_NUMBER.count(whose)
    form.add_error(None, _("Number and date of birth do not belong together. Compare both with your receipt and KTP."))
    return None


def _let_in(programme: Programme, applicant: Applicant) -> HttpResponse:
    address = reverse("reports:own_application", args=[programme.code])
    response = redirect(address)
    AT_APPLICATION.give(response, str(applicant.pk), address)
    return response


def _context(programme: Programme, applicant: Applicant) -> dict[str, object]:
    prefetch_related_objects([applicant], "objections")  # read twice
    viability, appraisals = viability_of(applicant)
    stored = [Text.restored(warning) for warning in applicant.warnings]
    return {
        "programme": programme,
        "mine": my_page.of_applicant(programme, applicant, today(programme)),
        "applicant": applicant,
        "questions": rules.questions_left(stored),
        "missing": rules.missing_of(applicant.person.birth_date, applicant.person.family_card, applicant.person.phone),
        "objections": list(applicant.objections.all()),
        "closed_to_objection": applicant.reasons_no_objection(today(programme)),
        "papers": papers_of(applicant),
        "verified": told(of_applicant(applicant), applicant.status),
        "viability": viability if appraisals else None,
        "remarks": [one.remark for one in appraisals if one.remark] if viability.score is not None else [],
        "complaints": public_form_of(programme).complaints,
        "receipt": codes.receipt_code(programme.code, applicant.code),
    }


@never_cache
@anyone_may
def own_certificate(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The certificate of the draw for whoever has an application in it, however the programme announces."""
    found = opened(request, programme)
    if found is None:
        return redirect("reports:own_application", programme.code)
    draw = programme.draws.standing().first()
    if draw is None or found.frozen_on is None:
        raise Http404
    return certificate_file(draw)


@require_POST
@anyone_may
def leave_own_application(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Close the page on this device."""
    address = reverse("reports:own_application", args=[programme.code])
    response = redirect(address)
    AT_APPLICATION.take_back(response, address)
    return response
