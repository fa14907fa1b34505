"""What else somebody might use: each peer is one function from a problem and its task to an answer."""
