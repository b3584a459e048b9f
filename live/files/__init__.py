"""Whole files of sound: heard, painted and separated at leisure."""
