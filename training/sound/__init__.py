"""Sounds to learn from: recordings, rooms, microphones, mixtures."""
