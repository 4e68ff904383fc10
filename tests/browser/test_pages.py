"""Every page, in both languages, at the width of a desk and of a phone, with the example programme in it."""

import csv
import datetime
import functools
import gzip
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polib
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.paginator import Page as Turned
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils.html import strip_tags
from django.utils.translation import override
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

import kawasan
from kawasan.applicants import services as applicants
from kawasan.applicants.models import MARKED, Applicant, Appraisal, Objection
from kawasan.applicants.queries.verification import checklist_of
from kawasan.applicants.rules.verification import CheckStage, Report
from kawasan.applicants.services import verification as verifications
from kawasan.applicants.services import viability
from kawasan.assistance.services import bank
from kawasan.core.listing import TYPES
from kawasan.core.models import Job, User
from kawasan.core.photos import Photo
from kawasan.core.services import log
from kawasan.core.testing import CAST, MORE
from kawasan.engine.tests.test_sheet import drawn
from kawasan.enterprises import queries as enterprises
from kawasan.enterprises.models import Worker
from kawasan.exchange.intake import services as intakes
from kawasan.exchange.models import Intake, Upload
from kawasan.exchange.tests.test_intake import FIXED, another, sheet
from kawasan.market import services as market
from kawasan.market.catalogue import shown_products
from kawasan.mentoring import services as mentoring
from kawasan.mentoring.models import ActionStep, ExpertRequest, ProblemCase, Recommendation, Visit, VisitRequest
from kawasan.programmes.access import today
from kawasan.programmes.models import Programme
from kawasan.reports import services as reports
from kawasan.reports.models import ArchivedReport
from kawasan.reports.report_kinds import ReportKind
from kawasan.reports.story import story
from kawasan.selection.models import DrawException
from kawasan.selection.rules import ExceptionKind
from kawasan.training import services as training

PROGRAMME = "/p/pangkalpinang-2022/"
WIDTHS = (1280, 360)
GRAPHICS = "GL Driver Message (OpenGL, Performance"  # a map is slow to read back without a graphics card, at times
LANGUAGES = ("id", "en")
HEAVIEST = 150_000  # bytes over the wire, first load, of a page for participants

