"""One set of controls for many hands: declared once, played by keys, panel, OSC, MIDI and cues."""
