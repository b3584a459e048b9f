"""What is drawn over what the generator painted: rain, and light of sounds without a name."""