PAGES = (  # (who opens it, address under the programme)
    ("", "/sign-in/"),
    ("", "/check-a-draw/"),
    ("", "/draws/"),
    ("fajar", "/"),
    ("dewi", "/password/"),
    ("ani", "/nowhere/"),
    ("dewi", "applicants/"),  # not hers to see
    ("ani", ""),
    ("dewi", ""),
    ("citra", ""),
    ("lina", ""),
    ("ani", "people/A001/"),
    ("ani", "documents/"),
    ("ani", "documents/reports/"),
    ("ani", "documents/reports/final/template/"),
    ("ani", "documents/reports/final/archive/"),
    ("indah", "documents/reports/"),
    ("lina", "reports/{report}/"),
    ("indah", "documents/log/"),
    ("ani", "programme/"),
    ("dewi", "programme/"),
    ("ani", "programme/calendar/MS-01/"),
    ("ani", "programme/roles/"),
    ("ani", "partners/"),
    ("gita", "partners/new/organisation/"),
    ("gita", "partners/new/commitment/"),
    ("gita", "partners/new/meeting/"),
    ("ani", "partners/organisations/ORG-BANK/"),
    ("gita", "partners/organisations/ORG-BANK/change/"),
    ("kiki", "partners/commitments/"),
    ("gita", "partners/commitments/COM-01/change/"),
    ("gita", "partners/commitments/COM-01/delivery/"),
    ("ani", "partners/meetings/"),
    ("ani", "partners/meetings/MTG-1/"),
    ("gita", "partners/meetings/MTG-1/change/"),
    ("gita", "partners/meetings/MTG-1/minutes/"),
    ("ani", "area/"),
    ("ani", "area/potential/"),
    ("dewi", "area/potential/?basis=employment"),
    ("ani", "area/potential/G/?basis=grdp_constant"),
    ("ani", "area/assets/"),
    ("dewi", "area/assets/?compared=2021&compared=2022&spread=any&year=2021"),
    ("ani", "area/assets/19.71.03/2022/"),
    ("ani", "area/resources/"),
    ("ani", "area/resources/RES-GUDANG/"),
    ("gita", "area/resources/RES-GUDANG/photo/"),
    ("gita", "area/resources/RES-GUDANG/photo/remove/"),
    ("gita", "area/resources/RES-GUDANG/remove/"),
    ("ani", "area/kinds/"),
    ("gita", "area/new/kind/"),
    ("gita", "area/kinds/lahan/change/"),
    ("gita", "area/kinds/lahan/remove/"),
    ("gita", "area/new/resource/"),
    ("gita", "area/resources/RES-HIBAH/change/"),
    ("dewi", "area/sector-figures/"),
    ("gita", "area/sector-figures/add/"),
    ("gita", "area/sector-figures/{sector}/"),
    ("gita", "area/sector-figures/{sector}/remove/"),
    ("gita", "area/asset-indicators/"),
    ("gita", "area/asset-indicators/add/"),
    ("gita", "area/asset-indicators/{indicator}/"),
    ("gita", "area/asset-indicators/{indicator}/remove/"),
    ("gita", "area/asset-values/?year=2022"),
    ("gita", "area/asset-values/add/"),
    ("gita", "area/asset-values/{asset_value}/"),
    ("gita", "area/asset-values/{asset_value}/remove/"),
    ("ani", "accounts/"),
    ("dewi", "me/"),
    ("eko", "me/"),
    ("kiki", "me/"),
    ("ani", "area/map/"),
    ("ani", "area/map/?figure=applicants&level=district&layer=mentors&layer=offtakers"),
    ("dewi", "area/map/"),
    ("lina", "area/map/?figure=applicants_per_1000&level=village&layer=applicants"),
    ("gita", "area/boundaries/"),
    ("dewi", "ogc/"),
    ("dewi", "programme/keys/"),
    ("ani", "value-chain/"),
    ("dewi", "value-chain/"),
    ("ani", "value-chain/plans/PLAN-1/"),
    ("gita", "value-chain/new-plan/"),
    ("dewi", "value-chain/plans-side-by-side/"),
    ("ani", "value-chain/activities/"),
    ("gita", "value-chain/activities/add/"),
    ("ani", "value-chain/activities/ACT-BENIH-LELE/"),
    ("gita", "value-chain/activities/ACT-BENIH-LELE/change/"),
    ("gita", "value-chain/activities/ACT-BENIH-LELE/flows/add/"),
    ("gita", "value-chain/activities/ACT-BENIH-LELE/flows/{flow}/"),
    ("gita", "value-chain/activities/ACT-BENIH-LELE/resources/add/"),
    ("gita", "value-chain/activities/ACT-BENIH-LELE/resources/{use}/"),
    ("gita", "value-chain/activities/ACT-BENIH-LELE/remove/"),
    ("gita", "value-chain/activities/ACT-BENIH-LELE/flows/{flow}/remove/"),
    ("gita", "value-chain/activities/ACT-BENIH-LELE/resources/{use}/remove/"),
    ("gita", "value-chain/activities/ACT-BENIH-LELE/seasons/add/"),
    ("gita", "value-chain/activities/ACT-BENIH-LELE/places/add/"),
    ("gita", "value-chain/activities/ACT-BENIH-LELE/skills/add/"),
    ("gita", "value-chain/activities/ACT-KAMBING/"),
    ("gita", "value-chain/activities/ACT-KAMBING/seasons/{season}/"),
    ("gita", "value-chain/activities/ACT-KAMBING/seasons/{season}/remove/"),
    ("gita", "value-chain/activities/ACT-KAMBING/places/{suits}/"),
    ("gita", "value-chain/activities/ACT-KAMBING/places/{suits}/remove/"),
    ("gita", "value-chain/activities/ACT-KAMBING/skills/{skill}/"),
    ("gita", "value-chain/activities/ACT-KAMBING/skills/{skill}/remove/"),
    ("ani", "value-chain/commodities/"),
    ("gita", "value-chain/commodities/add/"),
    ("dewi", "value-chain/commodities/KOM-AFKIR/"),
    ("gita", "value-chain/commodities/KOM-TELUR/"),
    ("gita", "value-chain/commodities/KOM-TELUR/change/"),
    ("gita", "value-chain/commodities/KOM-TELUR/remove/"),
    ("gita", "value-chain/commodities/KOM-TELUR/prices/add/"),
    ("gita", "value-chain/commodities/KOM-TELUR/prices/{price}/"),
    ("gita", "value-chain/commodities/KOM-TELUR/prices/{price}/remove/"),
    ("ani", "value-chain/demands/"),
    ("gita", "value-chain/demands/add/"),
    ("gita", "value-chain/demands/DEM-01/"),
    ("gita", "value-chain/demands/DEM-01/remove/"),
    ("ani", "value-chain/suppliers/"),
    ("gita", "value-chain/suppliers/add/"),
    ("gita", "value-chain/suppliers/{supplier}/"),
    ("gita", "value-chain/suppliers/{supplier}/remove/"),
    ("ani", "value-chain/existing-enterprises/"),
    ("gita", "value-chain/existing-enterprises/add/"),
    ("gita", "value-chain/existing-enterprises/{existing}/"),
    ("gita", "value-chain/existing-enterprises/{existing}/remove/"),
    ("ani", "value-chain/local-markets/"),
    ("gita", "value-chain/local-markets/add/"),
    ("gita", "value-chain/local-markets/{market}/"),
    ("gita", "value-chain/local-markets/{market}/remove/"),
    ("ani", "value-chain/kbli-codes/"),
    ("gita", "value-chain/kbli-codes/add/"),
    ("gita", "value-chain/kbli-codes/{kbli}/"),
    ("gita", "value-chain/kbli-codes/{kbli}/remove/"),
    ("ani", "value-chain/storages/"),
    ("gita", "value-chain/storages/add/"),
    ("gita", "value-chain/storages/{storage}/"),
    ("gita", "value-chain/storages/{storage}/remove/"),
    ("ani", "spreadsheets/"),
    ("gita", "spreadsheets/demands/"),
    ("gita", "spreadsheets/demands/{sheet}/"),
    ("gita", "spreadsheets/prices/{faulty}/"),
    ("budi", "applicant-imports/"),
    ("budi", "applicant-imports/{intake}/"),
    ("budi", "applicant-imports/{intake}/columns/"),
    ("ani", "jobs/"),
    ("budi", "jobs/{job}/"),
    ("ani", "applicants/?status=refused"),
    ("gita", "applicants/?warnings=yes"),
    ("budi", "applicants/new/"),
    ("gita", "applicants/what-if/"),
    (
        "ani",
        "applicants/what-if/?rule-TOTAL_FORMS=2&rule-INITIAL_FORMS=0&rule-0-field=age&rule-0-comparison=at_least"
        "&rule-0-value=18&rule-1-field=education&rule-1-comparison=is_one_of&rule-1-value=senior",
    ),
    ("ani", "applicants/what-if/?rule-TOTAL_FORMS=1&rule-INITIAL_FORMS=0&rule-0-field=age&rule-0-value=x"),
    ("ani", "applicants/rule-sets/"),
    ("dewi", "applicants/rule-sets/"),
    ("ani", "applicants/rule-sets/{rule_set}/"),
    ("dewi", "applicants/rule-sets/{rule_set}/"),
    ("ani", "applicants/rule-sets/new/"),
    ("ani", "applicants/viability/"),
    ("ani", "applicants/viability/weights/"),
    ("ani", "applicants/viability/a/A001/"),
    ("budi", "applicants/viability/mine/"),
    ("budi", "applicants/viability/mine/{appraisal}/"),
    ("ani", "applicants/samples/"),
    ("budi", "applicants/samples/S1/"),
    ("budi", "applicants/samples/S1/A002/"),
    ("gita", "targeting/"),
    ("ani", "targeting/?version=lot&figure=exclusion_error&by=sex"),
    ("budi", "applicants/doubles/"),
    ("budi", "applicants/find/"),
    ("budi", "applicants/trouble/"),
    ("gita", "applicants/?trouble=phone"),
    ("budi", "applicants/doubles/?state=all"),
    ("budi", "applicants/doubles/1/"),
    ("budi", "applicants/a/A001/"),
    ("budi", "applicants/a/A001/correct/"),
    ("budi", "applicants/a/A001/receipt/"),
    ("budi", "applicants/a/A001/papers/ktp/add/"),
    ("budi", "applicants/groups/"),
    ("budi", "applicants/objections/"),
    ("budi", "applicants/objections/{objection}/"),
    ("ani", "applicants/changes/"),
    ("budi", "applicants/changes/?state=all"),
    ("ani", "applicants/changes/{change}/"),
    ("budi", "applicants/changes/{change}/"),  # his own: the button rests, with the reason
    ("ani", "applicants/verification/"),
    ("budi", "applicants/verification/?stage=field&result=assigned"),
    ("ani", "applicants/verification/assign/"),
    ("budi", "applicants/verification/route/"),
    ("budi", "applicants/verification/my-family-card/"),
    ("ani", "applicants/verification/route/?verifier={verifier}"),
    ("budi", "applicants/verification/{verified}/"),
    ("budi", "applicants/verification/{to_verify}/"),
    ("budi", "applicants/verification/{to_verify}/record/"),
    ("budi", "applicants/verification/{verified}/record/"),  # over already
    ("budi", "applicants/verification/{to_verify}/photo/"),
    ("ani", "applicants/verification/{to_verify}/give-back/"),
    ("ani", "applicants/a/{unverified}/verify/"),
    ("budi", "applicants/a/{unverified}/close-to-me/"),
    ("budi", "documents/verification/"),
    ("ani", "applicants/public-form/"),
    ("", "apply/"),
    ("", "apply/page/card/"),  # these lead to the first one; tests/browser/test_public_form.py fills them in
    ("", "apply/check/"),
    ("", "apply/receipt/"),
    ("", "my-application/?number=A001"),
    ("", "my-application/papers/ktp/"),
    ("", "my-application/object/"),
    ("", "my-application/group/"),
    ("", "my-application/receipt/"),
    ("ani", "selection/"),
    ("dewi", "selection/"),
    ("lina", "selection/"),
    ("budi", "selection/rehearsal/"),
    ("budi", "selection/rehearsal/?seed=1"),
    ("ani", "selection/quotas/"),
    ("ani", "selection/exceptions/"),
    ("ani", "selection/exceptions/add/"),
    ("ani", "selection/exceptions/{exception}/doubt/"),
    ("ani", "selection/exceptions/{exception}/remove/"),
    ("ani", "selection/pool/"),
    ("lina", "selection/announcement/"),
    ("dewi", "selection/announcement/?list=waiting"),
    ("ani", "selection/seats/"),
    ("budi", "selection/seats/?list=waiting"),
    ("budi", "selection/seats/{seat}/decline/"),
    ("budi", "selection/a/{participant}/withdraw/"),
    ("ani", "selection/decree/"),
    ("ani", "selection/decree/draft/"),
    ("ani", "matching/"),
    ("gita", "matching/groups/G01/"),
    ("gita", "matching/dissolve/"),
    ("gita", "matching/groups/G01/officers/"),
    ("gita", "matching/groups/G01/mentor/"),
    ("gita", "matching/groups/G01/add/"),
    ("gita", "matching/board/"),
    ("gita", "matching/changes/"),
    ("gita", "matching/changes/mentors/M2/"),
    ("gita", "matching/changes/fields/kuliner/"),
    ("ani", "matching/certificates/MATCH-1/"),
    ("gita", "matching/wishes/"),
    ("gita", "matching/wishes/{participant}/"),
    ("dewi", "matching/wishes/{own}/"),
    ("gita", "matching/board/{member}/"),
    ("ani", "matching/mentors/"),
    ("gita", "matching/mentors/add/"),
    ("ani", "matching/mentors/M1/"),
    ("gita", "matching/mentors/M1/change/"),
    ("ani", "matching/experts/"),
    ("gita", "matching/experts/add/"),
    ("gita", "matching/groups/G01/day/"),
    ("ani", "matching/experts/EXP-CUAL/"),
    ("gita", "matching/experts/EXP-CUAL/lend/"),
    ("gita", "matching/experts/EXP-CUAL/change/"),
    ("ani", "training/?week=2022-10-03"),
    ("dewi", "training/"),
    ("gita", "training/clear/"),
    ("ani", "training/attendance/"),
    ("ani", "training/sessions/S001/"),
    ("ani", "training/attendance/?group=G01"),
    ("gita", "training/attendance/rule/"),
    ("ani", "training/assessments/"),
    ("gita", "training/assessments/MOD-01/"),
    ("dewi", "training/feedback/"),
    ("dewi", "training/card/"),
    ("dewi", "training/feedback/MOD-01/"),
    ("ani", "training/participants/{participant}/"),
    ("gita", "training/sessions/S001/scan/"),
    ("gita", "training/sheets/read/"),
    ("dewi", "training/calendar/"),
    ("gita", "training/blocked-times/"),
    ("gita", "training/blocked-times/add/"),
    ("ani", "training/certificates/"),
    ("gita", "training/certificates/{certificate}/revoke/"),
    ("gita", "training/participants/{carded}/card/revoke/"),
    ("gita", "training/sessions/S001/make-up/{carded}/"),
    ("gita", "training/sheets/{list}/"),
    ("gita", "training/sessions/S001/move/"),
    ("gita", "training/sessions/S001/cancel/"),
    ("gita", "training/add/"),
    ("gita", "training/travel/"),
    ("gita", "training/changes/"),
    ("dewi", "training/changes/"),
    ("gita", "training/changes/1/"),
    ("ani", "training/modules/"),
    ("gita", "training/modules/add/"),
    ("gita", "training/modules/MOD-01/change/"),
    ("ani", "training/rooms/"),
    ("gita", "training/rooms/add/"),
    ("gita", "training/equipment/add/"),
    ("ani", "training/calendar/expert/EXP-DESAIN/"),
    ("gita", "training/equipment/EQ-1/change/"),
    ("gita", "training/rooms/R-1/change/"),
    ("citra", "mentoring/"),
    ("ani", "mentoring/"),
    ("citra", "mentoring/groups/{her_group}/log/"),
    ("citra", "mentoring/visits/{her_visit}/"),
    ("citra", "mentoring/visits/{her_visit}/correct/"),
    ("citra", "mentoring/today/"),
    ("ani", "mentoring/mentors/M1/report/?starts_on=2022-11-01&ends_on=2022-12-31"),
    ("dewi", "mentoring/my-plan/"),
    ("ani", "mentoring/people/{followed}/"),
    ("ani", "mentoring/people/{followed}/step/add/"),
    ("ani", "mentoring/people/{followed}/recommendation/add/"),
    ("ani", "mentoring/people/{followed}/expert/add/"),
    ("ani", "mentoring/people/{followed}/expert/{asked}/finish/"),
    ("citra", "mentoring/problems/"),
    ("citra", "mentoring/problems/add/"),
    ("ani", "mentoring/problems/{problem}/settle/"),
    ("budi", "mentoring/review/"),
    ("ani", "mentoring/mentors/"),
    ("dewi", "mentoring/requests/add/"),
    ("ani", "mentoring/requests/{wanted}/answer/"),
    ("ani", "mentoring/canvas/person/{followed}/"),
    ("ani", "mentoring/canvas/person/{followed}/value/"),
    ("ani", "mentoring/canvas/group/{her_group}/"),
    ("dewi", "mentoring/visits/{own_visit}/confirm/"),
    ("ani", "assistance/"),
    ("maya", "assistance/"),
    ("citra", "assistance/"),
    ("ani", "assistance/begin/"),
    ("ani", "assistance/entitlements/"),
    ("ani", "assistance/entitlements/add/"),
    ("hadi", "assistance/warnings/"),
    ("dewi", "assistance/mine/"),
    ("ani", "assistance/received/"),
    ("maya", "assistance/bank/"),
    ("maya", "assistance/bank/{unmatched}/"),
    ("maya", "assistance/bank/{matched}/"),
    ("maya", "assistance/bank/{unmatched}/take-back/"),
    ("ani", "assistance/bank/differences/{difference}/"),
    ("ani", "assistance/bank/differences/{difference}/reopen/"),
    ("ani", "assistance/a/B012/"),
    ("hadi", "assistance/a/B013/trace/"),
    ("ani", "assistance/a/B001/witness/"),
    ("dewi", "assistance/a/B001/in-hand/"),
    ("dewi", "assistance/a/B001/receipts/add/"),
    ("ani", "assistance/a/B019/proposed/"),
    ("ani", "assistance/a/B012/agreed/"),
    ("ani", "assistance/a/B012/receipts/K0033/take-back/"),
    ("ani", "assistance/a/B016/steps/{pledge}/take-back/"),
    ("ani", "enterprises/"),
    ("ani", "enterprises/add/"),
    ("ani", "enterprises/E001/"),
    ("ani", "enterprises/E001/change/"),
    ("ani", "enterprises/E001/workers/add/"),
    ("ani", "enterprises/E001/members/add/"),
    ("ani", "enterprises/{with_members}/members/{officer}/role/"),
    ("ani", "enterprises/{with_members}/members/{officer}/end/"),
    ("ani", "enterprises/{with_members}/capacity/"),
    ("ani", "enterprises/{with_members}/"),
    ("ani", "enterprises/{employer}/workers/{worker}/end/"),
    ("ani", "enterprises/E001/cash-book/"),
    ("ani", "enterprises/E008/stock/"),
    ("ani", "enterprises/E017/"),
    ("ani", "enterprises/E017/assets/add/"),
    ("ani", "enterprises/E017/assets/AS0006/"),
    ("ani", "enterprises/E001/cash-book/add/"),
    ("ani", "enterprises/alive/"),
    ("ani", "enterprises/E001/cash-book/several/"),
    ("ani", "enterprises/E001/result/"),
    ("ani", "enterprises/E001/seen/"),
    ("ani", "enterprises/E001/products/add/"),
    ("ani", "enterprises/{maker}/products/{product}/"),
    ("ani", "enterprises/E001/debts/add/"),
    ("ani", "enterprises/{creditor}/debts/{debt}/pay/"),
    ("ani", "market/"),
    ("ani", "market/supply/"),
    ("eko", "market/"),
    ("ani", "market/contracts/"),
    ("ani", "market/contracts/add/"),
    ("ani", "market/contracts/K001/"),
    ("ani", "market/contracts/K001/deliveries/add/"),
    ("eko", "market/contracts/{bought}/orders/add/"),
    ("ani", "market/weeks/"),
    ("ani", "market/orders/"),
    ("ani", "market/orders/add/"),
    ("ani", "market/orders/O004/"),
    ("eko", "market/orders/O001/"),
    ("ani", "market/orders/O006/parts/add/"),
    ("ani", "market/orders/O006/call-off/"),
    ("ani", "market/orders/O001/deliveries/add/"),
    ("citra", "market/parts/{asked_part}/"),
    ("ani", "market/deliveries/"),
    ("hadi", "market/deliveries/D001/"),
    ("ani", "market/deliveries/{unconfirmed}/correct/"),
    ("ani", "market/deliveries/{unconfirmed}/confirmed/"),
    ("ani", "market/deliveries/{unconfirmed}/disputed/"),
    ("eko", "market/buyer/"),
    ("dewi", "market/mine/"),
    ("dewi", "market/mine/E001/shown/"),
    ("dewi", "market/mine/products/B0001/"),
    ("gita", "market/prices/"),
    ("gita", "market/prices/KOM-TELUR/"),
    ("ani", "market/catalogue/"),
    ("ani", "market/catalogue/sheet/"),
    ("ani", "market/catalogue/{shown}/"),
    ("ani", "market/catalogue/E001/hide/"),
    ("ani", "outcomes/"),
    ("dewi", "outcomes/"),
    ("ani", "outcomes/rows/?round=M1&indicator=median_turnover"),
    ("ani", "outcomes/rounds/B0/"),
    ("ani", "outcomes/rounds/plan/"),
    ("ani", "outcomes/rounds/M1/comparison/"),
    ("ani", "outcomes/effect/"),
    ("ani", "outcomes/sustainability/"),
    ("indah", "outcomes/sustainability/"),
    ("ani", "outcomes/unemployment/"),
    ("gita", "outcomes/unemployment/add/"),
    ("ani", "outcomes/effect/plan/"),
    ("ani", "outcomes/effect/rows/?round=M1"),
    ("gita", "outcomes/reports/"),
    ("gita", "outcomes/reports/freeze/"),
    ("indah", "outcomes/reports/compare/"),
    ("ani", "outcomes/reports/2023-02-15/"),
    ("lina", "outcomes/reports/2023-02-15/"),
    ("hadi", "outcomes/reports/2023-02-15/rows/?indicator=turnover"),
    ("ani", "outcomes/rounds/B0/measure/{participant}/"),
)
DEMAND = {
    "offtaker": "ORG-TELUR",
    "commodity": "KOM-TELUR",
    "quantity_per_month": "1900",
    "firmness": "letter",
    "valid_from": "2022-09-07",
    "valid_to": "2023-09-30",
    "source": "synthetic",
}
LOANS = {"kecamatan", "kelurahan", "offtaker"}  # words of the programme, the same in both languages
FILES = {
    "outcomes:reporting_date_csv", "outcomes:reporting_date_xlsx",
    "healthz", "public_certificate", "offline_worker", "mentoring:canvas_pdf", "mentoring:logbook_pdf",
    "reports:chain_pdf", "areas:geojson", "areas:photo",
    "applicants:paper", "applicants:site_photo", "selection:draw_json", "training:calendar",
    "mentoring:photo", "mentoring:preview", "enterprises:note_photo", "enterprises:cash_sheet",
    "training:cards", "training:sheet", "training:sheet_row", "training:certificate", "training:door_list",
    "training:feed_ics", "training:check_certificate", "matching:vote_minutes",
    "reports:targeting_csv", "reports:targeting_xlsx",
    "reports:report_draft", "reports:archived_report", "reports:own_certificate",
    "reports:decree_pdf", "reports:participants_pdf", "reports:participants_xlsx", "reports:minutes_pdf",
    "reports:announcement_pdf", "reports:announcement_csv", "reports:map_pdf", "reports:map_geojson", "reports:map_csv",
    "areas:ogc_conformance", "areas:ogc_api", "areas:ogc_collections", "areas:ogc_collection", "areas:ogc_items",
    "market:market_xlsx", "market:product_photo",
    "assistance:assistances_xlsx", "assistance:step_paper", "assistance:receipt_paper",
    "areas:ogc_item", "areas:boundaries_geojson", "exchange:template", "exchange:rows",
    "exchange:intake_template", "exchange:faulty_rows",
}  # fmt: skip
FIGURES_OF_LISTS = "its figures are those of lists, which give their rows"
ONE_THING = "one thing with what belongs to it, of which there is a list"
TO_FILL_IN = "a form to fill in"
OWN_FILE = "gives files of its own: "
WITHOUT_EXPORT = {
    "reports:cockpit": FIGURES_OF_LISTS,
    "reports:my_page": FIGURES_OF_LISTS,
    "areas:area": FIGURES_OF_LISTS,
    "market:buyer": FIGURES_OF_LISTS,
    "market:weeks": FIGURES_OF_LISTS,
    "selection:selection": FIGURES_OF_LISTS,
    "selection:quotas": FIGURES_OF_LISTS,
    "applicants:what_if": FIGURES_OF_LISTS,
    "outcomes:compare": FIGURES_OF_LISTS,
    "programmes:programme": ONE_THING,
    "applicants:rule_set": ONE_THING,
    "applicants:applicant": ONE_THING,
    "applicants:pair": ONE_THING,
    "applicants:change": ONE_THING,
    "areas:sector": ONE_THING,
    "areas:place_assets": ONE_THING,
    "mentoring:own_plan": ONE_THING,
    "training:changes": ONE_THING,
    "training:publication": ONE_THING,
    "training:scores": TO_FILL_IN,
    "matching:officers": TO_FILL_IN,
    "matching:mentor_leaves": TO_FILL_IN,
    "matching:rematch_people": TO_FILL_IN,
    "exchange:map_intake": TO_FILL_IN,
    "assistance:statement": TO_FILL_IN,
    "areas:boundaries": OWN_FILE + "GeoJSON",
    "reports:map": OWN_FILE + "CSV, GeoJSON, PDF",
    "reports:targeting": OWN_FILE + "CSV, XLSX",
    "outcomes:reporting_date": OWN_FILE + "CSV, XLSX with its dictionary",
    "outcomes:effect": OWN_FILE + "its rows",
    "value_chain:chain": OWN_FILE + "PDF; activities, commodities and demands are lists",
    "value_chain:plan": OWN_FILE + "PDF; activities, commodities and demands are lists",
    "value_chain:compare_plans": OWN_FILE + "PDF of each plan",
    "matching:certificate": OWN_FILE + "the certificate",
    "public_draws": OWN_FILE + "the certificates",
    "exchange:spreadsheets": OWN_FILE + "the sheets of the programme folder",
    "exchange:spreadsheet": OWN_FILE + "the sheet of the programme folder",
    "exchange:preview": "a sheet that its owner has",
    "exchange:intake": OWN_FILE + "the faulty rows",
    "market:catalogue": "for buyers; makers agreed to be shown, not to be collected",
    "market:catalogue_sheet": OWN_FILE + "it is made to be printed",
    "outcomes:sustainability": "the enterprises for whom may see them, else three signs",
}
"""Pages with a table or a turned list that give no file, and why."""
REFUSED = {
    "/nowhere/": 404,
    f"{PROGRAMME}applicants/": 403,
}  # what the pages answer that are not there for their reader
CODE = re.compile(r"\b(?:None|True|False|NaN|nan|undefined|null)\b|\b[a-z]+(?:_[a-z0-9]+)+\b|\{\w*\}|%\(\w+\)s|{%|{{")
NAMED = re.compile(r"wilayah_boundaries|verify_draw\.py|\{value\}|\{stated\}")
"""A source of the example, a program that one downloads, and gaps that one writes into the reason of a rule."""
ENGLISH = re.compile(r"\b(?:the|of|and|is|are|to|for|with|this|not|by|from|who|what|your)\b", re.IGNORECASE)

