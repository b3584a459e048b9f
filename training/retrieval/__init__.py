"""Sounds and pictures from separate pools, paired by retrieval."""
