"""A bundle: its manifest, its checks, its models."""
