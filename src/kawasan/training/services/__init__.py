"""What can be done with the timetable, its sessions, the attendance and what follows from it."""

from kawasan.training.services.assessment import give_feedback, record_scores
from kawasan.training.services.attendance import make_up, mark_held, reasons_not_briefed, record_attendance, scan_card
from kawasan.training.services.cards import card_marks, make_own_card, revoke_card, take_cards
from kawasan.training.services.certificates import (
    issue_certificate_again,
    issue_certificates,
    revoke_certificate,
    take_certificate,
)
from kawasan.training.services.changes import (
    add_equipment,
    add_module,
    add_room,
    add_session,
    block_time,
    cancel_session,
    change_equipment,
    change_module,
    change_room,
    clear_timetable,
    hand_over,
    reschedule,
    set_completion_rule,
    set_travel_speed,
    take_back_cancellation,
    take_back_move,
    unblock_time,
)
from kawasan.training.services.clashes import Surroundings, clashes_of, clashing
from kawasan.training.services.feeds import Owner, make_feed, revoke_feed
from kawasan.training.services.later import make_timetable_later
from kawasan.training.services.making import calendar, feed, freeze_timetable, make_timetable, person_feed
from kawasan.training.services.publishing import publish
from kawasan.training.services.sheets import read_sheet, row_picture, store_sheet, take_sheet

__all__ = (
    "Owner",
    "Surroundings",
    "add_equipment",
    "add_module",
    "add_room",
    "add_session",
    "block_time",
    "calendar",
    "cancel_session",
    "card_marks",
    "change_equipment",
    "change_module",
    "change_room",
    "clashes_of",
    "clashing",
    "clear_timetable",
    "feed",
    "freeze_timetable",
    "give_feedback",
    "hand_over",
    "issue_certificate_again",
    "issue_certificates",
    "make_feed",
    "make_own_card",
    "make_timetable",
    "make_timetable_later",
    "make_up",
    "mark_held",
    "person_feed",
    "publish",
    "read_sheet",
    "reasons_not_briefed",
    "record_attendance",
    "record_scores",
    "reschedule",
    "revoke_card",
    "revoke_certificate",
    "revoke_feed",
    "row_picture",
    "scan_card",
    "set_completion_rule",
    "set_travel_speed",
    "store_sheet",
    "take_back_cancellation",
    "take_back_move",
    "take_cards",
    "take_certificate",
    "take_sheet",
    "unblock_time",
)
