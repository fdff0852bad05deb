"""Figures about coaching that help and do not shame: nobody is ranked, and no average is of fewer than five."""
