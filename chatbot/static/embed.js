// `?embed=1`: the chat alone, for a frame in another page. Whatever its width it is laid out as on a
// narrow screen, so that a citation opens the article as a sheet over the chat. Without a header the
// ways to a new conversation and to those before stand under the field.

import { hooks } from "./hooks.js";
import { EMBEDDED, NARROW_SCREEN } from "./screen.js";

if (EMBEDDED) {
  document.documentElement.dataset.embed = "true";
  for (const sheet of document.styleSheets) widen(sheet);
  hooks.drawn.push((root) => {
    root.querySelector(".wd-composer").append(root.querySelector(".wd-tools"));
    // Not to be seen, but a page has a heading for who hears it.
    const heading = root.querySelector(".wd-brand h1");
    heading.classList.add("wd-hidden");
    root.querySelector(".wd-chat").prepend(heading);
  });
}

function widen(sheet) {
  for (const rule of sheet.cssRules) {
    if (rule instanceof CSSMediaRule && rule.media.mediaText === NARROW_SCREEN) {
      rule.media.mediaText = "all";
    }
  }
}
