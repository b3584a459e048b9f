"""From sound to its sources: which labels sound is heard in the mixture, and whose each slot is."""
