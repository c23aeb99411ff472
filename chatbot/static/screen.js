// What the page asks of the screen; the style sheets ask the same.

export const NARROW = window.matchMedia("(max-width: 56.24em)");
export const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");
