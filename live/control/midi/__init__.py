"""MIDI: knobs, faders and pads learnt to play controls."""
