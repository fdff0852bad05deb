"""Who was there at each meeting: roster, codes, walk-ins, corrections."""
