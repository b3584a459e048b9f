"""Networks of the papers, and public ones as their parts."""
