"""The pages of reporting dates: the office sees every number and its rows, everybody else what tells of nobody."""

import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kawasan.core.listing import listed
from kawasan.core.paging import page_of
from kawasan.core.responses import form_page
from kawasan.outcomes import forms, listings, queries, rules, services
from kawasan.outcomes.models import ReportingDate
from kawasan.outcomes.queries import reporting_sheet
from kawasan.outcomes.rules import LEAST_PEOPLE, SEE_PEOPLE
from kawasan.programmes.access import ProgrammeRequest, has_role, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY, OFFICE, OVERSIGHT, Role

REPORTERS = (Role.MANAGER, Role.PLANNER)
COMPARERS = (*OFFICE, *OVERSIGHT)
ROWS_PER_PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _frozen(programme: Programme, day: datetime.date) -> ReportingDate:
    return get_object_or_404(programme.reporting_dates, reported_on=day)


@who_may(*EVERYBODY)
def reporting_dates(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The reporting dates, and what each indicator is."""
    dates = programme.reporting_dates.defer("people", "withheld")
    context = {
        "dates": dates,
        "definitions": [(of, rules.denominator(of)) for of in rules.BY_NAME.values()],
        "can_freeze": has_role(request, *REPORTERS),
        "can_compare": has_role(request, *COMPARERS),
    }
    return listed(request, "outcomes/reporting_dates.html", context, listings.REPORTING_DATES, rows=dates)


@who_may(*EVERYBODY)
def reporting_date(request: ProgrammeRequest, programme: Programme, day: datetime.date) -> HttpResponse:
    """The indicators of one day by each part of the participants."""
    frozen, sees_people = _frozen(programme, day), has_role(request, *SEE_PEOPLE)
    lines = queries.lines_of(frozen, sees_people=sees_people)
    sections = queries.sections(lines, queries.labels_of(programme))
    context = {
        "date": frozen,
        "sections": sections,
        "has_withheld": any(one.has_withheld for one in sections),
        "is_changed": frozen.content_hash != queries.hash_of_date(frozen),
        "sees_people": sees_people,
        "least_people": LEAST_PEOPLE,
    }
    return render(request, "outcomes/reporting_date.html", context)


@who_may(*SEE_PEOPLE)
def reported_rows(request: ProgrammeRequest, programme: Programme, day: datetime.date) -> HttpResponse:
    """Exactly the rows that make one number of a reporting date."""
    frozen = _frozen(programme, day)
    of = rules.BY_NAME.get(request.GET.get("indicator", ""))
    asked = (request.GET.get("by", ""), request.GET.get("part", ""))
    people = queries.people_of_date(frozen)
    if of is None or asked not in set(rules.spots(people)):
        raise Http404
    found = rules.behind(of, people, *asked)
    page = page_of(request, found, ROWS_PER_PAGE)
    page.object_list = queries.behind(programme, list(page.object_list))
    context = {
        "date": frozen,
        "definition": of,
        "denominator": rules.denominator(of),
        "part": queries.labels_of(programme).get(asked, asked[1]),
        "cell": rules.reported(of, people, rules.Spot(of.code, *asked), ()),
        "page": page,
        "is_money": of.measure == rules.Measure.MEAN,
    }
    return listed(
        request,
        "outcomes/reported_rows.html",
        context,
        listings.of_unit(listings.REPORTED_ROWS, "rupiah" if context["is_money"] else "share"),
        lambda part: queries.behind(programme, part),
    )


@who_may(*REPORTERS)
def freeze_reporting_date(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    day = today(programme)
    form = forms.ReportingForm(request.POST or None, initial={"reported_on": day})
    if form.is_valid():
        made = services.freeze_reporting_date(programme=programme, by=request.user, **form.cleaned_data)
        messages.success(request, _("The reporting date is frozen; its numbers stay as they are."))
        return redirect("outcomes:reporting_date", programme.code, made.reported_on)
    purpose = gettext_lazy(
        "The numbers of this day are kept with the rows behind them. They are never altered, and no earlier day can "
        "follow. It takes up to a minute."
    )
    back = reverse("outcomes:reporting_dates", args=[programme.code])
    return form_page(
        request, form, gettext_lazy("Freeze a reporting date"), purpose, back, submit=gettext_lazy("Freeze")
    )


@who_may(*COMPARERS)
def compare(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The programmes of the reader side by side, by what is shown of each outside its office."""
    found = queries.compared(request.user)
    told = [(one, date, cells) for one, date, cells in found if date]
    context = {
        "programmes": found,
        "told": told,
        "rows": [
            (of, [(one, cells[at]) for one, _date, cells in told]) for at, of in enumerate(rules.BY_NAME.values())
        ],
        "reasons": rules.reasons_not_comparable(
            {str(one): date.reported_on if date else None for one, date, _cells in found}
        ),
        "least_people": LEAST_PEOPLE,
    }
    return render(request, "outcomes/compare.html", context)


def _sheet_of(request: ProgrammeRequest, programme: Programme, day: datetime.date) -> list[list[object]]:
    frozen = _frozen(programme, day)
    lines = queries.lines_of(frozen, sees_people=has_role(request, *SEE_PEOPLE))
    return reporting_sheet.rows(frozen, lines, queries.labels_of(programme))


@who_may(*EVERYBODY)
def reporting_date_csv(request: ProgrammeRequest, programme: Programme, day: datetime.date) -> HttpResponse:
    content = reporting_sheet.as_csv(_sheet_of(request, programme, day))
    headers = {"Content-Disposition": f'attachment; filename="indicators-{programme.code}-{day}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@who_may(*EVERYBODY)
def reporting_date_xlsx(request: ProgrammeRequest, programme: Programme, day: datetime.date) -> HttpResponse:
    content = reporting_sheet.as_xlsx(_sheet_of(request, programme, day))
    headers = {"Content-Disposition": f'attachment; filename="indicators-{programme.code}-{day}.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)
