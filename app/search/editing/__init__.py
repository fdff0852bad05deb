"""What all that editors keep for search has in common: who may change it, who did, and how every process hears of it."""
