"""Generators that every system paints with, behind one protocol."""
