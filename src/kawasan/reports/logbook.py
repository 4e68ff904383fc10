"""The log as people read it: a sentence for every verb, and the thing it is about under its name."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from kawasan.applicants.models import (
    Applicant,
    AppliedGroup,
    AppliedMember,
    Appraisal,
    Closeness,
    LivingCheck,
    LivingSample,
    Objection,
    OwnCard,
    Person,
    PossibleDouble,
    ProposedChange,
    PublicForm,
    Verification,
    ViabilityScheme,
)
from kawasan.areas.models import AssetIndicator, AssetValue, Resource, ResourceKind, SectorFigure
from kawasan.assistance.models import Assistance, Entitlement, Statement
from kawasan.core.models import LogEntry
from kawasan.core.text import Text, _
from kawasan.enterprises.models import CashEntry, Enterprise, Worker
from kawasan.market.models import Contract, Delivery, Outlook
from kawasan.matching.models import (
    Ability,
    Ballot,
    Expert,
    Group,
    GroupMember,
    Loan,
    Matching,
    Mentor,
    Vote,
    Wish,
)
from kawasan.mentoring.models import ActionStep, ExpertRequest, MentorReport, ProblemCase, Recommendation, Visit
from kawasan.outcomes.models import AnalysisPlan, Estimate, Measurement, Round
from kawasan.partners.models import Commitment, Meeting, MeetingAttendance, Organisation
from kawasan.programmes.access import may_open
from kawasan.programmes.models import Membership, Milestone, Programme, RuleSet
from kawasan.programmes.rules import Role
from kawasan.selection.models import Decree, Draw, DrawException, Seat
from kawasan.training.models import (
    BlockedTime,
    Card,
    Certificate,
    CompletionRule,
    FeedbackGiven,
    Module,
    Room,
    Score,
    Session,
    Sheet,
    SheetPage,
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
    LocalMarket,
    Plan,
    Price,
    Storage,
    Supplier,
)

SENTENCES = {
    "applicants.account_linked": _("Account “{account}” linked to a person"),
    "applicants.account_unlinked": _("Account taken from a person"),
    "applicants.assessed": _("Eligibility and need assessed"),
    "applicants.change_approved": _("Change approved by a second person, application assessed again"),
    "applicants.change_proposed": _("Change of what decides about an application proposed, because: {reason}"),
    "applicants.change_read": _("Full numbers of a proposed change read, for: {purpose}"),
    "applicants.change_rejected": _("Proposed change rejected, because: {reason}"),
    "applicants.change_taken_back": _("Proposed change taken back"),
    "applicants.closeness_declared": _("Somebody said that they are close to an applicant: {relation}"),
    "applicants.consented": _("Consent recorded"),
    "applicants.corrected": _("Application corrected"),
    "applicants.double_decided": _("Decided whether two persons are one: {note}"),
    "applicants.double_read": _("Full numbers of two persons read, for: {purpose}"),
    "applicants.double_reopened": _("Decision about two persons taken back"),
    "applicants.doubles_sought": _("{people} people compared to find doubles; new pairs: {new}"),
    "applicants.entered_pool": _("{people} people entered the frozen pool"),
    "applicants.group_joined": _("Somebody joined a group that applies together"),
    "applicants.group_left": _("Somebody left the group “{group}” that applies together"),
    "applicants.group_officers_set": _("Officers of a group that applies together named"),
    "applicants.group_started": _("Group that applies together started"),
    "applicants.idea_marked": _("Business idea marked"),
    "applicants.ideas_assigned": _("Business ideas handed out; marks asked for: {marks_asked}"),
    "applicants.left_pool": _("{people} people left the pool that was cancelled"),
    "applicants.living_sample_drawn": _("Sample of {people} people drawn whose living is verified"),
    "applicants.living_verified": _("Living of a household of the sample written down"),
    "applicants.nik_read": _("Full NIK read, for: {purpose}"),
    "applicants.number_sought": _("People sought by a whole number; applications found: {found}"),
    "applicants.numbers_read": _("Full numbers read, for: {purpose}"),
    "applicants.objection_answered": _("Objection answered"),
    "applicants.objection_filed": _("Objection filed"),
    "applicants.own_card_stated": _("Somebody who verifies stated the own family card"),
    "applicants.paper_read": _("Photo of a paper looked at"),
    "applicants.paper_received": _("Photo of a paper received"),
    "applicants.public_form_set": _("Public form set"),
    "applicants.rule_set_added": _("Rule set {number} written, {rules} rules"),
    "applicants.rule_set_removed": _("Rule set {number} taken back, which was applied to nobody"),
    "applicants.route_read": _("Way of verifier {verifier} opened, with addresses of {people} people"),
    "applicants.site_photo_added": _("Photo of a verification kept"),
    "applicants.site_photo_read": _("Photo of a verification looked at"),
    "applicants.submitted": _("Application submitted"),
    "applicants.verification_assigned": _("Verification assigned to {verifier}"),
    "applicants.verification_given_back": _("Verification taken from its verifier, because: {reason}"),
    "applicants.verifications_shared_out": _("{assigned} verifications assigned, {left} left"),
    "applicants.verified": _("Verification recorded"),
    "applicants.third_called": _("Third person asked to mark a business idea"),
    "applicants.viability_weights_set": _("Weights of viability set"),
    "applicants.withdrawn": _("Application withdrawn, because: {reason}"),
    "areas.assetindicator_added": _("Indicator of a capital added"),
    "areas.assetindicator_changed": _("Indicator of a capital changed"),
    "areas.assetindicator_removed": _("Indicator of a capital “{name}” removed"),
    "areas.assetvalue_added": _("Value of an indicator added"),
    "areas.assetvalue_changed": _("Value of an indicator changed"),
    "areas.assetvalue_removed": _("Value of an indicator removed: {name}"),
    "areas.boundaries_removed": _("{count} boundaries of places removed"),
    "areas.boundaries_replaced": _("Boundaries of {count} places replaced, source: {source}"),
    "areas.kind_added": _("Kind of resource added"),
    "areas.kind_changed": _("Kind of resource changed"),
    "areas.kind_removed": _("Kind of resource “{name}” removed"),
    "areas.photo_removed": _("Photo of a resource removed"),
    "areas.photo_set": _("Photo of a resource stored"),
    "areas.resource_added": _("Resource added"),
    "areas.resource_changed": _("Resource changed"),
    "areas.resource_removed": _("Resource “{name}” removed"),
    "core.job_asked_for": _("Asked for: {what} (job {job})"),
    "core.job_cancelled": _("Taken back before it was begun: {what} (job {job})"),
    "core.account_added": _("Account made"),
    "core.hash_renewed": _("Password stored in a newer way"),
    "core.keys_rotated": _("{count} rows encrypted anew with the key {key}"),
    "core.upgraded": _("{count} rows have the columns of a new version"),
    "core.let_in": _("Account “{account}” let in again after failed sign-ins"),
    "core.locked": _("Account “{account}” locked after {failures} failed sign-ins"),
    "core.password_changed": _("Password changed"),
    "assistance.account_read": _("Account of an assistance read: {purpose}"),
    "assistance.agreed": _("Agreement on an assistance recorded"),
    "assistance.begun": _("Assistance begun"),
    "assistance.bought": _("Receipt {receipt} of an assistance entered"),
    "assistance.code_issued": _("One-time code for an assistance made"),
    "assistance.code_used": _("One-time code for an assistance used"),
    "assistance.committed": _("Commitment letter recorded"),
    "assistance.decreed": _("Decree on an assistance recorded"),
    "assistance.difference_closed": _("Difference between bank and books closed: {word}"),
    "assistance.entitlement_added": _("Entitlement added"),
    "assistance.handed_over": _("Hand-over of an assistance recorded"),
    "assistance.paid": _("Assistance disbursed"),
    "assistance.paper_read": _("Paper of an assistance looked at ({row})"),
    "assistance.pledged": _("Integrity pact recorded"),
    "assistance.proposed": _("Proposal for an assistance recorded"),
    "assistance.purchase_taken_back": _("Receipt {receipt} of an assistance taken back"),
    "assistance.received": _("Assistance confirmed in hand"),
    "assistance.refunded": _("Unspent assistance returned"),
    "assistance.rejected": _("Proposal for an assistance rejected"),
    "assistance.reported": _("Report on an assistance recorded"),
    "assistance.statement_matched": _("Bank statement matched: {matched} movements, {different} differences"),
    "assistance.statement_read": _("Bank statement read"),
    "assistance.taken_back": _("Step {step} of an assistance taken back"),
    "assistance.verified": _("Proposal for an assistance verified"),
    "enterprises.enterprise_added": _("Enterprise added"),
    "enterprises.enterprise_changed": _("Enterprise changed"),
    "enterprises.entry_added": _("Entry written into a cash book"),
    "enterprises.entry_reversed": _("Entry of a cash book taken back"),
    "enterprises.worker_added": _("Worker added"),
    "enterprises.worker_ended": _("End of a worker's work recorded"),
    "exchange.dumped": _("Programme written to a folder, {files} files"),
    "exchange.loaded": _("Folder loaded, {table}: {added} rows added, {changed} changed, {waiting} waiting"),
    "exchange.spreadsheet_discarded": _("Spreadsheet thrown away before it was stored, {table}"),
    "exchange.spreadsheet_read": _("Spreadsheet read, {table}: {count} rows, not stored yet"),
    "exchange.spreadsheet_stored": _("Rows of a spreadsheet stored, {table}: {added} added, {changed} changed"),
    "exchange.mentor_linked": _("Account “{account}” linked to a mentor"),
    "exchange.intake_brought": _("File with applicants brought"),
    "exchange.intake_checked": _("File with applicants checked: {count} rows, {faulty} faulty"),
    "exchange.intake_discarded": _("File with applicants thrown away"),
    "exchange.intake_faulty_read": _("Faulty rows of a file with applicants read, with full numbers"),
    "exchange.intake_mapped": _("Said what the columns of a file with applicants are"),
    "exchange.intake_stored": _("{people} applicants imported from a file"),
    "exchange.intake_undone": _("Import of {people} applicants undone"),
    "exchange.programme_added": _("Programme added from a folder"),
    "exchange.programme_changed": _("Programme changed by a folder"),
    "market.contract_added": _("Contract added"),
    "market.delivery_judged": _("Delivery judged"),
    "market.delivery_paid": _("Payment of a delivery recorded"),
    "market.delivery_recorded": _("Delivery recorded"),
    "market.outlook_made": _("Supply of the next three months computed"),
    "matching.dissolved": _("{groups} groups dissolved"),
    "matching.expert_added": _("Expert added"),
    "matching.expert_changed": _("Expert changed"),
    "matching.expert_lent": _("Expert lent for {hours} hours"),
    "matching.loan_cancelled": _("{hours} hours of an expert given back"),
    "matching.formed": _("{groups} groups formed with {members} members"),
    "matching.frozen": _("{people} participants frozen for the groups"),
    "matching.member_added": _("Member added to group {group}"),
    "matching.member_moved": _("Member moved from group {old} to {new}"),
    "matching.move_taken_back": _("Move taken back, from group {old} to {new}"),
    "matching.member_removed": _("Member taken out of the group"),
    "matching.mentor_added": _("Mentor added"),
    "matching.mentor_assigned": _("Another mentor given to the group"),
    "matching.mentor_changed": _("Mentor changed"),
    "matching.abilities_set": _("Abilities of a participant recorded"),
    "matching.wish_added": _("Wish entered"),
    "matching.wish_removed": _("Wish removed"),
    "matching.mentor_left": _("Mentor left; {groups} groups got another"),
    "matching.rematched": _("Groups matched anew; {people} people have another group"),
    "matching.officers_set": _("Officers of the group recorded"),
    "mentoring.photo_read": _("Photo of a visit looked at"),
    "mentoring.expert_asked": _("Expert asked for participant {applicant}"),
    "mentoring.follow_up_finished": _("Said what came of a follow-up: {outcome}"),
    "mentoring.problem_noted": _("Problem of participant {applicant} noted"),
    "mentoring.problem_settled": _("Problem settled: {outcome}"),
    "mentoring.recommendation_made": _("Recommendation made for participant {applicant}"),
    "mentoring.report_frozen": _("Performance report of a mentor frozen"),
    "mentoring.step_agreed": _("Step of the action plan agreed with participant {applicant}"),
    "mentoring.visit_answered": _("Entry of the logbook answered and sent again: {answer}"),
    "mentoring.visit_approved": _("Entry of the logbook approved"),
    "mentoring.visit_changed": _("Draft of the logbook changed"),
    "mentoring.visit_confirmed": _("Participant {applicant} says that a visit took place"),
    "mentoring.visit_corrected": _("Visit corrected, because: {why}"),
    "mentoring.visit_denied": _("Participant {applicant} says that a visit did not take place"),
    "mentoring.visit_logged": _("Visit to group {group} recorded"),
    "mentoring.visit_rejected": _("Entry of the logbook rejected, because: {note}"),
    "mentoring.visit_returned": _("Entry of the logbook returned, because: {note}"),
    "outcomes.effect_estimated": _("Effect of the programme estimated in round {round}"),
    "outcomes.measured": _("Measurement recorded"),
    "outcomes.plan_registered": _("Analysis plan of the effect registered"),
    "outcomes.round_frozen": _("Measurement round closed with {measured} people measured"),
    "outcomes.rounds_planned": _("Measurement rounds planned"),
    "partners.account_linked": _("Account “{account}” linked to an organisation"),
    "partners.account_unlinked": _("Account “{account}” taken from an organisation"),
    "partners.attendance_recorded": _("Attendance at a meeting recorded"),
    "partners.attendance_removed": _("Attendance of {name} at a meeting removed"),
    "partners.commitment_added": _("Commitment added"),
    "partners.commitment_changed": _("Commitment changed"),
    "partners.delivery_recorded": _("Delivery of a commitment recorded"),
    "partners.meeting_added": _("Meeting added"),
    "partners.meeting_changed": _("Meeting changed"),
    "partners.minutes_recorded": _("Minutes of a meeting recorded"),
    "partners.organisation_added": _("Organisation added"),
    "partners.organisation_changed": _("Organisation changed"),
    "programmes.key_made": _("Key “{name}” for programs made"),
    "programmes.key_revoked": _("Key “{name}” for programs taken back"),
    "programmes.milestone_changed": _("Calendar changed"),
    "programmes.quotas_set": _("Quotas or seats of fields changed"),
    "programmes.role_given": _("Role “{role}” given to account “{user}”"),
    "programmes.role_taken": _("Role “{role}” taken from account “{user}”"),
    "reports.decree_taken": _("Decree taken as PDF"),
    "reports.mentor_report_taken": _("Performance report of a mentor taken as {form}"),
    "reports.minutes_taken": _("Minutes of the draw taken as PDF"),
    "reports.verification_minutes_taken": _("Minutes of the verification taken as PDF, with {people} people"),
    "reports.participants_taken": _("List of participants taken as {form}"),
    "selection.accepted": _("Seat accepted"),
    "selection.cancelled": _("Frozen pool cancelled, because: {reason}"),
    "selection.declined": _("Seat declined"),
    "selection.decree_drafted": _("Decree drafted with {people} people"),
    "selection.decree_signed": _("Decree signed"),
    "selection.drawn": _("Draw held: {seats} seats"),
    "selection.value_entered": _("Public value “{public_value}” entered"),
    "selection.value_taken_back": _("Public value “{public_value}” taken back, because: {reason}"),
    "selection.exception_added": _("Exception from the draw entered, because: {reason}"),
    "selection.exception_confirmed": _("Exception from the draw confirmed"),
    "selection.exception_doubted": _("Confirmation of an exception from the draw taken back, because: {reason}"),
    "selection.exception_removed": _("Exception from the draw for {applicant} removed, because: {reason}"),
    "selection.frozen": _("Pool of {people} people frozen"),
    "selection.reserve_called": _("Somebody called from the waiting list"),
    "selection.withdrawn": _("Participant left the programme, because: {note}"),
    "training.feedback_given": _("Feedback on a module given, without what it says"),
    "training.scored": _("Points of group {group} recorded"),
    "training.attendance_recorded": _("Attendance at a session recorded"),
    "training.card_revoked": _("Card of a participant revoked: {reason}"),
    "training.card_scanned": _("Card scanned at a session"),
    "training.cards_taken": _("Cards of {cards} participants taken as PDF"),
    "training.certificate_revoked": _("Certificate of the training revoked: {reason}"),
    "training.certificate_taken": _("Certificate of the training taken as PDF"),
    "training.certificates_issued": _("{certificates} certificates of the training issued"),
    "training.completion_rule_set": _("Rule set who completes the training"),
    "training.feed_made": _("Secret address of a calendar made"),
    "training.feed_revoked": _("Secret address of a calendar taken back"),
    "training.frozen": _("{sessions} sessions frozen for the timetable"),
    "training.make_up_agreed": _("Guest agreed who makes up session {missed}"),
    "training.module_added": _("Module added"),
    "training.module_changed": _("Module changed"),
    "training.room_added": _("Room added"),
    "training.room_changed": _("Room changed"),
    "training.session_cancelled": _("Session cancelled"),
    "training.session_moved": _("Session moved"),
    "training.sessions_held": _("{sessions} sessions marked as held"),
    "training.sheet_read": _("Attendance list {number} read from a photo, {unsure} rows not clear"),
    "training.sheet_stored": _("Attendance list {number} checked and stored"),
    "training.sheet_taken": _("Attendance list {number} taken as PDF"),
    "training.time_blocked": _("Time blocked for the training"),
    "training.time_unblocked": _("Blocked time {name} removed"),
    "training.timetable_cleared": _("Timetable cleared, {sessions} sessions removed"),
    "training.timetable_made": _("Timetable made with {sessions} sessions"),
    "areas.sectorfigure_added": _("Figure of a sector added"),
    "areas.sectorfigure_changed": _("Figure of a sector changed"),
    "areas.sectorfigure_removed": _("Figure of a sector removed: {name}"),
    "value_chain.activity_added": _("Activity added"),
    "value_chain.activity_changed": _("Activity changed"),
    "value_chain.activityflow_added": _("Input or output of an activity added"),
    "value_chain.activityflow_changed": _("Input or output of an activity changed"),
    "value_chain.activityflow_removed": _("Input or output of an activity removed"),
    "value_chain.activity_removed": _("Activity removed: {removed}"),
    "value_chain.activityplace_added": _("Place added that suits an activity"),
    "value_chain.activityplace_changed": _("Place that suits an activity changed"),
    "value_chain.activityplace_removed": _("Place taken from an activity"),
    "value_chain.activityseason_added": _("Season calendar of an activity added"),
    "value_chain.activityseason_changed": _("Season calendar of an activity changed"),
    "value_chain.activityseason_removed": _("Season calendar of an activity removed"),
    "value_chain.activityskill_added": _("Skill added that an activity needs"),
    "value_chain.activityskill_changed": _("Skill that an activity needs changed"),
    "value_chain.activityskill_removed": _("Skill taken from an activity"),
    "value_chain.activityresource_added": _("Use of a resource added to an activity"),
    "value_chain.activityresource_changed": _("Use of a resource by an activity changed"),
    "value_chain.activityresource_removed": _("Use of a resource taken from an activity"),
    "value_chain.commodity_added": _("Commodity added"),
    "value_chain.commodity_changed": _("Commodity changed"),
    "value_chain.commodity_removed": _("Commodity removed: {removed}"),
    "value_chain.price_added": _("Price of a commodity added"),
    "value_chain.price_changed": _("Price of a commodity changed"),
    "value_chain.price_removed": _("Price of a commodity removed"),
    "value_chain.demand_removed": _("Demand removed: {removed}"),
    "value_chain.existingenterprise_added": _("Enterprises that exist added"),
    "value_chain.existingenterprise_changed": _("Enterprises that exist changed"),
    "value_chain.existingenterprise_removed": _("Enterprises that exist removed: {removed}"),
    "value_chain.localmarket_added": _("Step of a local market added"),
    "value_chain.localmarket_changed": _("Step of a local market changed"),
    "value_chain.localmarket_removed": _("Step of a local market removed: {removed}"),
    "value_chain.storage_added": _("Storage added"),
    "value_chain.storage_changed": _("Storage changed"),
    "value_chain.storage_removed": _("Storage removed: {removed}"),
    "value_chain.supplier_added": _("Supplier added"),
    "value_chain.supplier_changed": _("Supplier changed"),
    "value_chain.supplier_removed": _("Supplier removed: {removed}"),
    "value_chain.demand_added": _("Demand added"),
    "value_chain.demand_changed": _("Demand changed"),
    "value_chain.plan_adopted": _("Plan adopted"),
    "value_chain.plan_frozen": _("Input of a plan frozen"),
    "value_chain.plan_solved": _("Plan computed"),
    "value_chain.plan_compared": _("Scenarios of the plan compared"),
    "value_chain.robust_plan_found": _("Enterprises sought that hold in the worst scenario"),
}
"""What a verb says; the gaps are filled from the entry's data."""
TABLE_NAMES = {
    "programme": _("The programme"),
    "fields": _("Fields"),
    "rule_sets": _("Rule sets"),
    "rules": _("Rules of the rule sets"),
    "need_bands": _("Need bands"),
    "quotas": _("Quotas"),
    "milestones": _("Calendar"),
    "organisations": _("Organisations"),
    "meetings": _("Meetings"),
    "meeting_attendance": _("Attendance of meetings"),
    "commitments": _("Commitments"),
    "places": _("Places"),
    "boundaries": _("Boundaries of places"),
    "sectors": _("Sectors"),
    "resource_kinds": _("Kinds of resources"),
    "resources": _("Resources"),
    "asset_indicators": _("Indicators of the capitals"),
    "asset_values": _("Values of the indicators of the capitals"),
    "commodities": _("Commodities"),
    "prices": _("Prices"),
    "activities": _("Activities"),
    "activity_flows": _("Inputs and outputs of activities"),
    "activity_resources": _("Resources that activities use up"),
    "activity_seasons": _("Seasons of activities"),
    "activity_places": _("Places that suit activities"),
    "activity_skills": _("Skills that activities need"),
    "existing_enterprises": _("Enterprises that exist already"),
    "suppliers": _("Suppliers"),
    "local_markets": _("Local markets"),
    "storages": _("Storages"),
    "demands": _("Demands of buyers"),
    "plans": _("Plans"),
    "persons": _("Persons"),
    "applicants": _("Applicants"),
    "applicants_assessed": _("Assessments of applicants"),
    "living_samples": _("Samples of living"),
    "living_checks": _("Verified living"),
    "draw_exceptions": _("Exceptions from the draw"),
    "draws": _("Draws"),
    "answers": _("Answers to offers of seats"),
    "seats": _("Seats"),
    "decrees": _("Decrees"),
    "mentors": _("Mentors"),
    "experts": _("Experts"),
    "abilities": _("Abilities of participants"),
    "wishes": _("Wishes of participants"),
    "matchings": _("Matchings of groups and mentors"),
    "groups": _("Groups"),
    "group_members": _("Members of groups"),
    "rooms": _("Rooms"),
    "modules": _("Modules"),
    "timetables": _("Timetables"),
    "sessions": _("Sessions"),
    "attendances": _("Attendance of sessions"),
    "scores": _("Points before and after modules"),
    "visits": _("Visits"),
    "blocked_times": _("Blocked times"),
    "completion_rules": _("Rules who completes the training"),
    "visit_participants": _("Who was at which visit"),
    "entitlements": _("Entitlements"),
    "spending_rules": _("Spending rules"),
    "assistances": _("Assistance"),
    "assistance_steps": _("Steps of the assistance"),
    "budget_lines": _("Budgets (RAB)"),
    "assistance_purchases": _("Receipts of the assistance"),
    "assistance_items": _("What receipts paid for"),
    "enterprises": _("Enterprises"),
    "workers": _("Workers"),
    "cash_entries": _("Cash books"),
    "contracts": _("Contracts"),
    "deliveries": _("Deliveries"),
    "rounds": _("Measurement rounds"),
    "measurements": _("Measurements"),
    "analysis_plans": _("Analysis plans of the effect"),
}
"""What the tables of a folder are called; where they are listed stands above this stage."""

