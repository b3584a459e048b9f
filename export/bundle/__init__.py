"""Bundles: put together from graphs, described, tried."""
