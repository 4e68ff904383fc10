import pytest

from kawasan.matching import rules

STAYS = {
    "is_same_group": False,
    "is_same_field": True,
    "left_behind": 8,
    "size": 11,
    "least": 8,
    "most": 12,
    "is_officer": False,
}


def test_a_member_may_move_when_both_groups_stay_within_their_bounds():
    assert rules.reasons_member_stays(**STAYS) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"is_same_group": True}, "in this group already"),
        ({"is_same_field": False}, "another field"),
        ({"left_behind": 7}, "Only 7 members would stay"),
        ({"size": 12}, "has 12 members"),
        ({"is_officer": True}, "holds an office"),
    ],
)
def test_each_reason_against_a_move_is_said(change, words):
    reasons = rules.reasons_member_stays(**(STAYS | change))
    assert [words in str(reason) for reason in reasons] == [True]


def test_a_mentor_without_the_field_is_dearer_than_any_way_in_the_area():
    assert rules.mentor_cost(metres=0, knows_field=False) > rules.mentor_cost(metres=900_000, knows_field=True)


def test_the_reason_says_how_many_nearer_mentors_are_full():
    assert str(rules.reason_for_mentor(km=2.5, knows_field=True, full=2)).endswith("2.5 km (2 nearer, but full).")
    assert "nearer, but full" not in str(rules.reason_for_mentor(km=2.5, knows_field=True, full=0))


def test_a_mentor_is_full_at_the_limit_and_not_before():
    load = {"people": 20, "size": 10, "most_people": 30, "is_same": False}
    assert rules.reasons_mentor_full(groups=1, most_groups=2, **load) == []
    assert len(rules.reasons_mentor_full(groups=2, most_groups=2, **load)) == 1


def test_a_mentor_cannot_take_more_people_than_the_limit():
    reasons = rules.reasons_mentor_full(groups=0, people=21, size=10, most_groups=2, most_people=30, is_same=False)
    assert "there would be 31" in str(reasons[0])


def test_everything_that_is_missing_is_said_at_once():
    reasons = rules.reasons_not_ready(participants=0, mentors=0, groups=3, has_rule_set=False)
    assert len(reasons) == 4


def test_the_hash_of_an_input_does_not_depend_on_the_order_of_its_keys():
    assert rules.input_hash({"a": 1, "b": 2.5}) == rules.input_hash({"b": 2.5, "a": 1})


USUAL = {
    "participants": 9, "groups": 0, "is_frozen": False, "is_ready": True, "without_group": 0, "without_mentor": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"participants": 0}, "Wait until"),
        ({}, "Freeze the participants"),
        ({"is_ready": False}, "Complete what is missing"),
        ({"is_frozen": True}, "Form the groups"),
        ({"groups": 2, "without_group": 1}, "Put the participant without a group"),
        ({"groups": 2, "without_group": 2}, "Put 2 participants"),
        ({"groups": 2, "without_mentor": 1}, "Give the group without a mentor"),
        ({"groups": 2, "without_mentor": 2}, "Give 2 groups"),
    ],
)
def test_the_next_step_follows_from_the_state(state, words):
    assert words in str(rules.next_step(**(USUAL | state)))


def test_nothing_is_next_when_everybody_has_a_group_and_every_group_a_mentor():
    assert rules.next_step(**(USUAL | {"groups": 2})) is None