TEXTS = """() => {
  const labels = "h1, h2, h3, th, dt, label, legend, button, summary, option, .btn, .badge, nav, title";
  const found = {all: [], labels: []};
  const keep = (text, element) => {
    text = text.replace(/\\s+/g, " ").trim();
    if (text.length < 2 || element.closest("[lang]") !== document.documentElement) return;
    found.all.push(text);
    if (element.closest(labels)) found.labels.push(text);
  };
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest("script, style, code, textarea")) keep(walker.currentNode.data, parent);
  }
  for (const name of ["aria-label", "title", "placeholder", "alt", "data-label"])
    for (const element of document.querySelectorAll(`[${name}]`)) keep(element.getAttribute(name), element);
  return found;
}"""


CUT_OFF = """() => {
  const tables = [...document.querySelectorAll(".table-responsive")]
    .filter((box) => box.scrollWidth > box.clientWidth)
    .map((box) => `${box.ariaLabel}: ${box.scrollWidth} px of ${box.clientWidth}`);
  const words = [...document.querySelectorAll(".chart svg")].flatMap((svg) => {
    const shrunk = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return [...svg.querySelectorAll("text")]
      .filter((text) => shrunk && parseFloat(getComputedStyle(text).fontSize) * shrunk < 11)
      .map((text) => `${text.textContent}: below 11 px`);
  });
  const letters = [...document.querySelectorAll("main *")]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .filter((element) => !element.closest("svg") && parseFloat(getComputedStyle(element).fontSize) < 11)
    .map((element) => `${element.textContent.trim()}: below 11 px`);
  const measure = document.createElement("canvas").getContext("2d");
  const filters = [...document.querySelectorAll("form[method=get] select")].filter((select) => {
    const style = getComputedStyle(select);
    measure.font = style.font;
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return measure.measureText(select.selectedOptions[0].text).width > room;
  });
  const cut = filters.map((select) => `${select.name}: “${select.selectedOptions[0].text}”`);
  return [...tables, ...words, ...letters, ...cut];
}"""

