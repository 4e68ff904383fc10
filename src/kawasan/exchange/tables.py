"""Every table of a programme folder, in the order in which it is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db import models

from kawasan.applicants.models import Applicant, Consent, LivingCheck, LivingSample, Person, Rule
from kawasan.areas.models import (
    AssetIndicator,
    AssetValue,
    Boundary,
    Place,
    Resource,
    ResourceKind,
    SectorFigure,
)
from kawasan.assistance.models import Assistance, BudgetLine, Entitlement, Purchase, PurchaseItem, SpendingRule, Step
from kawasan.core.text import _
from kawasan.enterprises.models import (
    Asset,
    Capacity,
    CashEntry,
    Debt,
    Enterprise,
    Member,
    Product,
    Sighting,
    StockMove,
    Worker,
)
from kawasan.exchange.columns import Column
from kawasan.market.models import CatalogueEntry, Contract, Delivery, DeliveryStep, Order, Outlook, Part, Showing
from kawasan.matching.models import Ability, Ballot, Expert, Group, GroupMember, Loan, Matching, Mentor, Vote, Wish
from kawasan.mentoring.models import (
    ActionStep,
    CanvasBlock,
    Confirmation,
    ExpertRequest,
    MentorReport,
    ProblemCase,
    Recommendation,
    Visit,
    VisitParticipant,
    VisitRequest,
)
from kawasan.outcomes.models import AnalysisPlan, LabourForce, Measurement, ReportingDate, Round
from kawasan.partners.models import Commitment, Meeting, MeetingAttendance, Organisation
from kawasan.programmes.models import Field, Milestone, NeedBand, Programme, Quota, RuleSet
from kawasan.reports.models import ReportTemplate
from kawasan.selection.models import Answer, Decree, Draw, DrawException, Seat
from kawasan.training.models import (
    Attendance,
    BlockedTime,
    Certificate,
    CompletionRule,
    Equipment,
    MakeUp,
    Module,
    ModuleEquipment,
    Prerequisite,
    Publication,
    Room,
    Score,
    Session,
    Timetable,
)
from kawasan.value_chain.models import (
    Activity,
    ActivityFlow,
    ActivityPlace,
    ActivityResource,
    ActivitySeason,
    ActivitySkill,
    Commodity,
    Demand,
    ExistingEnterprise,
    KbliCode,
    LocalMarket,
    Plan,
    Price,
    Storage,
    Supplier,
)

ASSESSMENT = (
    "status", "reasons", "need_score", "need_parts", "need_band", "warnings", "trouble", "assessed_on", "rule_set",
    "frozen_on", "withdrawn_on", "withdrawal_reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Former:
    """A column that a file had once: cells without a meaning now are read over, of others ``why`` says what to do."""

    harmless: frozenset[str]
    why: str
    row: str = ""  # what to write instead, where that is a row elsewhere


@dataclass(frozen=True)
class Table:
    """One file of the folder (or one section of programme.toml): the model whose rows it holds.

    A result is made by running the programme: rows that refer to it may be in the folder before it is there,
    and wait. What is entered is so by planners, who may also bring a spreadsheet.
    """

    name: str
    model: type[models.Model]
    about: str
    is_required: bool = False
    without: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    is_toml: bool = False
    is_result: bool = False
    is_entered: bool = False
    former: Mapping[str, Former] = field(default_factory=dict)

    @cached_property
    def columns(self) -> list[Column]:
        """The columns, in the model's order; what only the database needs, or works out itself, is left out."""
        hidden = {"id", "programme", "user", "entered_by", *self.without}  # accounts are of an installation
        fields = [f for f in self.model._meta.concrete_fields if f.name not in hidden and not f.generated]
        chosen = [f for f in fields if f.name in (*self.key, *self.only)] if self.only else fields
        return [Column(f.name, f) for f in chosen]

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row within its programme."""
        if self.model is Programme:
            return ("code",)
        unique = next(c for c in self.model._meta.constraints if isinstance(c, models.UniqueConstraint))
        return tuple(name for name in unique.fields if name != "programme")

    @property
    def may_name_unit(self) -> bool:
        """Whether a column ``unit`` may stand beside a quantity of a commodity; it is compared and not kept."""
        names = {column.name for column in self.columns}
        return "commodity" in names and "unit" not in names

    @property
    def is_addition(self) -> bool:
        """Whether the file adds columns to rows of an earlier file."""
        return bool(self.only)

    @property
    def is_made(self) -> bool:
        """Whether the programme itself fills these columns."""
        return self.is_result or self.is_addition

    @property
    def file(self) -> str:
        return "programme.toml" if self.is_toml else f"{self.name}.csv"


MONTHS_FORMER = Former(
    frozenset({"", "12"}),
    _("was replaced by in_months: write there which months, e.g. 6 or 1-11, and take this column out"),
)
OFF, ON = frozenset({"", "false"}), frozenset({"", "true"})
ROW_NOW = _("is a row of rules.csv now: write there {row}, with rule_set, order and source, and take this line out")
RULES_FORMER = {
    "least_age": Former(frozenset(), ROW_NOW, "age,at_least,{cell}"),
    "most_age": Former(frozenset(), ROW_NOW, "age,at_most,{cell}"),
    "must_live_in_area": Former(OFF, ROW_NOW, "place,within,19.71"),
    "must_not_be_employed": Former(OFF, ROW_NOW, "activity_now,is_none_of,employed civil_servant"),
    "may_be_student": Former(ON, ROW_NOW, "activity_now,is_not,student"),
    "must_report_earlier_assistance": Former(OFF, ROW_NOW, "unreported_assistance,is,false"),
}

TABLES = (
    Table("programme", Programme, "The programme itself", is_required=True, is_toml=True),
    Table("fields", Field, "Fields of business with their least and most seats", is_required=True, is_toml=True),
    Table("rule_sets", RuleSet, "Dated guidelines (juknis)", is_required=True, is_toml=True, former=RULES_FORMER),
    Table("rules", Rule, "Rules of the guidelines: who may take part", is_required=True),
    Table("need_bands", NeedBand, "Ranges of the need score", is_required=True, is_toml=True),
    Table("quotas", Quota, "Least and most seats for people with a feature", is_toml=True),
    Table("milestones", Milestone, "The calendar", is_toml=True),
    Table(
        "organisations",
        Organisation,
        _("Host, partners, agencies, suppliers and offtakers"),
        is_required=True,
        is_entered=True,
    ),
    Table("meetings", Meeting, _("Coordination meetings and their minutes"), is_entered=True),
    Table("meeting_attendance", MeetingAttendance, "Who attended which meeting"),
    Table("commitments", Commitment, _("What organisations promised, and what they delivered"), is_entered=True),
    Table(
        "places",
        Place,
        _("City or regency, kecamatan and kelurahan with Kemendagri codes and centroids"),
        is_required=True,
        is_entered=True,
    ),
    Table("boundaries", Boundary, "Boundaries of places as GeoJSON geometries"),
    Table(
        "sectors",
        SectorFigure,
        _("Figures of sectors in the area and the province"),
        is_required=True,
        is_entered=True,
    ),
    Table(
        "resource_kinds",
        ResourceKind,
        _("Kinds of resources of each capital, with their units"),
        is_required=True,
        is_entered=True,
    ),
    Table("resources", Resource, _("Resources of the five capitals"), is_required=True, is_entered=True),
    Table("asset_indicators", AssetIndicator, _("Indicators behind the asset pentagon"), is_entered=True),
    Table("asset_values", AssetValue, _("Values of the indicators by place and year"), is_entered=True),
    Table("kbli_codes", KbliCode, _("Codes of business (KBLI) with their version and title"), is_entered=True),
    Table("commodities", Commodity, _("What is made, used, bought and sold"), is_required=True, is_entered=True),
    Table("prices", Price, _("What commodities cost on which day, with the source"), is_entered=True),
    Table(
        "activities", Activity, _("Recipes: what an enterprise does in one cycle"), is_required=True, is_entered=True
    ),
    Table("activity_flows", ActivityFlow, _("Inputs and outputs of an activity"), is_required=True, is_entered=True),
    Table("activity_resources", ActivityResource, _("Which resource an enterprise uses up in a year"), is_entered=True),
    Table(
        "activity_seasons",
        ActivitySeason,
        _("How the year's cycles of an activity fall into the months"),
        is_entered=True,
    ),
    Table("activity_places", ActivityPlace, _("Places that suit an activity, and how many fit there"), is_entered=True),
    Table("activity_skills", ActivitySkill, _("Skills that an enterprise needs"), is_entered=True),
    Table(
        "existing_enterprises",
        ExistingEnterprise,
        _("Enterprises outside the programme that work already"),
        is_entered=True,
    ),
    Table("suppliers", Supplier, _("Where commodities can be bought, how much and at what price"), is_entered=True),
    Table("local_markets", LocalMarket, _("What places' markets take, at prices that fall in steps"), is_entered=True),
    Table("storages", Storage, _("Room in which a commodity can wait"), is_entered=True),
    Table(
        "demands",
        Demand,
        _("What offtakers say they will buy"),
        is_required=True,
        is_entered=True,
        former={"months": MONTHS_FORMER},
    ),
    Table("plans", Plan, "Plans of the value chain with their exact input", is_result=True),
    Table("persons", Person, "Who applied", is_required=True),
    Table("applicants", Applicant, "What each person applied for", is_required=True, without=ASSESSMENT),
    Table("applicants_assessed", Applicant, "Eligibility, need and warnings of each applicant", only=ASSESSMENT),
    Table("consents", Consent, "What applicants agreed to, when, and to which text"),
    Table("living_samples", LivingSample, "Samples of applicants whose living is verified"),
    Table("living_checks", LivingCheck, "What was verified of the applicants of a sample"),
    Table(
        "draw_exceptions",
        DrawException,
        "Who is guaranteed a seat or kept out of the draw, and why",
        without=("entered_by", "confirmed_by"),
    ),
    Table(
        "draws", Draw, "The frozen pool, the seed and the result of the draw", is_result=True, without=("entered_by",)
    ),
    Table("answers", Answer, "What people answered to the offer of a seat"),
    Table("seats", Seat, "Seats and reserves", is_result=True),
    Table("decrees", Decree, "Decrees with their frozen list", is_result=True),
    Table("mentors", Mentor, "Mentors, their fields and limits", is_required=True),
    Table("experts", Expert, "Experts lent by organisations"),
    Table("abilities", Ability, "What participants can do that counts when groups are formed"),
    Table("wishes", Wish, "What participants ask of their group and mentor"),
    Table("matchings", Matching, "Matchings with their exact input", is_result=True),
    Table("groups", Group, "Business groups and their mentors", is_result=True),
    Table("group_members", GroupMember, "Members of the groups", is_result=True),
    Table("votes", Vote, "Votes of the groups for their officers"),
    Table("ballots", Ballot, "How many votes each member got for which office"),
    Table("loans", Loan, "Hours for which experts are lent"),
    Table("rooms", Room, _("Rooms for the training"), is_required=True, is_entered=True),
    Table("modules", Module, _("Training modules with lesson hours"), is_required=True, is_entered=True),
    Table("prerequisites", Prerequisite, "Which modules come before which"),
    Table("equipment", Equipment, "What is carried to the rooms, and in how many sets"),
    Table("module_equipment", ModuleEquipment, "Which equipment the sessions of a module use"),
    Table("completion_rules", CompletionRule, "Who completes the training, from which day on"),
    Table("blocked_times", BlockedTime, "When nothing is held, for everybody or for one group"),
    Table("timetables", Timetable, "Timetables with their exact input", is_result=True),
    Table("sessions", Session, "Sessions of the training", is_result=True),
    Table("publications", Publication, "Timetables as they were published, and what changed each time", is_result=True),
    Table("scores", Score, "What participants could do before and after each module"),
    Table("attendances", Attendance, "Who attended which session"),
    Table("make_ups", MakeUp, "Who made up a missed session in which other one"),
    Table("certificates", Certificate, "Certificates of the training as they were issued", is_result=True),
    Table("visits", Visit, "Visits of mentors: their logbook", without=("reviewed_by",)),
    Table("visit_participants", VisitParticipant, "Who was there at a visit to several"),
    Table("visit_confirmations", Confirmation, "What participants say of visits: that they took place, or did not"),
    Table("visit_requests", VisitRequest, "Visits that participants asked for, and how that ended"),
    Table("action_steps", ActionStep, "Steps of the participants' action plans"),
    Table("recommendations", Recommendation, "What should follow for a participant (RTL)"),
    Table("expert_requests", ExpertRequest, "Questions to experts, and their answers"),
    Table("problem_cases", ProblemCase, "Problems between participants and the mentoring, until they are settled"),
    Table("canvas_blocks", CanvasBlock, "Blocks of the business model canvases, in every version"),
    Table("mentor_reports", MentorReport, "Performance reports of mentors as they were frozen", is_result=True),
    Table("entitlements", Entitlement, "What the guidelines give to whom, from which day on"),
    Table("spending_rules", SpendingRule, "How much must or may be spent on what"),
    Table("assistances", Assistance, "Who gets which assistance"),
    Table("assistance_steps", Step, "Steps of each assistance, also those taken back; papers are left out"),
    Table("budget_lines", BudgetLine, "Lines of the budgets (RAB) of the proposals"),
    Table("assistance_purchases", Purchase, "Receipts for what was bought of the assistance"),
    Table("assistance_items", PurchaseItem, "What each receipt paid for, by line of the budget"),
    Table("enterprises", Enterprise, "Enterprises of the participants"),
    Table("workers", Worker, "People who work in the enterprises"),
    Table("enterprise_members", Member, "Members of the enterprises, with their roles"),
    Table("capacities", Capacity, "What enterprises can make in a month, from which day on"),
    Table("assets", Asset, "Tools and other things that stay with the enterprises"),
    Table("products", Product, "What the enterprises sell"),
    Table("stock_moves", StockMove, "What came to the stock of products, what was lost, and counts"),
    Table("debts", Debt, "Goods given or taken without money yet"),
    Table("cash_entries", CashEntry, "Cash books of the enterprises"),
    Table("sightings", Sighting, "Days on which an enterprise was seen at work"),
    Table("contracts", Contract, "Contracts between enterprises and offtakers"),
    Table("orders", Order, "What offtakers ordered, under a contract or alone"),
    Table("order_parts", Part, "What each enterprise was asked to bring to an order, and its answer"),
    Table("deliveries", Delivery, "Deliveries as the enterprises stated them, also those that a correction replaced"),
    Table("delivery_steps", DeliveryStep, "What both sides said of each delivery, and of its payment"),
    Table("outlooks", Outlook, "Who could supply whom in the coming months, with the exact input", is_result=True),
    Table("showings", Showing, "What owners say about being shown in the public catalogue"),
    Table("catalogue_entries", CatalogueEntry, "Pictures and words of products in the public catalogue"),
    Table("rounds", Round, "Measurement rounds"),
    Table("labour_forces", LabourForce, "Labour force and unemployed of the area, by year"),
    Table("analysis_plans", AnalysisPlan, "What will be compared between those drawn and the others"),
    Table("measurements", Measurement, "What was measured of each participant, and of others to compare with"),
    Table(
        "reporting_dates", ReportingDate, "Indicators of a day as they were reported, with their rows", is_result=True
    ),
    Table("report_templates", ReportTemplate, "How the office has its reports of each kind"),
)
TOML_TABLES = tuple(table for table in TABLES if table.is_toml)
CSV_TABLES = tuple(table for table in TABLES if not table.is_toml)


def table_of(model: type[models.Model]) -> Table:
    """The table whose rows have the codes that refer to a model."""
    return next(table for table in TABLES if table.model is model and not table.is_addition)
