"""`python -m chatbot` is the command `wenda`."""

from chatbot.cli import main

main()
