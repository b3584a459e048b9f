"""The running show: its threads, its turns, its swaps."""
