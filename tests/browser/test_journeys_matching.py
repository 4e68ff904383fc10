"""A coordinator moves people by keyboard, is told which rule forbids a move, and loses a mentor in week three."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kawasan.matching.models import Group, GroupMember, Wish
from kawasan.programmes.models import Programme

pytestmark = pytest.mark.usefixtures("example")
SignedIn = Callable[..., BrowserContext]
SEND_WITH_REASON = """() => {
    const form = document.querySelector("main form[method=post]");
    form.querySelectorAll("[name=why]").forEach((node) => node.remove());
    form.insertAdjacentHTML("beforeend", '<input name="why" value="Tetap saja">');
    form.submit();
}"""


@pytest.fixture(scope="module")
def programme(example: str) -> Programme:
    return Programme.objects.get(code=example)


def full_group(programme: Programme) -> tuple[Group, Group]:
    """A group that can spare a member, and another of its field that has room for one."""
    groups = list(programme.groups.with_size().select_related("field", "mentor"))
    return next(
        (giving, taking)
        for giving in groups
        for taking in groups
        if giving.pk != taking.pk and giving.field_id == taking.field_id and giving.size > 8 and taking.size < 12
    )


def by_keyboard(page: Page, name: str, *, role: str = "link") -> None:
    """Tab until something is in focus, then press Enter: nobody needs a mouse for it."""
    wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    for _tab in range(150):
        page.keyboard.press("Tab")
        if wanted.evaluate("node => node === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} is not reached with the keyboard")


def test_a_coordinator_moves_somebody_with_the_keyboard_alone_and_takes_it_back(
    signed_in: SignedIn, programme: Programme
) -> None:
    giving, taking = full_group(programme)
    member = giving.members.filter(role="member").select_related("applicant__person").last()
    assert member is not None
    name = member.applicant.person.name
    page = signed_in("ani", language="en").new_page()
    page.goto(f"/p/{programme.code}/matching/board/?field={giving.field.code}")
    by_keyboard(page, f"Move {name}")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Move {name}")
    choice = page.locator("li", has=page.get_by_role("radio", name=taking.name))
    expect(choice).to_contain_text("all in all")
    assert GroupMember.objects.get(pk=member.pk).group_id == giving.pk  # the cost is shown before anything is stored
    page.get_by_role("radio", name=taking.name).focus()
    page.keyboard.press("Space")
    page.get_by_label("Why", exact=True).focus()
    page.keyboard.type("Sepupunya ada di sana")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="The member was moved.")).to_be_visible()
    assert GroupMember.objects.get(pk=member.pk).group_id == taking.pk
    expect(page.get_by_role("main")).to_contain_text("Sepupunya ada di sana")
    by_keyboard(page, f"Take the move of {name} back", role="button")
    expect(page.get_by_role("status").filter(has_text="The move was taken back.")).to_be_visible()
    assert GroupMember.objects.get(pk=member.pk).group_id == giving.pk


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_move_that_a_rule_forbids_is_refused_with_the_rule(
    signed_in: SignedIn, programme: Programme, has_javascript: bool
) -> None:
    giving, taking = full_group(programme)
    members = giving.members.filter(role="member").select_related("applicant__person")
    member, other = members[0], taking.members.select_related("applicant__person")[0]
    wish, _made = Wish.objects.get_or_create(
        programme=programme,
        code="W900",
        defaults={"applicant": member.applicant, "kind": "apart", "other": other.applicant, "source": "synthetic"},
    )
    page = signed_in("ani", language="en", width=360, java_script_enabled=has_javascript).new_page()
    page.goto(f"/p/{programme.code}/matching/board/{wish.applicant.group_memberships.get().pk}/?to={taking.pk}")
    sentence = f"{member.applicant.person.name} and {other.applicant.person.name} asked not to be in one group."
    expect(page.locator("li", has_text=taking.name)).to_contain_text(sentence)
    expect(page.get_by_role("radio", name=taking.name)).to_be_disabled()
    if has_javascript:
        page.get_by_role("radio", name=taking.name).evaluate("node => { node.disabled = false; node.checked = true }")
        page.evaluate(SEND_WITH_REASON)
        expect(page.get_by_role("alert")).to_contain_text(sentence)
    assert GroupMember.objects.get(pk=member.pk).group_id == giving.pk


def test_a_name_is_dragged_to_another_group(signed_in: SignedIn, programme: Programme) -> None:
    giving, taking = full_group(programme)
    member = giving.members.filter(role="member").select_related("applicant__person")[1]
    page = signed_in("ani", language="en").new_page()
    page.goto(f"/p/{programme.code}/matching/board/?field={giving.field.code}")
    name, group = page.locator(f"[data-move$='/board/{member.pk}/']"), page.locator(f"[data-group='{taking.pk}']")
    name.drag_to(group, target_position={"x": 40, "y": 20})
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Move {member.applicant.person.name}")
    expect(page.get_by_role("radio", name=taking.name)).to_be_checked()


def test_when_a_mentor_is_lost_only_that_mentor_s_groups_change(signed_in: SignedIn, programme: Programme) -> None:
    mentor = programme.mentors.get(code="M2")
    before = dict(programme.groups.values_list("code", "mentor__code"))
    page = signed_in("ani", language="en").new_page()
    page.goto(f"/p/{programme.code}/matching/mentors/M2/")
    page.get_by_role("link", name="This mentor leaves").click()
    rows = page.get_by_role("region", name="Changes").get_by_role("row")
    expect(rows).to_have_count(1 + sum(code == "M2" for code in before.values()))
    page.get_by_label("Why", exact=True).fill("Pindah tugas di pekan ketiga")
    page.get_by_role("button", name="Confirm the changes").click()
    expect(page.get_by_role("status").filter(has_text=f"{mentor.name} left")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Proven: 0 changes of those who stay are the fewest")
    after = dict(programme.groups.values_list("code", "mentor__code"))
    assert {code for code in before if before[code] != after[code]} == {c for c in before if before[c] == "M2"}
    assert "M2" not in after.values()
