"""What a bundle hears, in figures."""