SHORTEN = """() => {
  for (const rows of document.querySelectorAll("tbody, ul, ol, dl, select"))
    for (const row of [...rows.children].slice(12)) row.remove();
}"""
"""Every row of a list comes from the same lines of its template: a dozen of them show what Axe can find."""


@dataclass
class Seen:
    """What a browser saw of one page."""

    status: int = 0
    lang: dict[str, str] = field(default_factory=dict)
    heading: dict[str, str] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, list[str]] = field(default_factory=dict)
    too_wide: list[str] = field(default_factory=list)
    cut_off: list[str] = field(default_factory=list)
    barriers: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def keys(example: str, her_visit: Visit) -> dict[str, Any]:
    """The keys of rows that the database numbered, or that follow from the draw."""
    programme = Programme.objects.get(code=example)
    activity = programme.activities.get(code="ACT-BENIH-LELE")
    worker = Worker.objects.filter(programme=programme, until=None).select_related("enterprise").order_by("code")[0]
    goats = programme.activities.get(code="ACT-KAMBING")
    member = programme.group_members.select_related("applicant").order_by("pk")[0]
    officer = programme.enterprise_members.filter(until=None).select_related("enterprise").order_by("pk")[0]
    return {
        "flow": activity.flows.order_by("pk")[0].pk,
        "use": activity.resource_uses.order_by("pk")[0].pk,
        "member": member.pk,
        "participant": member.applicant.code,
        "own": programme.group_members.get(applicant__person__user__username="dewi").applicant.code,
        "seat": member.applicant.seat.pk,
        "exception": _exception(member.applicant).pk,
        "objection": _objection(member.applicant).pk,
        **_verification(programme),
        **_training(programme),
        "her_group": her_visit.group.code,
        "her_visit": her_visit.code,
        "own_visit": _own_visit(programme).code,
        "problem": _problem(programme).pk,
        "followed": (asked := _asked(programme)).applicant.code,
        "asked": asked.pk,
        "wanted": _wanted(programme).code,
        "worker": worker.code,
        "employer": worker.enterprise.code,
        "report": _archived(programme).token,
        **_cash_book(programme),
        "season": goats.seasons.get().pk,
        "suits": goats.places.order_by("pk")[0].pk,
        "skill": goats.skills.order_by("pk")[0].pk,
        "price": programme.prices.filter(commodity__code="KOM-TELUR").order_by("pk")[0].pk,
        "sector": programme.sector_figures.order_by("pk")[0].pk,
        "indicator": programme.asset_indicators.order_by("pk")[0].pk,
        "asset_value": programme.asset_values.order_by("pk")[0].pk,
        "rule_set": programme.rule_sets.order_by("pk")[1].pk,
        "supplier": programme.suppliers.order_by("pk")[0].pk,
        "existing": programme.existing_enterprises.order_by("pk")[0].pk,
        "market": programme.local_markets.order_by("pk")[0].pk,
        "storage": programme.storages.order_by("pk")[0].pk,
        "kbli": programme.kbli_codes.order_by("pk")[0].pk,
        "officer": officer.code,
        "with_members": officer.enterprise.code,
        "sheet": _upload(programme, "demands", {"code": "DEM-01", "price_idr": "29000"} | DEMAND).pk,
        "faulty": _upload(programme, "prices", {"commodity": "KOM-TELOR", "price_idr": "29.000"}).pk,
        "intake": (checked := _intake(programme)).pk,
        "appraisal": _appraisal(programme).pk,
        **_assistance(programme),
        "bought": programme.contracts.filter(demand__offtaker__representatives__user__username="eko")[0].code,
        "asked_part": _asked_part(programme),
        "unconfirmed": programme.deliveries.standing().filter(accepted_quantity=None).order_by("code")[0].code,
        "shown": shown_products(programme, today(programme))[0].code,
        "job": Job.objects.get(subject=f"exchange.intake-{checked.pk}").pk,
    }


