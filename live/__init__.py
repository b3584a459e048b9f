"""The program: listens, shows, records. Loading it loads `engine`, which silences libraries."""

import engine  # noqa: F401
