"""The process and the machine under it: its end, its terminal, its faults, its processors."""
