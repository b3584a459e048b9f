"""An encoder that says of a mixture which labels sound, taught by a public tagger."""
