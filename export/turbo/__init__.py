"""Bundles from public few-step diffusion: python -m export.turbo."""
