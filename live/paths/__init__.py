"""Names of files: read as a person typed them, kept apart, written whole."""
