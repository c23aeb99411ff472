// The article beside the conversation: what is quoted is marked in it and brought into view.

import { prepared } from "./hooks.js";
import { AGAIN } from "./line.js";
import { mark, unmark } from "./marking.js";
import { CALM } from "./screen.js";
import { Selection } from "./selection.js";
import { Sheet } from "./sheet.js";
import { element } from "./text.js";

// So often at most what was asked for and did not come is asked for.
const TIMES = 3;

export class Article {
  // `send` asks the server for {document, paragraph, heading}, the last two where a large article
  // is to be opened there; what it sends comes to `receive`. `page` holds the chat, once it stands
  // in the page.
  constructor(root, send, page) {
    this.root = root;
    this.send = send;
    this.wanted = null; // what was asked for last
    this.latest = ""; // what came last
    this.gone = null; // the document that was last said to be no more
    this.page = page;
    this.cites = [];
    this.focus = null;
    this.pane = root.querySelector(".wd-scroll");
    this.sheet = new Sheet(root, () => page.chat?.root);
    new Selection(this.pane, (words) => {
      this.sheet.close();
      page.chat?.askAbout(words);
    });
    root.addEventListener("click", (event) => this.onClick(event));
    root.addEventListener("change", (event) => {
      if (event.target.matches(".wd-choose")) this.read(event.target.value);
    });
  }

  get shown() {
    return this.root.querySelector(".wd-article")?.dataset.document;
  }

  open(request) {
    this.wanted = request;
    // What came while another was wanted does not come again: Gradio tells of changes only.
    if (holds(parsed(this.latest), request) && !holds(this.pane, request)) this.draw(this.latest);
    this.ask(request);
    if (this.gone === request.document) this.showGone();
  }

  ask(request, times = TIMES) {
    this.send(prepared({ ...request }));
    window.setTimeout(() => {
      if (this.wanted !== request || holds(this.pane, request)) return;
      if (this.gone === request.document) return;
      const { document } = request;
      if (times > 1) this.ask(request, times - 1);
      // A conversation may be older than the article, and quote a paragraph that is no more.
      else if (document !== this.shown && holds(parsed(this.latest), { document })) {
        this.draw(this.latest);
      }
    }, AGAIN);
  }

  // An event that changes nothing, but opens Gradio's stream of messages anew.
  nudge() {
    this.send({});
  }

  // `value` is {html}, an article or a part of one, from rendering.py, or {gone}, the id of one that
  // is not there.
  receive(value) {
    if (value?.gone !== undefined) {
      this.gone = value.gone;
      if (this.wanted?.document === value.gone) this.showGone();
    }
    if (!value?.html) return;
    this.gone = null;
    this.latest = value.html;
    // The article that every page begins with comes late, and twice: it never takes the place of
    // one that was asked for, which may be lost when it was asked for before that.
    const isOther = this.wanted !== null && !holds(parsed(value.html), this.wanted);
    if (isOther && this.shown) return;
    this.draw(value.html);
    if (isOther) this.open(this.wanted);
  }

  // What stands in the pane stays, but nothing of it is what was quoted.
  showGone() {
    const said = "这段原话出自的文章已经不在了，没有可以标出的原文。";
    if (!this.pane.querySelector(".wd-gone")) {
      const note = element("p", "wd-gone", said);
      note.setAttribute("role", "status");
      this.pane.prepend(note);
    }
    this.pane.scrollTop = 0;
  }

  draw(html) {
    const focused = this.pane.contains(document.activeElement) ? document.activeElement : null;
    const chooses = focused?.matches(".wd-choose");
    this.pane.innerHTML = html;
    this.pane.scrollTop = 0;
    this.drawn();
    if (!focused || focused === this.pane) return;
    // Whoever was in the article stays in it, where he pressed or where he was led.
    const heading = this.heading(this.wanted?.heading);
    if (heading) this.goTo(heading);
    else if (chooses) this.pane.querySelector(".wd-choose")?.focus({ preventScroll: true });
    else this.pane.focus({ preventScroll: true });
  }

  read(document) {
    this.cites = [];
    this.focus = null;
    if (document !== this.shown) this.open({ document });
  }

  // Mark what `cites` (the data of citation buttons) point at, and bring `focus` into view.
  show(cites, focus, opener) {
    this.cites = cites;
    this.focus = focus;
    if (opener) this.sheet.open(opener);
    this.drawn(); // also where another article stands there: nothing of that one is quoted
    if (focus && (focus.document !== this.shown || !this.paragraph(focus.paragraph))) {
      this.open({ document: focus.document, paragraph: focus.paragraph }); // drawn() goes on
    }
  }

  // The article was drawn anew, or is there already: mark and scroll.
  drawn() {
    if (this.gone === null || this.focus?.document !== this.gone) {
      this.pane.querySelector(".wd-gone")?.remove();
    }
    this.root.querySelectorAll(".wd-cited").forEach(unmark);
    const here = this.cites.filter((cite) => cite.document === this.shown);
    for (const number of new Set(here.map((cite) => cite.paragraph))) {
      const paragraph = this.paragraph(number);
      if (paragraph) mark(paragraph, here.filter((cite) => cite.paragraph === number));
    }
    if (this.focus && this.focus.document === this.shown) this.scrollTo(this.focus);
  }

  paragraph(number) {
    return this.root.querySelector(`.wd-paragraph[data-paragraph="${number}"]`);
  }

  heading(start) {
    return this.root.querySelector(`.wd-heading[data-start="${start}"]`);
  }

  scrollTo(cite) {
    const paragraph = this.paragraph(cite.paragraph);
    if (!paragraph) return;
    const marked =
      cite.start === undefined
        ? null
        : paragraph.querySelector(`mark[data-start="${cite.start}"]`);
    this.reveal(marked || paragraph, marked ? "center" : "start");
  }

  // Scrolls the pane alone: scrollIntoView would move the whole page on a phone.
  reveal(target, block) {
    const box = target.getBoundingClientRect();
    const view = this.pane.getBoundingClientRect();
    const room = block === "center" ? Math.max(24, (view.height - box.height) / 2.6) : 24;
    this.pane.scrollTo({
      top: this.pane.scrollTop + box.top - view.top - room,
      behavior: CALM.matches ? "auto" : "smooth",
    });
  }

  goTo(heading) {
    this.reveal(heading, "start");
    heading.focus({ preventScroll: true });
  }

  onClick(event) {
    const part = event.target.closest(".wd-part");
    if (part) {
      this.focus = null;
      this.open({ document: this.shown, paragraph: Number(part.dataset.paragraph) });
      return;
    }
    const jump = event.target.closest(".wd-jump");
    if (!jump) return;
    const start = Number(jump.dataset.start);
    const heading = this.heading(start);
    if (heading) this.goTo(heading);
    else {
      this.focus = null;
      this.open({ document: this.shown, heading: start });
    }
  }
}

function parsed(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  return made.content;
}

// Whether what stands in `root` is the article, and the part of it, that was asked for.
function holds(root, { document, paragraph, heading }) {
  if (root.querySelector(".wd-article")?.dataset.document !== document) return false;
  if (heading !== undefined) return root.querySelector(`.wd-heading[data-start="${heading}"]`);
  if (paragraph === undefined) return true;
  return root.querySelector(`.wd-paragraph[data-paragraph="${paragraph}"]`);
}
