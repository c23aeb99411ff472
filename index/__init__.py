"""Finding passages: embeddings, lexical scores, their fusion, and the index on disk."""
