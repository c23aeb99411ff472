// Selecting words in the article offers to ask about them.

import { button } from "./text.js";

// Longer selections are for reading, not for asking.
const LONGEST = 120;

export class Selection {
  // `ask` gets the selected words.
  constructor(pane, ask) {
    this.pane = pane;
    this.ask = ask;
    this.offer = button("wd-ask-selection", "问这几个字", () => this.take());
    this.offer.hidden = true;
    // Pressing it must not undo the selection first.
    this.offer.addEventListener("pointerdown", (event) => event.preventDefault());
    this.offer.addEventListener("mousedown", (event) => event.preventDefault());
    pane.after(this.offer);
    document.addEventListener("selectionchange", () => this.follow());
    pane.addEventListener("scroll", () => this.follow(), { passive: true });
    window.addEventListener("resize", () => this.follow());
  }

  // The selected words and where they stand, null where none of the article are selected.
  selected() {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    if (!this.pane.contains(range.commonAncestorContainer)) return null;
    const words = selection.toString().split(/\s+/).join(" ").trim();
    if (!words || Array.from(words).length > LONGEST) return null;
    return { words, box: range.getBoundingClientRect() };
  }

  follow() {
    const selected = this.selected();
    this.offer.hidden = !selected;
    if (!selected) return;
    const view = this.pane.parentElement.getBoundingClientRect();
    const { box } = selected;
    const width = this.offer.offsetWidth;
    const left = (box.left + box.right - width) / 2 - view.left;
    const below = box.bottom - view.top + 10;
    this.offer.style.left = `${Math.min(Math.max(8, left), view.width - width - 8)}px`;
    this.offer.style.top = `${Math.min(below, view.height - this.offer.offsetHeight - 8)}px`;
  }

  take() {
    const selected = this.selected();
    if (!selected) return;
    document.getSelection().removeAllRanges();
    this.ask(selected.words);
  }
}
