"""My team uses this: trying, using, standardised, with evidence, over time."""
