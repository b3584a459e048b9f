"""What a bundle is worth, in figures: python -m training.evaluate."""
