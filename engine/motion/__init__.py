"""How what sounds moves in the pictures: hops, poses, swings, journeys, breath."""
