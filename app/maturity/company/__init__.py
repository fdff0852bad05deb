"""Where the company stands: heat map, departments, bands."""