GAP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Subject:
    """How a row that an entry is about is named, and where it is shown; names and codes are paths of attributes."""

    model: type[models.Model]
    route: str
    code: str = ""
    name: str = ""
    related: tuple[str, ...] = ()


SUBJECTS = {
    subject.model._meta.label: subject
    for subject in (
        Subject(Programme, "programmes:programme"),
        Subject(Membership, "programmes:roles", name="user", related=("user",)),
        Subject(Milestone, "programmes:programme"),
        Subject(RuleSet, "applicants:rule_set", "id"),
        Subject(Organisation, "partners:organisation", "code"),
        Subject(Commitment, "partners:commitments"),
        Subject(Meeting, "partners:meeting", "code"),
        Subject(MeetingAttendance, "partners:meeting", "meeting.code", related=("meeting",)),
        Subject(Resource, "areas:resource", "code"),
        Subject(ResourceKind, "areas:kinds"),
        Subject(SectorFigure, "areas:sector_figures"),
        Subject(AssetIndicator, "areas:asset_indicators"),
        Subject(AssetValue, "areas:asset_values", related=("indicator", "place")),
        Subject(Commodity, "value_chain:commodity", "code"),
        Subject(Price, "value_chain:commodity", "commodity.code", related=("commodity",)),
        Subject(Activity, "value_chain:activity", "code"),
        Subject(ActivityFlow, "value_chain:activity", "activity.code", related=("activity", "commodity")),
        Subject(ActivityResource, "value_chain:activity", "activity.code", related=("activity", "resource")),
        Subject(ActivitySeason, "value_chain:activity", "activity.code", related=("activity",)),
        Subject(ActivityPlace, "value_chain:activity", "activity.code", related=("activity", "place")),
        Subject(ActivitySkill, "value_chain:activity", "activity.code", related=("activity",)),
        Subject(ExistingEnterprise, "value_chain:existing_enterprises", related=("activity", "place")),
        Subject(Supplier, "value_chain:suppliers", related=("organisation", "commodity", "place")),
        Subject(LocalMarket, "value_chain:local_markets", related=("commodity", "place")),
        Subject(Storage, "value_chain:storages", related=("commodity",)),
        Subject(Demand, "value_chain:demands", related=("offtaker", "commodity")),
        Subject(Plan, "value_chain:plan", "code"),
        Subject(Person, "reports:accounts"),
        Subject(Applicant, "reports:case_file", "code", name="person", related=("person",)),
        Subject(Objection, "applicants:objection", "id", name="applicant.person", related=("applicant__person",)),
        Subject(AppliedGroup, "applicants:applied_groups"),
        Subject(AppliedMember, "applicants:applied_groups", name="applicant.person", related=("applicant__person",)),
        Subject(Verification, "applicants:verification", "id", "applicant.person", ("applicant__person",)),
        Subject(ProposedChange, "applicants:change", "id", "applicant.person", ("applicant__person",)),
        Subject(Closeness, "reports:case_file", "applicant.code", "applicant.person", ("applicant__person",)),
        Subject(OwnCard, "applicants:verifications", name="user", related=("user",)),
        Subject(Appraisal, "applicants:idea", "applicant.code", "applicant.person", ("applicant__person",)),
        Subject(ViabilityScheme, "applicants:viability_weights"),
        Subject(LivingSample, "applicants:sample", "code"),
        Subject(LivingCheck, "applicants:sample", "sample.code", "applicant.person", ("sample", "applicant__person")),
        Subject(PublicForm, "applicants:public_form"),
        Subject(PossibleDouble, "applicants:pair", "id", related=("first", "second")),
        Subject(Draw, "selection:selection"),
        Subject(DrawException, "selection:exceptions", name="applicant.person", related=("applicant__person",)),
        Subject(Seat, "reports:case_file", "applicant.code", "applicant.person", ("applicant__person",)),
        Subject(Decree, "selection:decree"),
        Subject(Mentor, "matching:mentor", "code"),
        Subject(Expert, "matching:expert", "code"),
        Subject(Loan, "matching:expert", "expert.code", related=("expert",)),
        Subject(Vote, "matching:group", "group.code", related=("group",)),
        Subject(Ballot, "matching:group", "vote.group.code", "applicant.person", ("vote__group", "applicant__person")),
        Subject(Matching, "matching:certificate", "code"),
        Subject(Group, "matching:group", "code"),
        Subject(GroupMember, "matching:group", "group.code", "applicant.person", ("group", "applicant__person")),
        Subject(Ability, "matching:wishes", name="applicant.person", related=("applicant__person",)),
        Subject(Wish, "matching:wishes", name="applicant.person", related=("applicant__person",)),
        Subject(BlockedTime, "training:blocked_times"),
        Subject(Score, "training:assessments", name="applicant.person", related=("applicant__person",)),
        Subject(FeedbackGiven, "training:assessments", name="applicant.person", related=("applicant__person",)),
        Subject(Room, "training:rooms"),
        Subject(Module, "training:modules"),
        Subject(Timetable, "training:timetable"),
        Subject(Session, "training:session", "code"),
        Subject(CompletionRule, "training:completion_rule"),
        Subject(Card, "training:participant", "applicant.code", "applicant.person", ("applicant__person",)),
        Subject(Certificate, "training:certificates", name="name"),
        Subject(Sheet, "training:check_sheet", "number"),
        Subject(SheetPage, "training:check_sheet", "sheet.number", "sheet", ("sheet",)),
        Subject(Visit, "mentoring:visit", "code"),
        Subject(ActionStep, "mentoring:person", "applicant.code", "applicant.person", ("applicant__person",)),
        Subject(Recommendation, "mentoring:person", "applicant.code", "applicant.person", ("applicant__person",)),
        Subject(ExpertRequest, "mentoring:person", "applicant.code", "applicant.person", ("applicant__person",)),
        Subject(ProblemCase, "mentoring:problems", name="applicant.person", related=("applicant__person",)),
        Subject(MentorReport, "reports:mentor_report", "mentor.code", related=("mentor",)),
        Subject(Assistance, "assistance:assistance", "code", related=("group", "receiver__person")),
        Subject(Entitlement, "assistance:entitlements"),
        Subject(Statement, "assistance:statement", "id"),
        Subject(Enterprise, "enterprises:enterprise", "code"),
        Subject(Worker, "enterprises:enterprise", "enterprise.code", related=("enterprise",)),
        Subject(CashEntry, "enterprises:cash_book", "enterprise.code", "what", ("enterprise",)),
        Subject(Contract, "market:contract", "code"),
        Subject(Delivery, "market:contract", "contract.code", related=("contract",)),
        Subject(Outlook, "market:supply"),
        Subject(Round, "outcomes:round", "code"),
        Subject(Measurement, "outcomes:round", "round.code", "applicant.person", ("round", "applicant__person")),
        Subject(AnalysisPlan, "outcomes:effect"),
        Subject(Estimate, "outcomes:effect"),
    )
}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the log, for one reader."""

    entry: LogEntry
    what: Text
    about: str
    address: str


def lines(request: HttpRequest, entries: Iterable[LogEntry]) -> list[Line]:
    """The entries with their sentences and subjects; a link where the reader may open what it leads to."""
    entries = list(entries)
    rows = _rows(entries)
    return [_line(request, entry, rows.get(_key(entry))) for entry in entries]


def verbs_saying(words: str) -> list[str]:
    """The verbs whose sentence, in the reader's language, has these words."""
    return [verb for verb, sentence in SENTENCES.items() if words.lower() in gettext(sentence).lower()]


