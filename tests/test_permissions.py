"""Who may open what. A new address fails here until somebody says who may use it."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kawasan.core.models import User
from kawasan.programmes.models import Programme
from kawasan.programmes.rules import EVERYBODY, FIELD_TEAM, MEMBERS, OFFICE, OUTSIDE, OVERSIGHT, Role

ANYONE, SIGNED_IN = "anyone", "signed in"
OPEN = (ANYONE,)  # a page of a programme that needs no account
MANAGER = (Role.MANAGER,)
PLANNERS = (Role.MANAGER, Role.PLANNER)
VERIFIERS = (Role.MANAGER, Role.VERIFIER)
REVEALERS = (*VERIFIERS, Role.AUDITOR)
SEE_PEOPLE = (*OFFICE, Role.AUDITOR)
SEE_NAMES = (*OFFICE, *OVERSIGHT)
TEAM = (*OFFICE, *FIELD_TEAM, *OVERSIGHT)
MENTORS = (Role.MANAGER, Role.MENTOR)

WHO_MAY: dict[str, str | tuple[Role, ...] | tuple[str]] = {
    "home": SIGNED_IN,
    "healthz": ANYONE,
    "check_draw": ANYONE,
    "public_draws": ANYONE,
    "public_certificate": ANYONE,
    "sign_in": ANYONE,
    "sign_out": ANYONE,
    "change_password": SIGNED_IN,
    "set_language": ANYONE,
    "programmes:programme": EVERYBODY,
    "programmes:milestone": MANAGER,
    "programmes:roles": MANAGER,
    "programmes:take_role": MANAGER,
    "programmes:let_in": MANAGER,
    "programmes:keys": EVERYBODY,
    "programmes:revoke_key": EVERYBODY,
    "programmes:jobs": OFFICE,
    "programmes:job": OFFICE,
    "programmes:cancel_job": OFFICE,
    "partners:organisations": MEMBERS,
    "partners:organisation": MEMBERS,
    "partners:commitments": MEMBERS,
    "partners:meetings": MEMBERS,
    "partners:meeting": MEMBERS,
    "partners:add_organisation": PLANNERS,
    "partners:change_organisation": PLANNERS,
    "partners:add_commitment": PLANNERS,
    "partners:change_commitment": PLANNERS,
    "partners:record_delivery": PLANNERS,
    "partners:add_meeting": PLANNERS,
    "partners:change_meeting": PLANNERS,
    "partners:record_minutes": PLANNERS,
    "partners:record_attendance": PLANNERS,
    "partners:remove_attendance": PLANNERS,
    "areas:area": EVERYBODY,
    "areas:potential": EVERYBODY,
    "areas:sector": EVERYBODY,
    "areas:assets": EVERYBODY,
    "areas:place_assets": EVERYBODY,
    "areas:resources": EVERYBODY,
    "areas:resources_csv": EVERYBODY,
    "areas:resources_xlsx": EVERYBODY,
    "areas:resource": EVERYBODY,
    "areas:photo": EVERYBODY,
    "areas:kinds": EVERYBODY,
    "areas:geojson": EVERYBODY,
    "areas:ogc": EVERYBODY,
    "areas:ogc_conformance": EVERYBODY,
    "areas:ogc_api": EVERYBODY,
    "areas:ogc_collections": EVERYBODY,
    "areas:ogc_collection": EVERYBODY,
    "areas:ogc_items": EVERYBODY,
    "areas:ogc_item": EVERYBODY,
    "areas:boundaries": PLANNERS,
    "areas:boundaries_geojson": EVERYBODY,
    "areas:store_boundaries": PLANNERS,
    "areas:remove_boundaries": PLANNERS,
    "areas:add_resource": PLANNERS,
    "areas:change_resource": PLANNERS,
    "areas:remove_resource": PLANNERS,
    "areas:set_photo": PLANNERS,
    "areas:remove_photo": PLANNERS,
    "areas:add_kind": PLANNERS,
    "areas:change_kind": PLANNERS,
    "areas:remove_kind": PLANNERS,
    "areas:sector_figures": EVERYBODY,
    "areas:add_sector_figure": PLANNERS,
    "areas:change_sector_figure": PLANNERS,
    "areas:remove_sector_figure": PLANNERS,
    "areas:asset_indicators": EVERYBODY,
    "areas:add_asset_indicator": PLANNERS,
    "areas:change_asset_indicator": PLANNERS,
    "areas:remove_asset_indicator": PLANNERS,
    "areas:asset_values": EVERYBODY,
    "areas:add_asset_value": PLANNERS,
    "areas:change_asset_value": PLANNERS,
    "areas:remove_asset_value": PLANNERS,
    "value_chain:chain": EVERYBODY,
    "value_chain:plan": EVERYBODY,
    "value_chain:compare_plans": EVERYBODY,
    "value_chain:activities": EVERYBODY,
    "value_chain:activity": EVERYBODY,
    "value_chain:commodities": EVERYBODY,
    "value_chain:demands": EVERYBODY,
    "value_chain:make_plan": PLANNERS,
    "value_chain:adopt_plan": PLANNERS,
    "value_chain:new_plan": PLANNERS,
    "value_chain:compare_plan": PLANNERS,
    "value_chain:find_robust_plan": PLANNERS,
    "value_chain:add_activity": PLANNERS,
    "value_chain:change_activity": PLANNERS,
    "value_chain:add_flow": PLANNERS,
    "value_chain:change_flow": PLANNERS,
    "value_chain:remove_flow": PLANNERS,
    "value_chain:add_resource_use": PLANNERS,
    "value_chain:change_resource_use": PLANNERS,
    "value_chain:remove_resource_use": PLANNERS,
    "value_chain:add_commodity": PLANNERS,
    "value_chain:change_commodity": PLANNERS,
    "value_chain:add_demand": PLANNERS,
    "value_chain:change_demand": PLANNERS,
    "value_chain:remove_demand": PLANNERS,
    "value_chain:remove_activity": PLANNERS,
    "value_chain:add_season": PLANNERS,
    "value_chain:change_season": PLANNERS,
    "value_chain:remove_season": PLANNERS,
    "value_chain:add_place": PLANNERS,
    "value_chain:change_place": PLANNERS,
    "value_chain:remove_place": PLANNERS,
    "value_chain:add_skill": PLANNERS,
    "value_chain:change_skill": PLANNERS,
    "value_chain:remove_skill": PLANNERS,
    "value_chain:commodity": EVERYBODY,
    "value_chain:remove_commodity": PLANNERS,
    "value_chain:add_price": PLANNERS,
    "value_chain:change_price": PLANNERS,
    "value_chain:remove_price": PLANNERS,
    "value_chain:suppliers": EVERYBODY,
    "value_chain:add_supplier": PLANNERS,
    "value_chain:change_supplier": PLANNERS,
    "value_chain:remove_supplier": PLANNERS,
    "value_chain:existing_enterprises": EVERYBODY,
    "value_chain:add_existing_enterprise": PLANNERS,
    "value_chain:change_existing_enterprise": PLANNERS,
    "value_chain:remove_existing_enterprise": PLANNERS,
    "value_chain:local_markets": EVERYBODY,
    "value_chain:add_local_market": PLANNERS,
    "value_chain:change_local_market": PLANNERS,
    "value_chain:remove_local_market": PLANNERS,
    "value_chain:storages": EVERYBODY,
    "value_chain:add_storage": PLANNERS,
    "value_chain:change_storage": PLANNERS,
    "value_chain:remove_storage": PLANNERS,
    "applicants:apply": OPEN,
    "applicants:resume": OPEN,
    "applicants:leave": OPEN,
    "applicants:step": OPEN,
    "applicants:check": OPEN,
    "applicants:receipt": OPEN,
    "applicants:office_receipt": VERIFIERS,
    "applicants:public_form": MANAGER,
    "applicants:paper": REVEALERS,
    "applicants:office_paper": VERIFIERS,
    "applicants:own_paper": OPEN,
    "applicants:objections": REVEALERS,
    "applicants:objection": REVEALERS,
    "applicants:object": OPEN,
    "applicants:own_group": OPEN,
    "applicants:start_group": OPEN,
    "applicants:join_group": OPEN,
    "applicants:leave_group": OPEN,
    "applicants:set_officers": OPEN,
    "applicants:applied_groups": SEE_PEOPLE,
    "reports:own_application": OPEN,
    "reports:leave_own_application": OPEN,
    "applicants:applicants": SEE_PEOPLE,
    "applicants:applicant": SEE_PEOPLE,
    "applicants:export": SEE_PEOPLE,
    "applicants:reveal": (Role.MANAGER, Role.VERIFIER, Role.AUDITOR),
    "applicants:doubles": SEE_PEOPLE,
    "applicants:find": (Role.MANAGER, Role.VERIFIER, Role.AUDITOR),
    "applicants:trouble": SEE_PEOPLE,
    "applicants:rule_sets": EVERYBODY,
    "applicants:rule_set": EVERYBODY,
    "applicants:new_rule_set": MANAGER,
    "applicants:remove_rule_set": MANAGER,
    "applicants:what_if": SEE_PEOPLE,
    "applicants:seek": VERIFIERS,
    "applicants:pair": SEE_PEOPLE,
    "applicants:decide": VERIFIERS,
    "applicants:reopen": VERIFIERS,
    "applicants:reveal_pair": (Role.MANAGER, Role.VERIFIER, Role.AUDITOR),
    "applicants:new": (*VERIFIERS, Role.MENTOR),
    "applicants:own_receipt": OPEN,
    "applicants:assess": VERIFIERS,
    "applicants:correct": VERIFIERS,
    "selection:selection": EVERYBODY,
    "selection:pool": EVERYBODY,
    "selection:draw_json": EVERYBODY,
    "selection:announcement": EVERYBODY,
    "selection:seats": SEE_NAMES,
    "selection:decree": SEE_NAMES,
    "selection:quotas": OFFICE,
    "selection:exceptions": SEE_NAMES,
    "selection:add_exception": MANAGER,
    "selection:confirm_exception": VERIFIERS,
    "selection:doubt_exception": VERIFIERS,
    "selection:remove_exception": VERIFIERS,
    "selection:freeze": MANAGER,
    "selection:rehearsal": VERIFIERS,
    "selection:enter_value": MANAGER,
    "selection:take_value_back": VERIFIERS,
    "selection:draw": VERIFIERS,
    "selection:cancel": MANAGER,
    "selection:accept": VERIFIERS,
    "selection:decline": VERIFIERS,
    "selection:withdraw": VERIFIERS,
    "selection:call_reserve": VERIFIERS,
    "selection:draft": MANAGER,
    "selection:sign": MANAGER,
    "matching:groups": MEMBERS,
    "matching:group": TEAM,
    "matching:mentors": TEAM,
    "matching:mentor": TEAM,
    "matching:experts": TEAM,
    "matching:freeze": PLANNERS,
    "matching:form_groups": PLANNERS,
    "matching:dissolve": PLANNERS,
    "matching:officers": PLANNERS,
    "matching:assign_mentor": PLANNERS,
    "matching:add_member": PLANNERS,
    "matching:move_member": PLANNERS,
    "matching:remove_member": PLANNERS,
    "matching:add_mentor": PLANNERS,
    "matching:change_mentor": PLANNERS,
    "matching:add_expert": PLANNERS,
    "matching:change_expert": PLANNERS,
    "training:timetable": MEMBERS,
    "training:calendar": MEMBERS,
    "training:modules": MEMBERS,
    "training:rooms": MEMBERS,
    "training:attendance": TEAM,
    "training:session": TEAM,
    "training:record_attendance": (*PLANNERS, Role.MENTOR),
    "training:freeze": PLANNERS,
    "training:make_timetable": PLANNERS,
    "training:clear": PLANNERS,
    "training:reschedule": PLANNERS,
    "training:cancel_session": PLANNERS,
    "training:add_module": PLANNERS,
    "training:change_module": PLANNERS,
    "training:add_room": PLANNERS,
    "training:change_room": PLANNERS,
    "mentoring:visits": (*SEE_PEOPLE, Role.MENTOR),
    "mentoring:visit": (*SEE_PEOPLE, Role.MENTOR),
    "mentoring:log_visit": MENTORS,
    "mentoring:correct_visit": MENTORS,
    "enterprises:enterprises": TEAM,
    "enterprises:enterprise": TEAM,
    "enterprises:cash_book": TEAM,
    "enterprises:add_enterprise": MENTORS,
    "enterprises:change_enterprise": MENTORS,
    "enterprises:add_worker": MENTORS,
    "enterprises:end_worker": MENTORS,
    "enterprises:add_entry": MENTORS,
    "enterprises:reverse_entry": MENTORS,
    "market:market": (*TEAM, Role.OFFTAKER),
    "market:supply": TEAM,
    "market:compute_supply": PLANNERS,
    "market:contracts": TEAM,
    "market:contract": TEAM,
    "market:add_contract": (*PLANNERS, Role.MENTOR),
    "market:record_delivery": (*PLANNERS, Role.MENTOR),
    "market:judge_delivery": (*PLANNERS, Role.MENTOR),
    "market:record_payment": (*PLANNERS, Role.MENTOR),
    "outcomes:outcomes": EVERYBODY,
    "outcomes:rows": SEE_PEOPLE,
    "outcomes:round": (*SEE_PEOPLE, Role.MENTOR),
    "outcomes:measure": (Role.MANAGER, Role.VERIFIER, Role.MENTOR),
    "outcomes:plan_rounds": MANAGER,
    "outcomes:freeze_round": MANAGER,
    "reports:cockpit": EVERYBODY,
    "reports:map": EVERYBODY,
    "reports:map_pdf": EVERYBODY,
    "reports:chain_pdf": EVERYBODY,
    "reports:map_geojson": EVERYBODY,
    "reports:map_csv": EVERYBODY,
    "reports:my_page": OUTSIDE,
    "reports:accounts": MANAGER,
    "reports:link_person": MANAGER,
    "reports:unlink_person": MANAGER,
    "reports:link_organisation": MANAGER,
    "reports:unlink_organisation": MANAGER,
    "reports:case_file": SEE_PEOPLE,
    "reports:documents": SEE_NAMES,
    "reports:decree_pdf": SEE_NAMES,
    "reports:minutes_pdf": SEE_NAMES,
    "reports:announcement_pdf": EVERYBODY,
    "reports:announcement_csv": EVERYBODY,
    "reports:participants_pdf": SEE_NAMES,
    "reports:participants_xlsx": SEE_NAMES,
    "exchange:intakes": VERIFIERS,
    "exchange:intake_template": VERIFIERS,
    "exchange:intake": VERIFIERS,
    "exchange:map_intake": VERIFIERS,
    "exchange:store_intake": VERIFIERS,
    "exchange:undo_intake": VERIFIERS,
    "exchange:discard_intake": VERIFIERS,
    "exchange:faulty_rows": VERIFIERS,
    "exchange:spreadsheets": PLANNERS,
    "exchange:spreadsheet": PLANNERS,
    "exchange:template": PLANNERS,
    "exchange:rows": PLANNERS,
    "exchange:preview": PLANNERS,
    "exchange:discard": PLANNERS,
    "reports:log": (Role.MANAGER, *OVERSIGHT),
}


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            yield f"{namespace}{pattern.name}", pattern


ROUTES = dict(routes(get_resolver()))
IN_PROGRAMME = sorted(name for name in ROUTES if ":" in name)
NEEDS_ROWS = {"selection:pool", "selection:draw_json", "outcomes:rows"}  # 404 until there are some
WITHOUT_CODE = [name for name in IN_PROGRAMME if "<" not in str(ROUTES[name].pattern) and WHO_MAY[name] != OPEN]


def test_every_address_is_in_the_table_and_no_other() -> None:
    assert set(WHO_MAY) == set(ROUTES)


@pytest.mark.parametrize("name", IN_PROGRAMME)
def test_the_view_asks_for_the_roles_of_the_table(name: str) -> None:
    assert getattr(ROUTES[name].callback, "roles", None) == frozenset(WHO_MAY[name])


@pytest.mark.django_db
@pytest.mark.parametrize("name", WITHOUT_CODE)
def test_strangers_are_told_nothing_and_colleagues_without_the_role_are_refused(
    name: str, programme: Programme, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    address = reverse(name, args=[programme.code])
    assert client_of(cast["fajar"]).get(address).status_code in (404, 405)
    assert Client().get(address).status_code in (302, 401, 405)
    for user in cast.values():
        roles = {Role(m.role) for m in user.memberships.filter(programme=programme)}
        if roles and not roles & set(WHO_MAY[name]):
            assert client_of(user).get(address).status_code in (403, 405), user


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in WITHOUT_CODE if name not in NEEDS_ROWS])
def test_whoever_may_open_a_page_of_an_empty_programme_can(
    name: str, programme: Programme, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    address = reverse(name, args=[programme.code])
    for user in cast.values():
        if {Role(m.role) for m in user.memberships.filter(programme=programme)} & set(WHO_MAY[name]):
            assert client_of(user).get(address).status_code in (200, 405, 422), user
