"""Where live sound comes from: microphone, file, soundscape."""
