"""What every floor stands on: database, types, clock, errors, markup. Knows no request and no feature."""