def _asked_part(programme: Programme) -> str:
    """A part that Citra may answer for an owner of her groups."""
    citra = User.objects.get(username="citra")
    mine = programme.enterprises.mentored_by(citra).filter(status="running").first()
    order = programme.orders.get(code="O006")
    return market.ask_for(order=order, enterprise=mine, quantity=1, by=None).code


def _assistance(programme: Programme) -> dict[str, Any]:
    """A statement that was only read, one that was matched, a difference, and a step that can be taken back."""
    text = "Tanggal;Keterangan;Debet;Kredit\n30/12/2022;BIAYA ADM;{fee};\n"
    first, second = (
        bank.read_statement(
            programme=programme, file=SimpleUploadedFile("mutasi.csv", text.format(fee=fee).encode()), by=None
        )
        for fee in (12_500, 6_500)
    )
    bank.match_statement(statement=second, columns=["day", "text", "out", "in"], by=None)
    pledge = programme.assistance_steps.get(assistance__code="B016", kind="pledged")
    difference = second.differences.get(kind="bank_only")
    return {"unmatched": first.pk, "matched": second.pk, "difference": difference.pk, "pledge": pledge.code}


def _asked(programme: Programme) -> ExpertRequest:
    """A participant with a plan and a recommendation, for whom an expert was asked."""
    who, day = programme.group_members.order_by("pk")[0].applicant, datetime.date(2023, 2, 1)
    given = {"programme": programme, "applicant": who, "made_on": day}
    words = {"goal": "Produk siap dijual", "step": "Membuat label", "who": "Peserta"}
    mentoring.agree(row=ActionStep(due_on=day, **words, **given), by=None)
    advice = {"kind": "warning", "finding": "Buku kas kosong", "advice": "Mencatat setiap hari", "priority": "high"}
    mentoring.agree(row=Recommendation(**advice, **given), by=None)
    asked = ExpertRequest(skill="design", question="Bagaimana membuat label PIRT?", **given)
    mentoring.agree(row=asked, by=None)
    return asked


