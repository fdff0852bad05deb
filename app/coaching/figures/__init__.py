"""Figures about coaching that help and do not shame: nobody is ranked, and nothing is told of fewer than five."""
