"""This machine: its faults, its screen, its engines."""