def _wanted(programme: Programme) -> VisitRequest:
    """A visit that somebody asked for."""
    who, day = programme.group_members.order_by("pk")[1].applicant, datetime.date(2023, 2, 10)
    asked = VisitRequest(programme=programme, applicant=who, asked_on=day, wanted="Melihat oven yang rusak")
    return mentoring.ask_visit(request=asked, by=None)


def _problem(programme: Programme) -> ProblemCase:
    """Somebody whose assistance lies unused."""
    who, day = programme.group_members.order_by("pk")[0].applicant, datetime.date(2023, 1, 20)
    case = ProblemCase(programme=programme, applicant=who, kind="aid_unused", seen_on=day, what="Mesin belum dipakai")
    return mentoring.note_problem(case=case, by=None)


def _own_visit(programme: Programme) -> Visit:
    """A visit at which Dewi was."""
    own = programme.applicants.get(person__user__username="dewi", seat__isnull=False)
    found = Visit.objects.standing().of_participant(own).first()
    assert found
    return found


def _intake(programme: Programme) -> Intake:
    """An export of the portal with good and faulty rows, brought and checked."""
    owner = User.objects.get(username="budi")
    content = sheet(another(10), another(11, gender="Lelaki", tgl_lahir="31/02/1999"), another(12, tgl_lahir=""))
    made = intakes.bring(programme=programme, name="tkm.xlsx", content=content, by=owner)
    made = intakes.map_columns(intake=made, mapping=made.mapping | {"fixed": FIXED}, by=owner)
    intakes.check_later(intake=made, by=owner)
    return made


def _upload(programme: Programme, table: str, row: dict[str, str]) -> Upload:
    """A sheet of one row that waits for its owner."""
    owner, rows = User.objects.get(username="gita"), [[2, list(row.values())]]
    return Upload.objects.create(
        programme=programme, by=owner, table=table, file="lembar.csv", columns=list(row), rows=rows
    )


def _appraisal(programme: Programme) -> Appraisal:
    """An idea in the hands of two, marked by both but for Budi's last ones."""
    day, manager = datetime.date(2022, 9, 15), User.objects.get(username="ani")
    people = list(User.objects.filter(username__in=("budi", "gita", "joko")))
    viability.assign(programme=programme, appraisers=people, by=manager, on=day)
    waiting = programme.appraisals.filter(appraiser__username="budi").order_by("pk")
    for number, one in enumerate(programme.appraisals.select_related("appraiser").order_by("pk")[:20]):
        given = dict.fromkeys(MARKED, 1 + number % 4)
        viability.give_marks(appraisal=one, marks=given, remark="", by=one.appraiser, on=day)
    found = waiting.to_do().first()
    assert found
    return found


def _archived(programme: Programme) -> ArchivedReport:
    """A report that the office handed in."""
    template = reports.template_of(programme, ReportKind.INCEPTION)
    template.signer = "Siti Zulaikha"
    reports.keep_template(template=template, by=None)
    return reports.archive(
        programme=programme,
        kind=ReportKind.INCEPTION,
        number="001/LAP/2023",
        dated=today(programme),
        by=None,
    )


def _cash_book(programme: Programme) -> dict[str, str]:
    """An enterprise with a product and a debt, which the example's begin with."""
    product = programme.products.select_related("enterprise").order_by("pk")[0]
    debt = enterprises.open_debts(programme.debts.all()).select_related("enterprise")[0]
    return {
        "maker": product.enterprise.code,
        "product": product.code,
        "creditor": debt.enterprise.code,
        "debt": debt.code,
    }


def _training(programme: Programme) -> dict[str, Any]:
    """Cards of a group, certificates, and a signed list that was read."""
    day = datetime.date(2022, 11, 1)
    session = programme.sessions.select_related("group", "module", "room").get(code="S001")
    training.publish(programme=programme, by=None, on=datetime.date(2022, 10, 1))
    training.take_cards(group=session.group, by=None, on=day)
    training.take_sheet(session=session, by=None, on=day)
    paper = session.sheets.get()
    marks = [(0, "cross", True), (0, "tick", False), (-1, "", False)] + [(1, "dot", True)] * (len(paper.rows) - 3)
    photo = BytesIO()
    drawn(marks, paper.number, rows=len(paper.rows)).save(photo, "JPEG")
    training.read_sheet(programme=programme, photo=Photo(photo.getvalue()), by=None)
    return {
        "certificate": training.issue_certificates(programme=programme, by=None, on=day)[0].code,
        "carded": session.group.members.select_related("applicant").order_by("pk")[0].applicant.code,
        "list": paper.number,
    }


