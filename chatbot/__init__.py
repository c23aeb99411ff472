"""Answering: from a question and its passages to a verbatim, cited answer, and its interfaces."""
