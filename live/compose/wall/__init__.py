"""One picture over several screens: which part is where, bent and dimmed as a wall needs it."""