def _objection(applicant: Applicant) -> Objection:
    text, day = "Kartu keluarga menunjukkan lima orang, bukan empat.", datetime.date(2022, 9, 14)
    made = Objection.objects.create(programme=applicant.programme, applicant=applicant, text=text, filed_on=day)
    log("applicants.objection_filed", made, by=None, on=day)
    return made


def _verification(programme: Programme) -> dict[str, Any]:
    """A verification that found something else, with the change that was proposed, and one that is to do."""
    budi, day = User.objects.get(username="budi"), datetime.date(2022, 9, 14)
    first, second, unverified = programme.applicants.filter(status="eligible").select_related("person")[:3]
    given = {"stage": CheckStage.ADMINISTRATIVE, "verifier": budi, "by": None, "on": day}
    seen = verifications.assign(applicant=first, **given)
    answers = {item.code: ("yes", "") for item in checklist_of(seen)} | {"household": ("no", "Lima orang, bukan empat")}
    report = Report("differs", "Anggota keluarga lain", "Di kartu keluarga ada lima orang", answers)
    verifications.record(
        verification=seen, report=report, where=(-2.13, 106.11), seen_at="Kantor", photo=None, by=budi, on=day
    )
    first.household_size += 1
    change = applicants.correct(applicant=first, by=budi, on=day, reason="Kartu keluarga dilihat", verification=seen)
    assert change
    return {
        "verified": seen.pk,
        "to_verify": verifications.assign(applicant=second, **given).pk,
        "unverified": unverified.code,
        "change": change.pk,
        "verifier": budi.pk,
    }


def _exception(applicant: Applicant) -> DrawException:
    made = DrawException.objects.create(
        programme=applicant.programme,
        applicant=applicant,
        kind=ExceptionKind.GUARANTEED,
        reason="Keputusan 12/2022 tentang korban banjir",
        decided_by="Kepala Dinas",
        decided_on=datetime.date(2022, 9, 20),
    )
    log("selection.exception_added", made, by=None, kind=made.kind, reason=made.reason)
    return made


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    """Every translated sentence without gaps: English to Indonesian."""
    catalogues = Path(kawasan.__file__).parent.glob("*/locale/id/LC_MESSAGES/django.po")
    entries = [entry for catalogue in catalogues for entry in polib.pofile(str(catalogue))]
    return {entry.msgid: entry.msgstr for entry in entries if entry.msgstr and entry.msgstr != entry.msgid}


@pytest.fixture(scope="module")
def reader(signed_in: Callable[..., BrowserContext], example: str) -> Callable[[str], BrowserContext]:
    """The browser of somebody, opened once."""
    return functools.cache(signed_in)


def named(page: tuple[str, str]) -> str:
    return f"{page[0] or 'nobody'}:{page[1] or 'cockpit'}"


@pytest.fixture(scope="module", params=PAGES, ids=named)
def seen(request: pytest.FixtureRequest, reader: Callable[[str], BrowserContext], keys: dict[str, Any]) -> Seen:
    """On another database than SQLite a page is asked for without a browser: no width and no word hangs on it."""
    who, address = request.param
    address = address_of(address.format(**keys))
    if connection.vendor != "sqlite":
        return Seen(status=signed_in_client(who).get(address, follow=True).status_code)
    found, page = Seen(), reader(who).new_page()
    watch(page, found, refused=address if address in REFUSED else "")
    for language in LANGUAGES:
        look(page, address, language, found)
    page.close()
    return found


def signed_in_client(username: str) -> Client:
    client = Client()
    if username:
        client.force_login(User.objects.get(username=username))
    return client


def address_of(path: str) -> str:
    return path if path.startswith("/") else PROGRAMME + path


def watch(page: Page, found: Seen, refused: str = "") -> None:
    """Note what a page asks for and complains of while it loads; a page that is refused is not a complaint."""

    def note_console(message: ConsoleMessage) -> None:
        is_of_the_page = GRAPHICS not in message.text and urlsplit(message.location["url"]).path != refused
        if message.type in ("error", "warning") and is_of_the_page:
            found.errors.append(message.text)

    page.on("console", note_console)
    page.on("pageerror", lambda error: found.errors.append(str(error)))
    page.on("request", lambda request: found.hosts.add(urlsplit(request.url).hostname or "data"))


def look(page: Page, address: str, language: str, found: Seen) -> None:
    """Open a page in a language and look at it at both widths; Axe takes as long as all else and sees no words."""
    page.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "domain": "127.0.0.1", "path": "/"}]
    )
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    response = page.goto(address)
    assert response is not None
    found.status = response.status
    found.lang[language] = page.locator("html").get_attribute("lang") or ""
    found.heading[language] = " | ".join(page.locator("h1").all_inner_texts())
    texts = page.evaluate(TEXTS)
    found.texts[language], found.labels[language] = texts["all"], texts["labels"]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.too_wide.append(f"{wide} px of {width} ({language})")
        if width == WIDTHS[1]:
            found.cut_off += page.evaluate(CUT_OFF)
    if language == LANGUAGES[0]:
        page.evaluate(SHORTEN)
        page.evaluate(Axe().axe_script)
        found.barriers = [barrier for width in reversed(WIDTHS) for barrier in barriers(page, width)]


def barriers(page: Page, width: int) -> list[str]:
    """What axe finds, with the first place of each. Colours do not change with the width and take the longest."""
    page.set_viewport_size({"width": width, "height": 800})
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": width == WIDTHS[0]}}}
    found = page.evaluate("options => axe.run(options).then((found) => found.violations)", options)
    return [f"{one['id']} at {width} px: {one['nodes'][0]['html'][:200]} ({len(one['nodes'])} places)" for one in found]


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            yield f"{namespace}{pattern.name}", pattern


SOME = {"IntConverter": 0, "DayConverter": "2023-02-15"}


def test_every_page_is_in_the_list(example: str, keys: dict[str, Any]) -> None:
    """A view that answers GET is a page that is opened here, or a file."""
    listed = {
        resolve(urlsplit(address_of(address.format(**keys))).path).view_name
        for _who, address in PAGES
        if address != "/nowhere/"
    }
    client = Client()
    client.force_login(User.objects.get(username="ani"))
    answering = set()
    for name, pattern in routes(get_resolver()):
        values = {gap: SOME.get(type(of).__name__, "X") for gap, of in pattern.pattern.converters.items()}
        inside = {"programme": example} if ":" in name else {}
        if client.get(reverse(name, kwargs={**inside, **values})).status_code != 405:
            answering.add(name)
    assert answering - FILES - {"sign_out", "set_language"} == listed


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_list_is_given_as_a_file_or_it_is_said_why_not(
    page: tuple[str, str], example: str, keys: dict[str, Any]
) -> None:
    """A page with a table, or with rows that are turned, gives all of them in every format, as its menu says."""
    who, address = page[0], address_of(page[1].format(**keys))
    client = signed_in_client(who)
    answer = client.get(address)
    if answer.status_code != 200 or not is_list(answer):
        return
    route = answer.resolver_match.view_name
    offered = re.findall(r'<a class="dropdown-item" href="(\?[^"]*export=[^"]*)"', answer.text)
    assert len(offered) == len(TYPES) or route in WITHOUT_EXPORT, f"{route} gives no file"
    for wanted in offered:
        got = client.get(urlsplit(address)._replace(query=html.unescape(wanted)[1:]).geturl())
        assert got["Content-Disposition"].startswith("attachment"), got.content[:300]
        assert b"".join(got.streaming_content)


