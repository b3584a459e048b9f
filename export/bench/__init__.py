"""Races against other architectures on this machine."""
