"""People: accounts, roles, teams, logging in."""
