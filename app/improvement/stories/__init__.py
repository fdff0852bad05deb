"""The case study that a team can begin from what is known already."""
