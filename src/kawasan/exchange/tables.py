"""Every table of a programme folder, in the order in which it is loaded."""

from dataclasses import dataclass
from functools import cached_property

from django.db import models

from kawasan.applicants.models import Applicant, Person
from kawasan.areas.models import (
    AssetIndicator,
    AssetValue,
    Boundary,
    Place,
    Resource,
    ResourceKind,
    SectorFigure,
)
from kawasan.enterprises.models import CashEntry, Enterprise, Worker
from kawasan.exchange.columns import Column
from kawasan.market.models import Contract, Delivery
from kawasan.matching.models import Expert, Group, GroupMember, Matching, Mentor
from kawasan.mentoring.models import Visit
from kawasan.outcomes.models import Measurement, Round
from kawasan.partners.models import Commitment, Meeting, MeetingAttendance, Organisation
from kawasan.programmes.models import Field, Milestone, NeedBand, Programme, Quota, RuleSet
from kawasan.selection.models import Answer, Decree, Draw, DrawException, Seat
from kawasan.training.models import Attendance, Module, Room, Session, Timetable
from kawasan.value_chain.models import Activity, ActivityFlow, ActivityResource, Commodity, Demand, Plan

ASSESSMENT = (
    "status", "reasons", "need_score", "need_parts", "need_band", "warnings", "assessed_on", "rule_set", "frozen_on",
    "withdrawn_on", "withdrawal_reason",
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """One file of the folder (or one section of programme.toml): the model whose rows it holds.

    A result is made by running the programme: rows that refer to it may be in the folder before it is there,
    and wait.
    """

    name: str
    model: type[models.Model]
    about: str
    is_required: bool = False
    without: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    is_toml: bool = False
    is_result: bool = False

    @cached_property
    def columns(self) -> list[Column]:
        """The columns, in the model's order; what only the database needs is left out."""
        hidden = {"id", "programme", "user", *self.without}
        fields = [f for f in self.model._meta.concrete_fields if f.name not in hidden]
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


TABLES = (
    Table("programme", Programme, "The programme itself", is_required=True, is_toml=True),
    Table("fields", Field, "Fields of business with their least and most seats", is_required=True, is_toml=True),
    Table("rule_sets", RuleSet, "Dated guidelines (juknis)", is_required=True, is_toml=True),
    Table("need_bands", NeedBand, "Ranges of the need score", is_required=True, is_toml=True),
    Table("quotas", Quota, "Least and most seats for people with a feature", is_toml=True),
    Table("milestones", Milestone, "The calendar", is_toml=True),
    Table("organisations", Organisation, "Host, partners, agencies, suppliers and offtakers", is_required=True),
    Table("meetings", Meeting, "Coordination meetings and their minutes"),
    Table("meeting_attendance", MeetingAttendance, "Who attended which meeting"),
    Table("commitments", Commitment, "What organisations promised, and what they delivered"),
    Table(
        "places",
        Place,
        "City or regency, kecamatan and kelurahan with Kemendagri codes and centroids",
        is_required=True,
    ),
    Table("boundaries", Boundary, "Boundaries of places as GeoJSON geometries"),
    Table("sectors", SectorFigure, "Figures of sectors in the area and the province", is_required=True),
    Table("resource_kinds", ResourceKind, "Kinds of resources of each capital, with their units", is_required=True),
    Table("resources", Resource, "Resources of the five capitals", is_required=True),
    Table("asset_indicators", AssetIndicator, "Indicators behind the asset pentagon"),
    Table("asset_values", AssetValue, "Values of the indicators by place and year"),
    Table("commodities", Commodity, "What is made, used, bought and sold", is_required=True),
    Table("activities", Activity, "Recipes: what an enterprise does in one cycle", is_required=True),
    Table("activity_flows", ActivityFlow, "Inputs and outputs of an activity", is_required=True),
    Table("activity_resources", ActivityResource, "Which resource an enterprise uses up in a year"),
    Table("demands", Demand, "What offtakers say they will buy", is_required=True),
    Table("plans", Plan, "Plans of the value chain with their exact input", is_result=True),
    Table("persons", Person, "Who applied", is_required=True),
    Table("applicants", Applicant, "What each person applied for", is_required=True, without=ASSESSMENT),
    Table("applicants_assessed", Applicant, "Eligibility, need and warnings of each applicant", only=ASSESSMENT),
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
    Table("matchings", Matching, "Matchings with their exact input", is_result=True),
    Table("groups", Group, "Business groups and their mentors", is_result=True),
    Table("group_members", GroupMember, "Members of the groups", is_result=True),
    Table("rooms", Room, "Rooms for the training", is_required=True),
    Table("modules", Module, "Training modules with lesson hours", is_required=True),
    Table("timetables", Timetable, "Timetables with their exact input", is_result=True),
    Table("sessions", Session, "Sessions of the training", is_result=True),
    Table("attendances", Attendance, "Who attended which session"),
    Table("visits", Visit, "Visits of mentors"),
    Table("enterprises", Enterprise, "Enterprises of the participants"),
    Table("workers", Worker, "People who work in the enterprises"),
    Table("cash_entries", CashEntry, "Cash books of the enterprises"),
    Table("contracts", Contract, "Contracts between enterprises and offtakers"),
    Table("deliveries", Delivery, "Deliveries under the contracts"),
    Table("rounds", Round, "Measurement rounds"),
    Table("measurements", Measurement, "What was measured of each participant in a round"),
)
TOML_TABLES = tuple(table for table in TABLES if table.is_toml)
CSV_TABLES = tuple(table for table in TABLES if not table.is_toml)


def table_of(model: type[models.Model]) -> Table:
    """The table whose rows have the codes that refer to a model."""
    return next(table for table in TABLES if table.model is model and not table.is_addition)
