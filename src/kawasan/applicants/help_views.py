"""A mentor enters the application of somebody without a phone, who sits beside and gets the receipt."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kawasan.applicants import queries, services
from kawasan.applicants.public_forms import OwnApplicantForm, OwnPersonForm
from kawasan.applicants.public_views import AT_APPLICATION
from kawasan.programmes.access import ProgrammeRequest, today
from kawasan.programmes.models import Programme


def help_to_apply(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The questions of the public form on one page; open on the same days, and the helper's name is kept."""
    day, data = today(programme), request.POST or None
    closed = queries.reasons_closed(programme, day)
    person = OwnPersonForm(data, programme=programme)
    form = OwnApplicantForm(data, programme=programme, initial={"helped_by": request.user.name})
    form.fields["helped_by"].required = True
    if not closed and all((person.is_valid(), form.is_valid())):
        form.instance.applied_on = day
        made = services.submit(
            programme=programme, person=person.instance, applicant=form.instance, by=request.user, on=day
        )
        response = redirect("applicants:own_receipt", programme.code)
        AT_APPLICATION.give(response, str(made.pk), reverse("reports:own_application", args=[programme.code]))
        return response
    context = {"person_form": person, "form": form, "closed": closed, "back": reverse("home")}
    return render(request, "applicants/form.html", context)
