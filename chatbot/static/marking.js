// Marks in the article: the sentence tinted, the quoted words in <mark>.

import { appendText, element } from "./text.js";

// What a citation's button points at: {document, paragraph, start, end, sentenceStart,
// sentenceEnd, words}. Offsets count code points of the article, as Python does, not UTF-16 units.
export function citeOf(button) {
  const number = (name) =>
    button.dataset[name] === undefined ? undefined : Number(button.dataset[name]);
  return {
    document: button.dataset.document,
    paragraph: number("paragraph"),
    start: number("start"),
    end: number("end"),
    sentenceStart: number("sentenceStart"),
    sentenceEnd: number("sentenceEnd"),
    words: button.dataset.words,
  };
}

// Mark in a paragraph what `cites` quote of it. A conversation may be older than the article: what
// no longer stands where it was quoted from is not marked.
export function mark(paragraph, cites) {
  paragraph.classList.add("wd-cited");
  const text = paragraph.querySelector(".wd-text");
  const characters = Array.from(text.textContent);
  const from = Number(paragraph.dataset.start);
  const marks = [];
  const tints = [];
  for (const cite of cites) {
    const [start, end] = [cite.start - from, cite.end - from];
    if (cite.start === undefined || !stands(characters, start, end, cite.words)) continue;
    marks.push([start, end]);
    if (cite.sentenceStart !== undefined) {
      tints.push([cite.sentenceStart - from, cite.sentenceEnd - from]);
    }
  }
  const within = (ranges, at) => ranges.some(([start, end]) => start <= at && at < end);
  const bounds = new Set([0, characters.length, ...marks.flat(), ...tints.flat()]);
  const cuts = [...bounds].filter((cut) => cut >= 0 && cut <= characters.length);
  cuts.sort((one, other) => one - other);
  text.replaceChildren();
  for (let index = 0; index + 1 < cuts.length; index += 1) {
    const [start, end] = [cuts[index], cuts[index + 1]];
    const piece = characters.slice(start, end).join("");
    if (within(marks, start)) {
      const made = element("mark", within(tints, start) ? "wd-tint" : "", piece);
      made.dataset.start = String(from + start);
      text.append(made);
    } else if (within(tints, start)) {
      text.append(element("span", "wd-tint", piece));
    } else {
      appendText(text, piece);
    }
  }
}

export function unmark(paragraph) {
  const text = paragraph.querySelector(".wd-text");
  const plain = text.textContent;
  text.replaceChildren();
  appendText(text, plain);
  paragraph.classList.remove("wd-cited");
}

function stands(characters, start, end, words) {
  return words === undefined || characters.slice(start, end).join("") === words;
}
