"""How often what is looked for, without who looks. `noting` writes it down while somebody searches, `tally` counts that in
the worker, `queries` is what editors see of it; `personal` keeps out what looks like a person's data.
"""
