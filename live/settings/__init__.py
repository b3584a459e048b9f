"""Settings: what there are, where they come from, how they change."""
