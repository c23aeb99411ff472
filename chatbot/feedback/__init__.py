"""Feedback: what visitors say of answers, kept in SQLite and exported as a question set."""
