"""Seen from above: seats offered, filled, waited for, attended, missed."""
