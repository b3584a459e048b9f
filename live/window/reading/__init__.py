"""What the window writes over the picture: notes, names, the table of keys."""
