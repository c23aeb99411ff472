// What the page asks of the screen; the style sheets ask the same.

export const NARROW_SCREEN = "(max-width: 56.24em)";
// In a frame of another page (embed.js) there is no room for an article beside the chat.
export const EMBEDDED = new URLSearchParams(window.location.search).get("embed") === "1";

export const NARROW = window.matchMedia(EMBEDDED ? "all" : NARROW_SCREEN);
export const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");
