"""Reading articles: from a file to a cleaned document, its sections and its paragraphs."""
