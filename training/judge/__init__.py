"""The independent judge of pictures."""
