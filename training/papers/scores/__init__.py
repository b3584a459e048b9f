"""The field's scores, each with its variant, its count, its spread and the weights behind it."""
