"""The directory of coaches: who teaches what, at which level, in which language, and whether they have room."""
