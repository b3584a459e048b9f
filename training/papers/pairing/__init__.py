"""Pictures and sounds from pools that know nothing of one another, made pairs (Seeing Sound)."""
