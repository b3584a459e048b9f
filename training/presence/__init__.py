"""An encoder of several sounds at once and an extractor of one, taught by a public tagger."""
