"""The models of a bundle, taken back into torch."""
