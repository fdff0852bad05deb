"""A team asks for a coach; who it is offered to, and the clock."""
