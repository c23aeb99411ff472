"""Questions made from the articles: asked in place, proven on the bot, kept beside the index."""
