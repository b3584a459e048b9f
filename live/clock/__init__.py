"""The clock and the calendar: opening hours, and where the sun stands."""
