"""Reviewing: who reviews what and until when, remarks on passages, the decision with its rubric, what must not be published."""
