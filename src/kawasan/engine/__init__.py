"""Mathematics without a framework: arrays in, frozen dataclasses out. The methods are explained in docs/methods.

``from kawasan.engine import lottery, fairness`` loads these two and what they need, and nothing else.

Draw
randomness      seed_of, digest, digests_in_order, by_digest, order, integer_below
                                                          a public seed gives what anybody can repeat
lottery         check                                     whether a panel can meet every quota, and what conflicts
fairness        fair_lottery                              chances as equal as quotas allow, and panels that give them
certificate_form  read, fault_of                          what a certificate may hold, and reading it
certificate     freeze, draw, call, verify, seats_now, hash_of, hashes_of, hash_as_drawn, commitment_of
                                                          a draw that anybody can check from one file
cells           cells_of                                  people who can be exchanged, and rows over them
aims            leximin_point, maximin_point, nash_point  what chances are made to be, cell by cell
mixture         mixture, part_given, reached_by           panels whose weighted average is a point, or a cut
peeling         peeled                                    a point taken apart into panels, face by face
panels          best_panel, herd, whole_near              one panel after the other, near a point
exchanges       exchanges_of                              steps from one panel to another
panel_list      listed                                    as many equally likely panels as asked for

Plan and train
chain           Chain, entries, routes, changed           what a plan is computed from
cycles          self_feeding                              activities that would make goods out of nothing
planning        solve                                     seats per activity and place, flows and bottlenecks of a chain
chain_program   build                                     the linear programme of a chain
chain_books     books                                     who earns what, and what moves where
bottlenecks     bottlenecks                               what limits a plan, and what more of it is worth
scenarios       compare, robust                           what if; one set of enterprises for the worst that may come
supply          supply                                    after the start: who could supply whom, what falls short
location        location_quotient, dynamic_location_quotient, classify, shift_share, growth_quadrant, capital_scores
ranking         rank_sensitivity                          how far a ranking depends on its weights
assignment      distance_km, form_groups, assign_mentors  groups that live near each other, and their mentors
reassignment    reassign, Rules, Limits                   who goes where, with the fewest changes and rules kept
nearest         assign_nearest                            very many people to mentors near them, with a bound
route           shortest_way                              in which order to visit places
timetable       timetable, clashes, Travel                sessions in rooms and hours, and what clashes
conflict        smallest_conflict                         which few limits of a timetable contradict one another
sheet           layout, read, cut                         attendance lists on paper, read back from a photo

Judge
targeting       measure, compare                          whether seats reach those in need, from a verified sample
agreement       agreement                                 how far people who judge the same things agree
recomputing     recompute                                 chances and list of a frozen draw made again, and compared
redraws         redraws                                   a frozen pool drawn again, as chance could have had it
impact          adjusted, naive, redrawn, corrected, bounds
                                                          what being drawn changed, and whether chance alone would do it
undrawn         difference_in_differences, weighted, chances, e_value
                                                          the same where no draw decided, which is weaker
disclosure      protect, attack, margins, dominated       which counts to withhold so that nobody is recognised
survival        survival                                  how long enterprises live, also of those that still do

Find people
names           comparable, plain_words, sound            Indonesian names without titles, in one spelling and order
linkage         find_pairs, estimate                      which rows are one person, by the chances of what agrees
linkage_people  find_people, people_model, prepared       the same for applications, with stored chances

Solvers
solver          solve, Solver, Corner, quiet_highs        linear and integer programmes made of arrays, by HiGHS
diving          dive                                      whole numbers near a continuous answer
integer_solver  solve_integer                             small integer programmes, checked in whole numbers
errors          EngineError, InvalidInputError, InfeasibleError
"""
