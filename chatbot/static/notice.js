// One line above the composer: what was just done, and how to take it back.

import { button, element } from "./text.js";

export class Notice {
  constructor(root) {
    this.root = root; // role="status": read out when it changes
  }

  show(text, action, act) {
    this.root.replaceChildren(element("span", "", text));
    if (action) this.root.append(button("wd-notice-action", action, act));
  }

  hide() {
    this.root.replaceChildren();
  }
}
