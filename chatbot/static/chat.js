// The conversation: questions asked one after the other, kept, changed and taken back.

import { citeOf } from "./marking.js";
import { Composer } from "./composer.js";
import { fresh, idsOf, newId } from "./conversations.js";
import { hooks } from "./hooks.js";
import { AGAIN, Line } from "./line.js";
import { Notice } from "./notice.js";
import * as permalink from "./permalink.js";
import { CALM, NARROW } from "./screen.js";
import { element } from "./text.js";
import { Turn } from "./turn.js";

export class Chat {
  // `send` hands {turn, question, history, document} to the server; what it answers comes to
  // `receive`.
  constructor(root, send, conversations, page) {
    this.root = root;
    this.conversations = conversations;
    this.page = page; // {article, scope}: what else stands in the page, once it does
    this.log = root.querySelector(".wd-log");
    this.notice = new Notice(root.querySelector(".wd-notice"));
    this.turns = [];
    this.editing = null;
    this.draft = ""; // what was being typed before
    this.known = []; // the ids of the turns that were stored when this page last looked
    this.welcome = null; // the server's
    this.line = new Line(send, {
      turns: () => this.turns,
      answered: (turn) => this.onAnswered(turn),
      failed: (turn, value) => this.onFailed(turn, value),
      nudge: () => this.page.article?.nudge(),
    });
    this.composer = new Composer(root.querySelector(".wd-composer"), {
      send: (question) => this.submit(question),
      earlier: () => this.turns.map((turn) => turn.question),
      cancel: () => this.cancelEdit(),
    });
    this.log.addEventListener("click", (event) => this.onClick(event));
    root.querySelector(".wd-read").addEventListener("click", (event) => {
      page.article?.sheet.open(event.currentTarget);
    });
    conversations.watch((id) => this.onChangedElsewhere(id));
    this.start();
    this.awaitWelcome();
    if (!NARROW.matches) this.composer.focus();
  }

  // ---- Which conversation ------------------------------------------------------------------

  start() {
    const link = permalink.asked();
    this.open(link ? fresh() : this.conversations.current());
    if (!link) return;
    permalink.forget();
    this.page.scope?.choose(link.document);
    this.ask(link.question, link.document);
  }

  // Show a conversation; one that was under way in another is given up, and can be tried again.
  open(conversation) {
    this.line.giveUp();
    this.turns.forEach((turn) => turn.node.remove());
    this.turns = [];
    this.stopEditing();
    this.notice.hide();
    this.conversation = conversation;
    this.known = idsOf(this.conversations.load(conversation.id));
    this.conversations.setOpen(conversation.id);
    hooks.opened.forEach((hook) => hook(conversation.id));
    this.drawGreeting();
    if (conversation.turns.length) {
      // What is only shown again is not read out again.
      this.log.setAttribute("aria-live", "off");
      conversation.turns.forEach((kept) => this.restore(kept));
      window.setTimeout(() => this.log.setAttribute("aria-live", "polite"), 300);
    }
    this.greetingIsPast();
    const last = this.turns.at(-1);
    if (last) this.reveal(last);
    this.point(last);
  }

  // Show a turn that was kept, after the one `before` it; null where it comes first.
  restore(kept, before = this.turns.at(-1)) {
    const turn = new Turn(this.turns.length + 1, kept);
    this.turns.splice(before ? this.turns.indexOf(before) + 1 : 0, 0, turn);
    if (before) before.node.after(turn.node);
    else if (this.turns.length > 1) this.turns[1].node.before(turn.node);
    else this.log.append(turn.node);
    if (turn.state === "answered") turn.showAnswer();
    else turn.showFailure();
    return turn;
  }

  // Another page may have gone on with the same conversation: what it asked, got answered or took
  // back since this page last looked is so here, too, and is not overwritten.
  takeIn() {
    const stored = this.conversations.load(this.conversation.id);
    if (!stored) return;
    const ids = idsOf(stored);
    this.turns = this.turns.filter((turn) => {
      const stays = !this.known.includes(turn.id) || ids.includes(turn.id) || isUnderWay(turn);
      if (!stays) turn.node.remove();
      return stays;
    });
    let before = null;
    stored.turns.forEach((kept, index) => {
      let turn = this.turns.find((one) => one.id === ids[index]);
      if (turn && kept.html && !turn.html && !isUnderWay(turn)) {
        const { question, document, history } = Object.assign(turn, kept);
        turn.request = { question, document, history };
        turn.showAnswer();
      } else if (!turn && !this.known.includes(ids[index])) {
        turn = this.restore({ ...kept, id: ids[index] }, before);
      }
      before = turn ?? before;
    });
    this.turns.forEach((turn, index) => turn.place(index + 1));
    this.known = ids;
    this.greetingIsPast();
  }

