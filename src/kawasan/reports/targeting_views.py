"""Whether seats reach those in need, from a verified sample; nothing here decides about anybody."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kawasan.applicants.models import LivingCheck, LivingSample
from kawasan.applicants.rules import LEAST_FOR_FIGURE, Figure
from kawasan.applicants.services import targeting as services
from kawasan.applicants.services.targeting import Measured, Version
from kawasan.applicants.targeting_forms import WEIGHTS, BehindForm, WeightsForm
from kawasan.core.charts import on_every_screen
from kawasan.core.language import in_words
from kawasan.core.paging import page_of
from kawasan.programmes.access import ProgrammeRequest, may_open, today, who_may
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import OFFICE, Role, rule_set_on
from kawasan.reports import targeting_chart, targeting_tables

READERS = (*OFFICE, Role.AUDITOR)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@who_may(*READERS)
def targeting(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Errors of inclusion and exclusion of each way to choose people, by group, and the people behind each figure."""
    sample, form = _sample(request, programme), _weights(request, programme)
    checks = services.verified_of(sample) if sample else []
    found = services.measured(checks=checks, ways=_ways(programme, form)) if checks else []
    context = {
        "sample": sample,
        "samples": list(programme.living_samples.all()),
        "verified": len(checks),
        "form": form,
        "can_open_samples": may_open(request, "applicants:samples"),
        "least": LEAST_FOR_FIGURE,
        "figures": [(figure, in_words(figure.label)) for figure in Figure],
        **(_shown(request, checks, found) if found else {}),
    }
    return render(request, "reports/targeting.html", context)


@who_may(*READERS)
def targeting_csv(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """Every figure of the page, one a row."""
    return _file(targeting_tables.as_csv(_measured(request, programme)), CSV, programme, "csv")


@who_may(*READERS)
def targeting_xlsx(request: ProgrammeRequest, programme: Programme) -> HttpResponse:
    """The same as a workbook."""
    return _file(targeting_tables.as_xlsx(_measured(request, programme)), XLSX, programme, "xlsx")


def _measured(request: ProgrammeRequest, programme: Programme) -> list[Measured]:
    sample = _sample(request, programme)
    checks = services.verified_of(sample) if sample else []
    return services.measured(checks=checks, ways=_ways(programme, _weights(request, programme))) if checks else []


def _file(content: bytes, kind: str, programme: Programme, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    name = slugify(f"{_('targeting')} {programme.code}")
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def _sample(request: ProgrammeRequest, programme: Programme) -> LivingSample | None:
    """The sample that is asked for, or the last one of which something is known."""
    samples = programme.living_samples.all()
    known = samples.filter(checks__household_income_idr__isnull=False).distinct()
    return samples.filter(code=request.GET.get("sample", "")).first() or known.first() or samples.first()


def _weights(request: ProgrammeRequest, programme: Programme) -> WeightsForm | None:
    """Weights to try out; none before there is a rule set."""
    rule_set = rule_set_on(programme.rule_sets.all(), today(programme))
    return WeightsForm(request.GET if WEIGHTS[0] in request.GET else None, instance=rule_set) if rule_set else None


def _ways(programme: Programme, form: WeightsForm | None) -> list[Version]:
    tried = form.cleaned_data if form and form.is_valid() else None
    rule_set = programme.rule_sets.get(pk=form.instance.pk) if form and tried else None
    seated = programme.seats_given.held().values_list("applicant_id", flat=True)
    return services.versions(programme=programme, seats=programme.seats, seated=seated, rule_set=rule_set, tried=tried)


def _shown(request: ProgrammeRequest, checks: Sequence[LivingCheck], found: Sequence[Measured]) -> dict[str, Any]:
    wanted = BehindForm(request.GET).wanted()
    chosen = next((one for one in found if one.version.code == wanted["version"]), found[0])
    context = {
        "ways": targeting_tables.ways(found),
        "differences": targeting_tables.differences(found),
        "chosen": targeting_tables.label_of(chosen.version),
        "chosen_code": chosen.version.code,
        "groups": [(in_words(by.label), by, lines) for by, lines in targeting_tables.groups(chosen)],
        "in_need": targeting_tables.share(chosen.whole.in_need),
        "chart": on_every_screen(partial(targeting_chart.errors, _bars(found))),
    }
    if wanted["figure"]:
        rows = services.sample_rows(checks, chosen.version.seats)
        rows = targeting_tables.behind(rows, wanted["figure"], wanted["by"], wanted["group"])
        context |= wanted | {"page": page_of(request, rows), "figure": in_words(Figure(wanted["figure"]).label)}
    return context


def _bars(found: Sequence[Measured]) -> list[targeting_chart.Bar]:
    """Both errors of each way to choose that has them."""
    return [
        (targeting_tables.label_of(one.version), figure, estimate.value, estimate.low, estimate.high)
        for one in found
        for figure in targeting_chart.DRAWN
        if (estimate := getattr(one.whole, figure.value)).value is not None
    ]
