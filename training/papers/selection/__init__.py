"""Which of a clip's pictures shows what is heard: frames by sound localisation."""