def test_only_pages_that_there_are_give_no_file() -> None:
    assert set(WITHOUT_EXPORT) <= {name for name, _pattern in routes(get_resolver())}


def is_list(answer: Any) -> bool:
    return "<table" in answer.text or isinstance((answer.context or {}).get("page"), Turned)


def test_a_page_answers(seen: Seen, request: pytest.FixtureRequest) -> None:
    address = address_of(request.node.callspec.params["seen"][1])
    assert seen.status == REFUSED.get(address, 200)


@pytest.mark.sqlite_only
def test_a_page_has_one_heading(seen: Seen) -> None:
    assert seen.heading["id"]
    assert "|" not in seen.heading["id"]


@pytest.mark.sqlite_only
def test_a_page_fits_the_width(seen: Seen) -> None:
    assert seen.too_wide == []


@pytest.mark.sqlite_only
def test_a_phone_shows_every_column_and_pictures_that_can_be_read(seen: Seen) -> None:
    assert seen.cut_off == []


@pytest.mark.sqlite_only
def test_axe_finds_nothing(seen: Seen) -> None:
    assert seen.barriers == []


@pytest.mark.sqlite_only
def test_the_browser_complains_of_nothing(seen: Seen) -> None:
    assert seen.errors == []


@pytest.mark.sqlite_only
def test_a_page_asks_nobody_else(seen: Seen) -> None:
    assert seen.hosts <= {"127.0.0.1", "data"}


@pytest.mark.sqlite_only
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_its_language(seen: Seen, language: str) -> None:
    assert seen.lang[language] == language


@pytest.mark.sqlite_only
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_shows_no_raw_code(seen: Seen, language: str) -> None:
    assert [text for text in seen.texts[language] if CODE.search(NAMED.sub("", text))] == []


@pytest.mark.sqlite_only
def test_an_indonesian_page_shows_no_sentence_that_has_a_translation(seen: Seen, english: dict[str, str]) -> None:
    assert [text for text in seen.texts["id"] if text in english] == []


@pytest.mark.sqlite_only
def test_the_words_of_an_indonesian_page_are_not_english(seen: Seen) -> None:
    assert [text for text in seen.labels["id"] if ENGLISH.search(text)] == []


@pytest.mark.sqlite_only
def test_an_english_page_has_no_indonesian_label(seen: Seen, english: dict[str, str]) -> None:
    indonesian = {word.casefold() for word in english.values()} - {word.casefold() for word in english} - LOANS
    assert [text for text in seen.labels["en"] if text.casefold() in indonesian] == []


ROLES = [player.username for player in CAST + MORE if player.username != "fajar"]


def test_a_phone_shows_the_groups_of_a_report_in_short_rows(browser: Browser, example: str) -> None:
    page = browser.new_page(viewport={"width": WIDTHS[1], "height": 800})
    with override("id"):
        page.set_content(story(Programme.objects.get(code=example)))
    groups = page.locator(".stacked").first.locator("tbody tr")
    heights = groups.evaluate_all("rows => rows.map(row => row.offsetHeight)")
    fits = page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[1]
    page.close()
    assert fits
    assert len(heights) == 11
    assert max(heights) < 180  # 263 while the reason for the mentor stood in a narrow column


@pytest.mark.parametrize("username", ROLES)
def test_the_cockpit_links_to_nothing_that_is_closed_to_its_reader(
    reader: Callable[[str], BrowserContext], username: str
) -> None:
    page = reader(username).new_page()
    page.goto(PROGRAMME)
    links = set(page.locator("#content a").evaluate_all("links => links.map(link => link.pathname)"))
    statuses = {link: page.request.get(link).status for link in sorted(links)}
    page.close()
    assert {link: status for link, status in statuses.items() if status != 200} == {}


def test_a_number_of_the_cockpit_is_the_count_of_the_rows_that_it_leads_to(example: str) -> None:
    """A link that narrows a list down says how many rows it then has, which its file counts."""
    client = signed_in_client("ani")
    content = client.get(PROGRAMME).text.partition('id="content"')[2]
    links = re.findall(r'<a [^>]*href="([^"]+[?][^"]+)"[^>]*>(.*?)</a>', content)
    said, found = {}, {}
    for address, words in links:
        number = re.search(r"([0-9.,]+?)[.]?$", strip_tags(words))
        said[address] = int(re.sub("[.,]", "", number[1])) if number else None
        file = client.get(html.unescape(address) + "&export=csv")
        rows = csv.reader(StringIO(b"".join(file.streaming_content).decode("utf-8-sig")))
        found[address] = len(list(rows)) - 1
    assert found == said
    assert len(found) >= 10  # seats and enterprises, of all and of each of the four fields


@pytest.mark.parametrize("username", ROLES)
def test_every_page_of_the_navigation_opens_for_its_role(
    reader: Callable[[str], BrowserContext], username: str
) -> None:
    page, found = reader(username).new_page(), Seen()
    watch(page, found)
    page.set_viewport_size({"width": WIDTHS[1], "height": 800})
    page.goto(PROGRAMME)
    links = page.locator("#navigation a").evaluate_all("links => links.map(link => link.pathname)")
    opened = {}
    for link in links:
        answer = page.goto(link)
        assert answer is not None
        opened[link] = (answer.status, page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[1])
    page.close()
    assert len(links) >= 6
    assert opened == dict.fromkeys(links, (200, True))
    assert found.errors == []


@pytest.mark.parametrize(
    ("username", "address"),
    [("", "/sign-in/"), *(("dewi", PROGRAMME + page) for page in ("", "training/", "value-chain/", "area/map/"))],
)
def test_the_first_load_of_a_participants_page_is_light(
    signed_in: Callable[..., BrowserContext], example: str, username: str, address: str
) -> None:
    """Pages are counted as the server sends them; assets as they are once collected, which is compressed."""
    page = signed_in(username, width=WIDTHS[1]).new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address, wait_until="networkidle")
    parts = {urlsplit(answer.url).path: weight(answer) for answer in answers}
    assert sum(parts.values()) <= HEAVIEST, parts
    assert parts[address] < len(page.content().encode()) / 2, "the page is not compressed"


def weight(answer: Response) -> int:
    """Bytes over the wire."""
    if "/static/" in answer.url:
        return len(gzip.compress(answer.body()))
    return answer.request.sizes()["responseBodySize"]
