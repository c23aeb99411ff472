// Text as the plain text it is: in the page, in the clipboard, in a file.

// Characters that turn the direction of the text after them, each isolated by the style sheet and
// shown by its code, exactly as rendering.py writes them.
const DIRECTION = /([\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])/;

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) appendText(made, text);
  return made;
}

export function button(className, text, act) {
  const made = element("button", className, text);
  made.type = "button";
  if (act) made.addEventListener("click", act);
  return made;
}

export function appendText(parent, text) {
  text.split(DIRECTION).forEach((part, index) => {
    if (index % 2 === 0) {
      if (part) parent.append(part);
      return;
    }
    const isolated = document.createElement("bdi");
    isolated.className = "wd-direction";
    isolated.dataset.code = codeOf(part);
    isolated.textContent = part;
    parent.append(isolated);
  });
}

// For where no element may stand: what turns the direction is named instead.
export function nameDirections(text) {
  return text
    .split(DIRECTION)
    .map((part, index) => (index % 2 ? `[${codeOf(part)}]` : part))
    .join("");
}

function codeOf(character) {
  return "U+" + character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
}

// Resolves to whether it was copied. Pages from plain http on a network have no clipboard object.
export async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not allowed here: the older way may be.
    }
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "wd-hidden";
  document.body.append(field);
  const focused = document.activeElement;
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return copied;
}
