"""A visitor's own article: read, asked about, and gone with the conversation."""
