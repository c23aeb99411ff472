// One question of the conversation and what stands under it.

import { hooks } from "./hooks.js";
import { linkTo } from "./permalink.js";
import { button, copy, element } from "./text.js";

export class Turn {
  // `kept` is what conversations.js keeps of a turn, or {question, document} of a new one.
  constructor(number, kept) {
    // The same in every page that shows it; a conversation of an earlier version has none.
    this.id = kept.id ?? String(number);
    this.question = kept.question;
    this.document = kept.document ?? null;
    this.history = kept.history ?? [];
    this.record = kept.record ?? null;
    this.html = kept.html ?? null;
    this.failure = kept.failure ?? null;
    this.state = kept.state ?? "waiting"; // waiting | asked | answered | failed
    const { question, document, history } = this;
    this.request = { question, document, history }; // what was sent to the server
    this.calls = []; // the numbers under which it was asked of the server
    this.node = element("article", "wd-turn");
    this.place(number);
    this.node.append(element("p", "wd-question", this.question));
    this.body = element("div", "wd-body");
    this.node.append(this.body);
  }

  place(number) {
    this.number = number;
    this.node.dataset.turn = String(number);
    this.node.setAttribute("aria-label", `第 ${number} 问`);
  }

  // What conversations.js keeps. A question that is still waiting has failed, for whoever comes
  // back to it later.
  get kept() {
    const { id, question, document, history, record, html, failure } = this;
    if (this.html) {
      return { id, question, document, history, state: "answered", record, html };
    }
    return {
      id,
      question,
      document,
      history,
      state: "failed",
      failure: failure ?? "这个问题还没有得到回答。",
    };
  }

  showWaiting(text) {
    const line = this.body.querySelector(".wd-wait");
    if (line?.textContent === text) return;
    this.body.replaceChildren(element("p", "wd-wait", text));
    this.body.setAttribute("aria-busy", "true");
  }

  // `html` comes from rendering.py, which escaped everything that is not its own mark-up.
  showAnswer() {
    this.body.removeAttribute("aria-busy");
    this.body.innerHTML = this.html;
    this.actions = element("div", "wd-actions");
    this.actions.setAttribute("aria-live", "off");
    this.body.querySelector(".wd-reply")?.insertBefore(
      this.actions,
      this.body.querySelector(".wd-suggestions")
    );
    if (this.record?.answered) this.actions.append(copying("复制", "已复制", () => this.quotation()));
    this.actions.append(copying("复制链接", "链接已复制", () => linkTo(this)));
    this.actions.append(
      button("wd-edit", "修改"),
      button("wd-retry", "重试"),
      button("wd-undo", "撤回")
    );
    const { html, record } = this;
    hooks.answered.forEach((hook) => hook(this, { html, record, answer: record?.answer ?? null }));
  }

  showFailure() {
    this.body.removeAttribute("aria-busy");
    this.actions = element("div", "wd-actions");
    this.actions.setAttribute("aria-live", "off");
    this.actions.append(
      button("wd-again", "再试一次"),
      button("wd-edit", "修改"),
      button("wd-undo", "撤回")
    );
    this.body.replaceChildren(element("p", "wd-failure", this.failure), this.actions);
  }

  // The words, the sentence they stand in and their place, as plain text. What may be meant, where
  // the chat asks back, stands in a sentence each, and so do things of a list that stand apart.
  quotation() {
    const places = [...this.body.querySelectorAll(".wd-cite")].map((cite) => cite.textContent);
    const { answers, asks_back: asksBack, sentence } = this.record;
    const quoted = answers.map((span, index) => {
      const more = span.sentence && span.sentence !== span.answer;
      const own = more ? `\n原句：${span.sentence}` : "";
      return `“${span.answer}”——${places[index] ?? places[0]}${own}`;
    });
    if (asksBack || answers.some((span) => span.sentence)) return quoted.join("\n");
    const alone = quoted.length === 1 && this.record.answer === sentence;
    return (alone ? quoted : [...quoted, `原句：${sentence}`]).join("\n");
  }
}

function copying(label, done, text) {
  const made = button("wd-copy", label, async () => {
    const copied = await copy(text());
    made.textContent = copied ? done : "没能复制";
    window.setTimeout(() => (made.textContent = label), 2_000);
  });
  return made;
}
