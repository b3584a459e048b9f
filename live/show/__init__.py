"""The running show: its threads, their turns, changes of engines."""
