// The article beside the conversation: what is quoted is marked in it and brought into view.

import { prepared } from "./hooks.js";
import { mark, unmark } from "./marking.js";
import { CALM } from "./screen.js";
import { Selection } from "./selection.js";
import { Sheet } from "./sheet.js";

export class Article {
  // `open` asks the server for {document, paragraph}; what it sends comes to `receive`. `page`
  // holds the chat, once it stands in the page.
  constructor(root, open, page) {
    this.root = root;
    this.wanted = null; // what was asked for last
    this.latest = ""; // what came last
    this.open = (request) => {
      this.wanted = request;
      // What came while another was wanted does not come again: Gradio tells of changes only.
      const isThere = documentIn(this.latest) === request.document;
      if (isThere && this.shown !== request.document) this.draw(this.latest);
      open(prepared({ ...request }));
    };
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

  // `value` is {html}, an article or a part of one, from rendering.py.
  receive(value) {
    if (!value?.html) return;
    this.latest = value.html;
    // The article that every page begins with comes late, and twice: it never takes the place of
    // one that was asked for, which may be lost when it was asked for before that.
    const isOther = this.wanted !== null && documentIn(value.html) !== this.wanted.document;
    if (isOther && this.shown) return;
    this.draw(value.html);
    if (isOther) this.open(this.wanted);
  }

  draw(html) {
    this.pane.innerHTML = html;
    this.pane.scrollTop = 0;
    this.drawn();
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
    if (focus && (focus.document !== this.shown || !this.paragraph(focus.paragraph))) {
      this.open({ document: focus.document, paragraph: focus.paragraph }); // drawn() goes on
    } else this.drawn();
  }

  // The article was drawn anew, or is there already: mark and scroll.
  drawn() {
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

  onClick(event) {
    const part = event.target.closest(".wd-part");
    if (part) {
      this.open({ document: this.shown, paragraph: Number(part.dataset.paragraph) });
      return;
    }
    const jump = event.target.closest(".wd-jump");
    if (!jump) return;
    const heading = this.root.querySelector(`.wd-heading[data-start="${jump.dataset.start}"]`);
    if (heading) {
      this.reveal(heading, "start");
      heading.focus({ preventScroll: true });
    } else {
      this.focus = null;
      this.open({ document: this.shown, heading: Number(jump.dataset.start) });
    }
  }
}

// The id of the article in rendering.py's HTML, undefined where there is none.
function documentIn(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  return made.content.querySelector(".wd-article")?.dataset.document;
}
