"use strict";
// Filters the questions. The page is whole without it.
(() => {
  const form = document.getElementById("filter");
  const count = document.getElementById("count");
  const words = document.getElementById("words");
  const selects = ["state", "reason", "kind", "tag"]
    .map((name) => document.getElementById(name))
    .filter(Boolean);
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  // The text is looked up at the first search only: opening the page need not wait for it.
  const items = Array.from(document.getElementById("list").children, (element) => ({
    element,
    text: null,
    shown: true,
  }));
  let waiting = false;

  const fits = (item, wanted, chosen) => {
    const data = item.element.dataset;
    for (const [name, value] of chosen) {
      const given = name === "tag" ? data.tag.split(" ").includes(value) : data[name] === value;
      if (!given) return false;
    }
    if (!wanted.length) return true;
    item.text ??= plain(item.element.textContent);
    return wanted.every((word) => item.text.includes(word));
  };

  const filter = () => {
    waiting = false;
    const wanted = plain(words.value).split(/\s+/).filter(Boolean);
    const chosen = selects.filter((it) => it.value).map((it) => [it.id, it.value]);
    let shown = 0;
    for (const item of items) {
      const fit = fits(item, wanted, chosen);
      shown += fit;
      if (fit !== item.shown) {
        item.shown = fit;
        item.element.hidden = !fit;
      }
    }
    count.value =
      shown === items.length ? `共 ${items.length} 题` : `${items.length} 题中的 ${shown} 题`;
  };

  // Several key strokes in one frame are one search.
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(filter);
  };

  form.addEventListener("input", soon);
  // Not every way of choosing an option (a driver's, an old assistive tool's) is an input too.
  form.addEventListener("change", soon);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("clear").addEventListener("click", () => {
    form.reset();
    soon();
    words.focus();
  });
  form.hidden = false;
  // A browser that goes back to the page brings the old choices along.
  soon();
})();
