"""What the papers' systems learn by."""
