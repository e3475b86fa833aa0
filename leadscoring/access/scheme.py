"""How a request brings its API key."""

SCHEME = "Api-Key"
