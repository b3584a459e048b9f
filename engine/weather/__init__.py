"""What is drawn over what the generator painted: rain, snow, and light of sounds without a name."""
