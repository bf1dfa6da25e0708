"""The player: course home, items, signs of presence, recordings, the learner's time record."""