  // What conversations.js keeps of this one.
  get kept() {
    const turns = this.turns.map((turn) => turn.kept);
    return { id: this.conversation.id, updated: Date.now(), turns };
  }

  save() {
    this.takeIn();
    const { kept } = this;
    if (this.conversations.save(kept)) {
      this.known = idsOf(kept);
      return;
    }
    this.notice.show("浏览器的存储空间满了，这个对话没能存下；请删掉一些旧对话。");
  }

  onChangedElsewhere(id) {
    if (id !== this.conversation.id) return;
    if (this.line.busy || this.editing) {
      this.takeIn();
      return;
    }
    const conversation = this.conversations.load(id);
    if (!conversation) return;
    // Written at the same moment by both, what the other page stored lacks the answer of this one.
    if (this.answersMore(conversation)) this.save();
    else this.open(conversation);
  }

  answersMore(stored) {
    const ids = idsOf(stored);
    return this.turns.some((turn) => {
      const kept = stored.turns[ids.indexOf(turn.id)];
      return turn.html && kept && !kept.html;
    });
  }

  // ---- Asking ------------------------------------------------------------------------------

  submit(question) {
    // Taken back in another page meanwhile, the question takes no place but the last.
    const index = this.turns.indexOf(this.editing);
    this.stopEditing();
    if (index >= 0) this.cut(index, "改问之前的问答已换下。");
    else this.notice.hide();
    this.ask(question);
  }

  ask(question, document = this.page.scope?.document ?? null) {
    const turn = new Turn(this.turns.length + 1, { id: newId(), question, document });
    this.turns.push(turn);
    this.log.append(turn.node);
    this.greetingIsPast();
    this.put(turn);
  }

  // Put a turn in the line, anew or again.
  put(turn) {
    turn.state = "waiting";
    turn.failure = null;
    this.line.next();
    this.reveal(turn);
    this.save();
  }

  onAnswered(turn) {
    turn.showAnswer();
    this.reveal(turn);
    this.point(turn);
    this.save();
  }

  // `value` is what the server said, where it was not silent.
  onFailed(turn, value) {
    const { scope } = this.page;
    if (value.gone === "document" && scope?.document === turn.document) scope.choose(null);
    if (turn.html) {
      // Asked again in vain: the answer from before stays.
      this.notice.show(`没能重新回答：${turn.failure}`, "再试一次", () => this.retry(turn));
      turn.state = "answered";
      turn.showAnswer();
    } else turn.showFailure();
    this.reveal(turn);
    this.save();
    hooks.failed.forEach((hook) => hook(turn, value));
  }

  // Mark in the article what a turn quotes. Beside a refusal old marks would look like its source.
  point(turn) {
    if (!this.page.article) return;
    const cites = turn ? [...turn.body.querySelectorAll(".wd-cite")].map(citeOf) : [];
    this.page.article.show(cites, cites[0] ?? null, null);
  }

  // ---- Changing ----------------------------------------------------------------------------

  // Take away the turns from `index` on; they can be brought back.
  cut(index, said) {
    const before = { ...this.kept };
    this.line.giveUp(this.turns.slice(index));
    this.turns.splice(index).forEach((turn) => turn.node.remove());
    this.stopEditing();
    this.greetingIsPast();
    this.point(this.turns.at(-1));
    this.save();
    this.notice.show(said, "恢复", () => {
      this.open(before);
      this.save();
      this.composer.focus();
    });
    this.line.next();
  }

  clear() {
    if (this.turns.length) this.cut(0, "对话已清空。");
    hooks.removed.forEach((hook) => hook(this.conversation.id));
    this.composer.focus();
  }

