"""Where the show goes beside the window: streams, NDI, a camera; each sent by its own process."""
