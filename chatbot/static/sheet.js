// On a narrow screen the article is a sheet over the chat: opened from a citation, closed by its
// button, by Esc, by a touch beside it, or by pulling it down.

import { NARROW } from "./screen.js";

// Pulled down this share of its height, or flung faster than this (pixels a millisecond), it closes.
const FAR = 0.25;
const FAST = 0.6;

export class Sheet {
  // `behind` returns the element that cannot be used while the sheet is open.
  constructor(root, behind) {
    this.root = root;
    this.behind = behind;
    this.pane = root.querySelector(".wd-pane");
    this.opener = null;
    this.pull = null; // {from, at, time, speed} while it is held
    root.querySelector(".wd-close").addEventListener("click", () => this.close());
    root.addEventListener("pointerdown", (event) => {
      if (this.isOpen && !event.target.closest(".wd-pane")) this.close();
    });
    const bar = root.querySelector(".wd-bar");
    bar.addEventListener("pointerdown", (event) => this.hold(event, bar));
    bar.addEventListener("pointermove", (event) => this.drag(event));
    bar.addEventListener("pointerup", () => this.release());
    bar.addEventListener("pointercancel", () => this.release());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.isOpen) this.close();
    });
    NARROW.addEventListener("change", () => this.close());
    this.close();
  }

  get isOpen() {
    return document.documentElement.dataset.sheet === "open";
  }

  open(opener) {
    if (!NARROW.matches) return;
    this.opener = opener;
    document.documentElement.dataset.sheet = "open";
    this.pane.setAttribute("role", "dialog");
    this.pane.setAttribute("aria-modal", "true");
    this.pane.inert = false;
    const behind = this.behind();
    if (behind) behind.inert = true;
    this.root.querySelector(".wd-close").focus({ preventScroll: true });
  }

  close() {
    const wasOpen = this.isOpen;
    delete document.documentElement.dataset.sheet;
    this.pane.style.transform = "";
    this.pane.removeAttribute("role");
    this.pane.removeAttribute("aria-modal");
    this.pane.inert = NARROW.matches; // off the screen: not to be reached by Tab
    const behind = this.behind();
    if (behind) behind.inert = false;
    if (wasOpen && this.opener?.isConnected) this.opener.focus({ preventScroll: true });
    this.opener = null;
  }

  hold(event, bar) {
    if (!this.isOpen || event.target.closest("button")) return;
    bar.setPointerCapture(event.pointerId);
    this.pull = { from: event.clientY, at: event.clientY, time: event.timeStamp, speed: 0 };
    this.pane.style.transition = "none";
  }

  drag(event) {
    if (!this.pull) return;
    const passed = Math.max(1, event.timeStamp - this.pull.time);
    this.pull.speed = (event.clientY - this.pull.at) / passed;
    this.pull.at = event.clientY;
    this.pull.time = event.timeStamp;
    const down = Math.max(0, this.pull.at - this.pull.from);
    this.pane.style.transform = `translateY(${down}px)`;
  }

  release() {
    if (!this.pull) return;
    const { from, at, speed } = this.pull;
    this.pull = null;
    this.pane.style.transition = "";
    this.pane.style.transform = "";
    if (at - from > FAR * this.pane.offsetHeight || (speed > FAST && at > from)) this.close();
  }
}
