"""Tiny random checkpoints in exactly the public formats, for trials and tests."""
