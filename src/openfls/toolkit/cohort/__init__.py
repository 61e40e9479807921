"""The Fracture Liaison Service model: what happens to one year's caseload, in half-year cycles.

`population` says who they are and how they die without a second fracture; `risk` how often they break
something again and what a drug changes; `stepper` moves them all, over every stratum and draw at once;
`dense` writes one stratum as a general `CohortModel`, so that the stepper is checked against the engine and
the engine against individuals.
"""
