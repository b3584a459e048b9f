"""The networks that scores are counted by: named by a person, read strictly, hashed."""
