"""Graphs: traced, checked, made smaller, stored."""
