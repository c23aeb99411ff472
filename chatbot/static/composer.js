// The field that questions are typed into, and its keys.

import { usable } from "./conversations.js";

const DRAFT = "wenda-draft";

export class Composer {
  // `send` gets the text of a question; `earlier` returns the questions asked before, in order;
  // `cancel` is called on Esc.
  constructor(form, { send, earlier, cancel }) {
    this.form = form;
    this.input = form.querySelector("textarea");
    this.send = send;
    this.earlier = earlier;
    this.cancel = cancel;
    this.recalled = null; // {text, index} while an earlier question stands in the field
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("input", () => {
      this.recalled = null;
      this.grow();
    });
    this.keepDraft();
  }

  get text() {
    return this.input.value;
  }

  set text(text) {
    this.input.value = text;
    this.recalled = null;
    this.grow();
    this.input.setSelectionRange(text.length, text.length);
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  // Gradio loads the page anew once a lost connection is back; what was typed must not go with it.
  keepDraft() {
    const session = usable("sessionStorage");
    this.text = session.getItem(DRAFT) ?? "";
    session.removeItem(DRAFT);
    window.addEventListener("pagehide", () => {
      if (this.text.trim()) session.setItem(DRAFT, this.text);
    });
  }

  submit() {
    const question = this.text.trim();
    if (!question) return;
    this.text = "";
    this.send(question);
  }

  onKey(event) {
    // Enter that ends an input method's composition belongs to the input method, as do its arrows.
    // Safari reports them after the composition has ended, with key code 229.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "ArrowUp") this.recall(event, -1);
    else if (event.key === "ArrowDown" && this.recalled) this.recall(event, 1);
    else if (event.key === "Escape") this.cancel();
  }

  // Up in an empty field brings back what was asked last, and so on; down leads back to empty.
  recall(event, step) {
    if (this.text && this.text !== this.recalled?.text) return;
    const earlier = this.earlier();
    const index = (this.recalled?.index ?? earlier.length) + step;
    if (index < 0 || index > earlier.length) return;
    event.preventDefault();
    this.text = earlier[index] ?? "";
    this.recalled = index < earlier.length ? { text: this.text, index } : null;
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 2}px`;
  }
}
