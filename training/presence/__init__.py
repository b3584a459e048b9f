"""An encoder that learns from a public tagger which sounds are there, several at once."""
