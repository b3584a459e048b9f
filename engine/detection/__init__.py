"""Detect, then extract: which labels sound is heard in the mixture, then each is taken out."""
