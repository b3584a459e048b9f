"""The soak: a real show that is hurt on purpose, for hours, and has to go on."""
