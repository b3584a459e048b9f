"""The inference runtimes, each behind the one small `Model` protocol."""