def _key(entry: LogEntry) -> tuple[str, str]:
    """The table and the key of the row that an entry is about."""
    label, _colon, rest = entry.subject.partition(":")
    return label, rest.partition(" ")[0]


def _rows(entries: list[LogEntry]) -> dict[tuple[str, str], models.Model]:
    """The subjects that are still there, one query a table."""
    keys = defaultdict(set)
    for label, key in map(_key, entries):
        keys[label].add(key)
    return {
        (label, str(row.pk)): row
        for label, pks in keys.items()
        if label in SUBJECTS
        for row in SUBJECTS[label].model._base_manager.filter(pk__in=pks).select_related(*SUBJECTS[label].related)
    }


def _line(request: HttpRequest, entry: LogEntry, row: models.Model | None) -> Line:
    sentence = SENTENCES[entry.verb]
    what = Text(sentence, {gap: _value(gap, entry.data.get(gap)) for gap in GAP.findall(sentence)})
    if row is None:
        return Line(entry, what, entry.subject.partition(" ")[2], "")
    subject = SUBJECTS[row._meta.label]
    arguments = [_at(row, subject.code)] if subject.code else []
    address = ""
    if may_open(request, subject.route, *arguments):
        address = reverse(subject.route, args=[request.programme.code, *arguments])  # type: ignore[attr-defined]
    return Line(entry, what, str(_at(row, subject.name) if subject.name else row), address)


def _value(gap: str, value: Any) -> Any:
    """What fills a gap: a role or a table under its name."""
    if gap == "table" and value in TABLE_NAMES:
        return Text(TABLE_NAMES[value])
    return Text(Role(value).label) if gap == "role" and value in list(Role) else value


def _at(row: models.Model, path: str) -> Any:
    return reduce(getattr, path.split("."), row)
