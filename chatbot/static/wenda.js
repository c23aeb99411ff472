// The page's own behaviour: the conversation, the article beside it, and the keys.
// Gradio calls wenda.chat and wenda.article when the two components have been drawn.
"use strict";

// Gradio sets the page's language to the browser's; the page is Chinese whoever reads it, and a
// screen reader must know.
new MutationObserver(() => {
  const root = document.documentElement;
  if (root.lang !== "zh-CN") root.lang = "zh-CN";
}).observe(document.documentElement, { attributeFilter: ["lang"] });

window.wenda = (() => {
  // Waiting longer than this for one answer is a failure that can be tried again.
  const PATIENCE = 60_000;
  // How often, while an answer is awaited, the server is asked whether it is still there.
  const PULSE = 3_000;
  const UNANSWERED = "wenda-unanswered";
  // What a follow-up can lean on; the server takes no more than 64 KB in one request.
  const HISTORY_QUESTIONS = 20;
  const HISTORY_CHARACTERS = 6_000;
  const NARROW = window.matchMedia("(max-width: 899px)");
  const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");

  // What the page's other scripts hang in: `sending` functions may add to what is sent to the
  // server, `answered` functions see every turn that got its answer, with what the server sent.
  const hooks = { sending: [], answered: [] };

  let chat = null;
  let article = null;

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) appendText(made, text);
    return made;
  }

  // Plain text, except that characters which turn the direction of text stand in an element of
  // their own (isolated by the style sheet), exactly as rendering.py writes them.
  const DIRECTION = /([\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])/;
  function appendText(parent, text) {
    text.split(DIRECTION).forEach((part, index) => {
      if (index % 2 === 0) {
        if (part) parent.append(part);
        return;
      }
      const isolated = document.createElement("bdi");
      isolated.className = "wd-direction";
      isolated.dataset.code = "U+" + part.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
      isolated.textContent = part;
      parent.append(isolated);
    });
  }

  // ---- The article -------------------------------------------------------------------------

  class Article {
    constructor(root, open) {
      this.root = root;
      this.open = (id) => {
        const request = { document: id };
        hooks.sending.forEach((hook) => hook(request));
        open(request);
      };
      this.cites = [];
      this.focus = null;
      this.opener = null;
      root.addEventListener("click", (event) => this.onClick(event));
      root.addEventListener("change", (event) => {
        if (event.target.matches(".wd-choose")) {
          this.cites = [];
          this.focus = null;
          this.open(event.target.value);
        }
      });
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && this.isSheetOpen()) this.closeSheet();
      });
      NARROW.addEventListener("change", () => this.closeSheet());
      this.closeSheet();
    }

    get shown() {
      return this.root.querySelector(".wd-article")?.dataset.document;
    }

    // Mark what `cites` (the data of citation buttons) point at, and bring `focus` into view.
    show(cites, focus, opener) {
      this.cites = cites;
      this.focus = focus;
      if (opener && NARROW.matches) this.openSheet(opener);
      if (focus && focus.document !== this.shown) this.open(focus.document); // drawn() goes on
      else this.drawn();
    }

    // The article was drawn anew, or is there already: mark and scroll.
    drawn() {
      this.root.querySelectorAll(".wd-cited").forEach((paragraph) => {
        const text = paragraph.querySelector(".wd-text");
        const plain = text.textContent;
        text.replaceChildren();
        appendText(text, plain);
        paragraph.classList.remove("wd-cited");
      });
      const here = this.cites.filter((cite) => cite.document === this.shown);
      for (const number of new Set(here.map((cite) => cite.paragraph))) {
        const paragraph = this.root.querySelector(`.wd-paragraph[data-paragraph="${number}"]`);
        if (paragraph) mark(paragraph, here.filter((cite) => cite.paragraph === number));
      }
      if (this.focus && this.focus.document === this.shown) this.scrollTo(this.focus);
    }

    scrollTo(cite) {
      const paragraph = this.root.querySelector(
        `.wd-paragraph[data-paragraph="${cite.paragraph}"]`
      );
      if (!paragraph) return;
      const marked = cite.start === undefined
        ? null
        : paragraph.querySelector(`mark[data-start="${cite.start}"]`);
      this.reveal(marked || paragraph, marked ? "center" : "start");
    }

    // Scrolls the pane alone: scrollIntoView would move the whole page on a phone.
    reveal(target, block) {
      const pane = this.root.querySelector(".wd-scroll");
      const box = target.getBoundingClientRect();
      const view = pane.getBoundingClientRect();
      const room = block === "center" ? Math.max(24, (view.height - box.height) / 2.6) : 24;
      pane.scrollTo({
        top: pane.scrollTop + box.top - view.top - room,
        behavior: CALM.matches ? "auto" : "smooth",
      });
    }

    onClick(event) {
      if (event.target.closest(".wd-close")) this.closeSheet();
      const jump = event.target.closest(".wd-jump");
      if (jump) {
        const heading = this.root.querySelector(`.wd-heading[data-start="${jump.dataset.start}"]`);
        if (heading) {
          this.reveal(heading, "start");
          heading.focus({ preventScroll: true });
        }
      }
    }

    isSheetOpen() {
      return document.documentElement.dataset.sheet === "open";
    }

    openSheet(opener) {
      this.opener = opener;
      document.documentElement.dataset.sheet = "open";
      const pane = this.root.querySelector(".wd-pane");
      pane.setAttribute("role", "dialog");
      pane.setAttribute("aria-modal", "true");
      pane.inert = false;
      if (chat) chat.root.inert = true;
      this.root.querySelector(".wd-close").focus({ preventScroll: true });
    }

    closeSheet() {
      const wasOpen = this.isSheetOpen();
      delete document.documentElement.dataset.sheet;
      const pane = this.root.querySelector(".wd-pane");
      pane.removeAttribute("role");
      pane.removeAttribute("aria-modal");
      pane.inert = NARROW.matches; // off the screen: not to be reached by Tab
      if (chat) chat.root.inert = false;
      if (wasOpen && this.opener?.isConnected) this.opener.focus({ preventScroll: true });
      this.opener = null;
    }
  }

  // Offsets count code points of the article, as Python does, not UTF-16 units.
  function mark(paragraph, cites) {
    paragraph.classList.add("wd-cited");
    const text = paragraph.querySelector(".wd-text");
    const characters = Array.from(text.textContent);
    const from = Number(paragraph.dataset.start);
    const marks = [];
    const tints = [];
    for (const cite of cites) {
      if (cite.start !== undefined) marks.push([cite.start - from, cite.end - from]);
      if (cite.sentenceStart !== undefined) {
        tints.push([cite.sentenceStart - from, cite.sentenceEnd - from]);
      }
    }
    const within = (ranges, at) => ranges.some(([start, end]) => start <= at && at < end);
    const bounds = new Set([0, characters.length, ...marks.flat(), ...tints.flat()]);
    const cuts = [...bounds].filter((cut) => cut >= 0 && cut <= characters.length);
    cuts.sort((one, other) => one - other);
    text.replaceChildren();
    for (let index = 0; index + 1 < cuts.length; index += 1) {
      const [start, end] = [cuts[index], cuts[index + 1]];
      const piece = characters.slice(start, end).join("");
      if (within(marks, start)) {
        const made = element("mark", within(tints, start) ? "wd-tint" : "", piece);
        made.dataset.start = String(from + start);
        text.append(made);
      } else if (within(tints, start)) {
        text.append(element("span", "wd-tint", piece));
      } else {
        appendText(text, piece);
      }
    }
  }

  function citeOf(button) {
    const number = (name) =>
      button.dataset[name] === undefined ? undefined : Number(button.dataset[name]);
    return {
      document: button.dataset.document,
      paragraph: number("paragraph"),
      start: number("start"),
      end: number("end"),
      sentenceStart: number("sentenceStart"),
      sentenceEnd: number("sentenceEnd"),
    };
  }

  // ---- The conversation --------------------------------------------------------------------

  class Chat {
    constructor(root, send) {
      this.root = root;
      this.send = send;
      this.log = root.querySelector(".wd-log");
      this.form = root.querySelector(".wd-composer");
      this.input = root.querySelector("textarea");
      this.turns = []; // {id, question, state: waiting | asked | answered | failed, node}
      this.count = 0;
      this.calls = 0;
      this.ready = false;
      this.form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.submit();
      });
      this.input.addEventListener("keydown", (event) => this.onKey(event));
      this.input.addEventListener("input", () => this.grow());
      this.log.addEventListener("click", (event) => this.onClick(event));
      root.querySelector(".wd-read").addEventListener("click", (event) => {
        article?.openSheet(event.currentTarget);
      });
      // Gradio loads the page anew once a lost connection is back; what was not answered by then
      // must not be lost with it.
      window.addEventListener("pagehide", () => this.keep());
      this.input.value = sessionStorage.getItem(UNANSWERED) || "";
      sessionStorage.removeItem(UNANSWERED);
      this.grow();
      if (!NARROW.matches) this.input.focus({ preventScroll: true });
    }

    onKey(event) {
      // Enter that ends an input method's composition belongs to the input method. Safari reports
      // it after the composition has ended, with key code 229.
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        this.submit();
      }
    }

    grow() {
      this.input.style.height = "auto";
      this.input.style.height = `${this.input.scrollHeight}px`;
    }

    submit() {
      const question = this.input.value.trim();
      if (!question) return;
      this.input.value = "";
      this.grow();
      this.ask(question);
    }

    ask(question) {
      this.count += 1;
      const turn = { id: this.count, question, state: "waiting" };
      turn.node = element("div", "wd-turn");
      turn.node.dataset.turn = String(turn.id);
      turn.node.append(element("p", "wd-question", question));
      turn.body = element("div", "wd-body");
      turn.node.append(turn.body);
      this.turns.push(turn);
      this.log.querySelector(".wd-welcome")?.classList.add("wd-past");
      this.log.append(turn.node);
      this.wait(turn);
      this.next();
    }

    wait(turn) {
      turn.state = "waiting";
      turn.body.replaceChildren(element("p", "wd-wait", this.ready ? "正在找……" : "正在准备……"));
      turn.body.setAttribute("aria-busy", "true");
      this.reveal(turn);
    }

    keep() {
      const last = this.turns.at(-1);
      const open = last && last.state !== "answered" ? last.question : "";
      const text = this.input.value.trim() ? this.input.value : open;
      if (text) sessionStorage.setItem(UNANSWERED, text);
    }

    // One question at a time, in order: a follow-up needs what was asked before it.
    next() {
      if (!this.ready || this.turns.some((turn) => turn.state === "asked")) return;
      const turn = this.turns.find((candidate) => candidate.state === "waiting");
      if (!turn) return;
      turn.state = "asked";
      turn.body.querySelector(".wd-wait")?.replaceChildren("正在找……");
      turn.timer = window.setTimeout(() => this.fail(turn, "等了太久，没有等到回答。"), PATIENCE);
      turn.pulse = window.setInterval(() => this.checkPulse(turn), PULSE);
      // A new number for every attempt: Gradio tells of a value only when it changes, and the same
      // failure twice must arrive twice.
      this.calls += 1;
      turn.call = this.calls;
      turn.request = { question: turn.question, history: this.history(turn) };
      hooks.sending.forEach((hook) => hook(turn.request));
      this.send({ turn: turn.call, ...turn.request });
    }

    // The questions before this turn, the latest that fit into one request.
    history(turn) {
      const history = [];
      let room = HISTORY_CHARACTERS;
      for (const earlier of this.turns.slice(0, this.turns.indexOf(turn)).reverse()) {
        room -= earlier.question.length;
        if (room < 0 || history.length === HISTORY_QUESTIONS) break;
        if (earlier.state === "answered") history.unshift(earlier.question);
      }
      return history;
    }

    // Gradio says nothing to a page whose connection broke.
    async checkPulse(turn) {
      const call = turn.call;
      try {
        await fetch("./health/live", { cache: "no-store", signal: AbortSignal.timeout(PULSE) });
      } catch {
        if (turn.state === "asked" && turn.call === call) {
          this.fail(turn, "和服务器的连接断了，恢复以后页面会重新打开。");
        }
      }
    }

    settle(turn, state) {
      window.clearTimeout(turn.timer);
      window.clearInterval(turn.pulse);
      turn.state = state;
      turn.body.removeAttribute("aria-busy");
    }

    // What the server sent: a welcome, an answer, or a failure.
    receive(value) {
      if (!value) return;
      if (value.turn === undefined) {
        this.greet(value);
        return;
      }
      const turn = this.turns.find((candidate) => candidate.call === value.turn);
      if (!turn || turn.state !== "asked") return;
      if (value.html === undefined) this.fail(turn, value.failure);
      else this.answer(turn, value);
    }

    greet(value) {
      const greeting = element("div", "wd-welcome");
      if (value.html !== undefined) greeting.innerHTML = value.html;
      else if (value.failure) greeting.append(element("p", "wd-failure", value.failure));
      else greeting.append(element("p", "wd-wait", value.waiting));
      this.log.querySelector(".wd-welcome")?.remove();
      if (this.turns.length) greeting.classList.add("wd-past");
      this.log.prepend(greeting);
      this.ready = Boolean(value.ready);
      this.next();
    }

    // `value.html` comes from rendering.py, which escaped everything that is not its own mark-up.
    answer(turn, value) {
      this.settle(turn, "answered");
      turn.body.innerHTML = value.html;
      hooks.answered.forEach((hook) => hook(turn, value));
      this.reveal(turn);
      const cites = [...turn.body.querySelectorAll(".wd-cite")].map(citeOf);
      // Without a citation the old marks go: beside a refusal they would look like its source.
      article?.show(cites, cites[0] ?? null, null);
      this.next();
    }

    fail(turn, message) {
      this.settle(turn, "failed");
      const again = element("button", "wd-again", "再试一次");
      again.type = "button";
      turn.body.replaceChildren(element("p", "wd-failure", message || "没有收到回答。"), again);
      this.reveal(turn);
      this.next();
    }

    // Gradio reports that an event failed but not which; only one is ever under way.
    failed() {
      const turn = this.turns.find((candidate) => candidate.state === "asked");
      if (turn) this.fail(turn, "服务器没有回答：可能太忙，或连接断了。");
    }

    onClick(event) {
      const button = event.target.closest("button");
      if (!button) return;
      const node = button.closest(".wd-turn");
      if (button.matches(".wd-ask")) {
        this.ask(button.textContent);
        this.input.focus({ preventScroll: true });
      } else if (button.matches(".wd-again")) {
        const turn = this.turns.find((candidate) => String(candidate.id) === node.dataset.turn);
        this.wait(turn);
        this.next();
      } else if (button.matches(".wd-cite") && article) {
        const cites = [...node.querySelectorAll(".wd-cite")].map(citeOf);
        article.show(cites, citeOf(button), button);
      } else if (button.matches(".wd-near") && article) {
        article.show([citeOf(button)], citeOf(button), button);
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

  return {
    hooks,
    chat(root, props, watch, send) {
      chat = new Chat(root, send);
      watch("value", () => chat.receive(props.value));
      chat.receive(props.value);
    },
    article(root, watch, open) {
      article = new Article(root, open);
      watch("value", () => article.drawn());
    },
    failed() {
      chat?.failed();
    },
  };
})();
