"""From what is heard to pictures: conditions, places, light, noise, the generator's turns."""
