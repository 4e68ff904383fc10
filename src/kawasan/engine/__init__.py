"""Mathematics without a framework: arrays in, frozen dataclasses out. The methods are explained in docs/methods.

randomness   seed_of, order, integer_below            a public seed gives an order that anybody can repeat
lottery      check                                    whether a panel can meet every quota, and what conflicts
cells        cells_of                                 people who can be exchanged, and rows over them
panels       mixture, listed                          panels whose average is a given point
fairness     leximin, fairest_point                   chances as equal as quotas allow, and panels that give them
certificate  freeze, draw, call, verify               a draw that anybody can check from one file
chain        Chain and its tables                     what a plan is computed from
planning     solve                                    seats per activity and place, flows and bottlenecks of a chain
chain_program, chain_books, bottlenecks               the programme of a chain; who earns what; what limits it
scenarios    compare, robust                          what if; one set of enterprises for the worst that may come
supply       supply                                   after the start: who could supply whom, what falls short
location     location_quotient, dynamic_location_quotient, classify, capital_scores
assignment   distance_km, form_groups, assign_mentors
timetable    timetable, clashes
solver, integer_solver                                linear and integer programmes by HiGHS
"""

from kawasan.engine import (
    assignment,
    bottlenecks,
    cells,
    certificate,
    chain,
    chain_books,
    chain_program,
    errors,
    fairness,
    integer_solver,
    location,
    lottery,
    panels,
    planning,
    randomness,
    scenarios,
    solver,
    supply,
    timetable,
)

__all__ = (
    "assignment",
    "bottlenecks",
    "cells",
    "certificate",
    "chain",
    "chain_books",
    "chain_program",
    "errors",
    "fairness",
    "integer_solver",
    "location",
    "lottery",
    "panels",
    "planning",
    "randomness",
    "scenarios",
    "solver",
    "supply",
    "timetable",
)