  undo() {
    const last = this.turns.at(-1);
    if (!last) return;
    this.cut(this.turns.length - 1, "上一问已撤回。");
    if (!this.composer.text.trim()) this.composer.text = last.question;
    this.composer.focus();
  }

  edit(turn) {
    if (!this.editing) this.draft = this.composer.text;
    this.editing = turn;
    this.composer.text = turn.question;
    this.composer.focus();
    this.notice.show("发送后会换下这一问和它后面的问答。", "不改了", () => this.cancelEdit());
  }

  cancelEdit() {
    if (!this.editing) return;
    this.stopEditing();
    this.notice.hide();
    this.composer.focus();
  }

  // What was being typed before comes back.
  stopEditing() {
    if (!this.editing) return;
    this.editing = null;
    this.composer.text = this.draft;
  }

  // What got no answer is asked of the articles that are chosen now; so is what was asked of one
  // that is no longer there.
  retry(turn) {
    const { scope } = this.page;
    if (scope && (!turn.html || !scope.has(turn.document))) turn.document = scope.document;
    this.put(turn);
    this.composer.focus();
  }

  // Words selected in the article begin a question; what was typed before stays.
  askAbout(words) {
    this.composer.text = `${this.composer.text}关于“${words}”，`;
    this.composer.focus();
  }

  // ---- What the server says -----------------------------------------------------------------

  // A welcome, or what becomes of a question.
  receive(value) {
    if (!value) return;
    if (value.turn === undefined) this.greet(value);
    else this.line.receive(value);
  }

  // What is not there yet may be waiting for a stream of messages that nobody has opened.
  awaitWelcome() {
    const timer = window.setInterval(() => {
      if (this.welcome) window.clearInterval(timer);
      else this.page.article?.nudge();
    }, AGAIN);
  }

  greet(value) {
    this.welcome = value;
    this.drawGreeting();
    if (this.turns.length) this.reveal(this.turns.at(-1));
    this.page.scope?.offer(value.documents ?? []);
    if (value.ready) this.line.open();
  }

  drawGreeting() {
    const { welcome: value } = this;
    if (!value) return;
    const greeting = element("div", "wd-welcome");
    const other = value.ready ? hooks.greeting.map((hook) => hook()).find(Boolean) : null;
    if (other) greeting.append(other);
    else if (value.html !== undefined) greeting.innerHTML = value.html;
    else if (value.failure) greeting.append(element("p", "wd-failure", value.failure));
    else greeting.append(element("p", "wd-wait", value.waiting));
    this.log.querySelector(".wd-welcome")?.remove();
    this.log.prepend(greeting);
    this.greetingIsPast();
  }

  greetingIsPast() {
    this.log.querySelector(".wd-welcome")?.classList.toggle("wd-past", this.turns.length > 0);
    this.root.dataset.empty = String(this.turns.length === 0);
  }

  // Gradio reports that an event failed.
  failed() {
    this.line.failOne("服务器没有回答：可能太忙，或连接断了。");
  }

  // ---- Clicks and sight ----------------------------------------------------------------------

  onClick(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const node = button.closest(".wd-turn");
    const turn = this.turns.find((candidate) => candidate.node === node);
    if (button.matches(".wd-ask")) {
      this.ask(button.textContent);
      this.composer.focus();
    } else if (button.matches(".wd-again, .wd-retry")) this.retry(turn);
    else if (button.matches(".wd-edit")) this.edit(turn);
    else if (button.matches(".wd-undo")) this.undo();
    else if (button.matches(".wd-cite") && this.page.article) {
      const cites = [...node.querySelectorAll(".wd-cite")].map(citeOf);
      this.page.article.show(cites, citeOf(button), button);
    } else if (button.matches(".wd-near") && this.page.article) {
      this.page.article.show([citeOf(button)], citeOf(button), button);
    }
  }

  // A long answer is read from its question on, so that is what comes into view.
  reveal(turn) {
    const box = turn.node.getBoundingClientRect();
    const view = this.log.getBoundingClientRect();
    this.log.scrollTo({
      top: this.log.scrollTop + box.top - view.top - 16,
      behavior: CALM.matches ? "auto" : "smooth",
    });
  }
}

function isUnderWay(turn) {
  return turn.state === "waiting" || turn.state === "asked";
}
