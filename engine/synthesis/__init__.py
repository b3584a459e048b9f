"""Sounds made from nothing, a file a family; the built-in soundscape."""
