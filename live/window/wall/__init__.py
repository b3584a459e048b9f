"""Screens of a wall: which windows stand on them, how they are trimmed, and the test grid."""
