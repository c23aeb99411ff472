"""Question sets: load, run, score, gate. The command is `wenda test`."""

from chatbot.question_sets.asking import Asker, BotAsker, HttpAsker
from chatbot.question_sets.loading import load_question_set, load_question_sets
from chatbot.question_sets.question_set import Question, QuestionSetError
from chatbot.question_sets.run_report import Report, show_report
from chatbot.question_sets.running import run_question_sets

__all__ = [
    "Asker",
    "BotAsker",
    "HttpAsker",
    "Question",
    "QuestionSetError",
    "Report",
    "load_question_set",
    "load_question_sets",
    "run_question_sets",
    "show_report",
]
