"""What a show looks like at a moment, as data."""
