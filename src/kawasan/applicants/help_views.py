"""A mentor enters the application of somebody without a phone, who sits beside and gets the receipt."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kawasan.applicants import queries, rules
from kawasan.applicants.public_forms import HeardForm, OwnApplicantForm, OwnPersonForm
from kawasan.applicants.services.helping import enter_for
from kawasan.programmes.access import ProgrammeRequest, today
from kawasan.programmes.models import Programme


def help_to_apply(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The questions of the public form on one page; open on the same days, and the helper's name is kept."""
    day, data = today(programme), request.POST or None
    closed = queries.reasons_closed(programme, day)
    person, heard = OwnPersonForm(data, programme=programme), HeardForm(data)
    form = OwnApplicantForm(data, programme=programme, initial={"helped_by": request.user.name})
    form.fields["helped_by"].required = True
    if not closed and all((person.is_valid(), form.is_valid(), heard.is_valid())):
        made = enter_for(
            programme=programme,
            person=person.instance,
            applicant=form.instance,
            consents=heard.consents(),
            by=request.user,
            on=day,
        )
        return redirect("applicants:office_receipt", programme.code, made.code)
    context = {"person_form": person, "form": form, "heard_form": heard, "notice": rules.NOTICE, "closed": closed}
    return render(request, "applicants/form.html", context | {"back": reverse("home")})
