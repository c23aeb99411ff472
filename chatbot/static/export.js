// A conversation as a file: Markdown to read, a question set to test with.

import { titleOf } from "./conversations.js";
import { nameDirections } from "./text.js";

// Everything that Markdown, its HTML or its formulas could take for mark-up, as in reply.py.
const MARKUP = /([\\`*_{}[\]()<>#+\-.!|~$&^=:])/g;
// A run compares letters and figures; an answer of marks alone expects nothing.
const COMPARABLE = /[\p{L}\p{N}]/u;

export function toMarkdown(conversation) {
  const parts = [`# ${escapeMarkdown(titleOf(conversation))}`];
  for (const turn of conversation.turns) {
    parts.push(`## ${escapeMarkdown(turn.question)}`);
    parts.push(turn.record ? nameDirections(turn.record.reply) : "（没有得到回答。）");
  }
  return parts.join("\n\n") + "\n";
}

// JSON Lines with the fields of a question set. Small talk and what got no answer expect nothing.
export function toQuestionSet(conversation) {
  return conversation.turns
    .filter((turn) => turn.record && turn.record.kind !== "chat")
    .map((turn, index) => JSON.stringify(row(turn, index + 1)).replace(NOT_PLAIN, escapeJson) + "\n")
    .join("");
}

function row({ question, history, record }, number) {
  const made = { id: String(number), question };
  if (record.answered) {
    const answers = record.answers.map((span) => span.answer).filter((text) => COMPARABLE.test(text));
    // Several things asked for are `items`; several answers are alternatives, as where the chat asked
    // back which one is meant.
    if (answers.length > 1 && !record.asks_back) made.items = answers;
    else if (answers.length) made.answer = answers;
    if (COMPARABLE.test(record.sentence)) made.evidence = record.sentence;
  }
  made.answerable = record.answered;
  if (history?.length) made.history = history;
  return made;
}

// What turns the direction of text is spelt by its code, which JSON reads as the character.
const NOT_PLAIN = /[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function escapeJson(character) {
  return "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0");
}

function escapeMarkdown(text) {
  return nameDirections(text.split(/\s+/).join(" ").trim().replace(MARKUP, "\\$1"));
}

export function download(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function fileName(conversation, suffix) {
  // Characters that some system forbids in names, and what would turn the name's direction.
  const title = titleOf(conversation).replace(/[\p{C}\\/:*?"<>|.\s]+/gu, " ").trim();
  return `问答-${Array.from(title).slice(0, 24).join("") || "对话"}${suffix}`;
}
