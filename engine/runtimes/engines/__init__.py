"""Engines compiled for one machine: planned, built, tried, kept, locked."""
