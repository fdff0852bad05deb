"""The shared vocabulary: frameworks with their areas, capabilities and levels, and the crosswalk between them."""
