"""Mathematics without a framework: arrays in, frozen dataclasses out. The methods are explained in docs/methods.

randomness   seed_of, order, integer_below            a public seed gives an order that anybody can repeat
lottery      check                                    whether a panel can meet every quota, and what conflicts
cells        cells_of                                 people who can be exchanged, and rows over them
panels       mixture, listed                          panels whose average is a given point
fairness     leximin, fairest_point                   chances as equal as quotas allow, and panels that give them
certificate  freeze, draw, call, verify               a draw that anybody can check from one file
planning     solve                                    seats per activity, flows and bottlenecks of a value chain
cycles       self_feeding                             activities that would make goods out of nothing
location     location_quotient, dynamic_location_quotient, classify, capital_scores
assignment   distance_km, form_groups, assign_mentors
timetable    timetable, clashes
solver, integer_solver                                linear and integer programmes by HiGHS
"""

from kawasan.engine import (
    assignment,
    cells,
    certificate,
    cycles,
    errors,
    fairness,
    integer_solver,
    location,
    lottery,
    panels,
    planning,
    randomness,
    solver,
    timetable,
)

__all__ = (
    "assignment",
    "cells",
    "certificate",
    "cycles",
    "errors",
    "fairness",
    "integer_solver",
    "location",
    "lottery",
    "panels",
    "planning",
    "randomness",
    "solver",
    "timetable",
)
