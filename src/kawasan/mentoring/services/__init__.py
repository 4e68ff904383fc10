"""What is done in mentoring: visits are logged, corrected, reviewed and confirmed."""

from kawasan.mentoring.services.canvas import print_canvas, write_block
from kawasan.mentoring.services.follow_up import agree, finish
from kawasan.mentoring.services.logbook import photos_of, take_logbook, who_was_there
from kawasan.mentoring.services.photos import read_photo, read_preview
from kawasan.mentoring.services.problems import note_problem, settle_problem
from kawasan.mentoring.services.reports import freeze_report, hash_of
from kawasan.mentoring.services.requests import answer_request, ask_visit, take_back_request
from kawasan.mentoring.services.review import confirm_visit, review
from kawasan.mentoring.services.visits import Added, correct_visit, log_visit, people_of
from kawasan.mentoring.services.way import short_way

__all__ = [
    "Added",
    "agree",
    "answer_request",
    "ask_visit",
    "confirm_visit",
    "correct_visit",
    "finish",
    "freeze_report",
    "hash_of",
    "log_visit",
    "note_problem",
    "people_of",
    "photos_of",
    "print_canvas",
    "read_photo",
    "read_preview",
    "review",
    "settle_problem",
    "short_way",
    "take_back_request",
    "take_logbook",
    "who_was_there",
    "write_block",
]
