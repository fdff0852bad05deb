"""Who has a place: the one machine through which every seat is taken, offered, given back."""
