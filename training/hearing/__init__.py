"""Hearing, taught by an ear that has heard the world."""
