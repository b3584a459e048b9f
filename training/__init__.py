"""The models' training. Loading it loads `engine`, which silences libraries."""

import engine  # noqa: F401
