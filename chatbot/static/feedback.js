// Under every answer: was it right? A thumb is sent at once; after a thumb down the right answer and
// the reason can be added. Nothing is sent unless a thumb is pressed.

import { usable } from "./conversations.js";
import { hooks } from "./hooks.js";
import { button, element } from "./text.js";

const ADDRESS = "./api/feedback";
const GIVEN = "wenda-feedback";
// What the server takes, in characters.
const PROPOSAL = 500;
const REASON = 1000;

const THUMB =
  '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 11v9H3.5v-9zm0 0 4-7.5c1.6 0 2.5 1 2.2 ' +
  '2.5L12.5 9.5h5.7a2 2 0 0 1 2 2.4l-1.2 6.5a2 2 0 0 1-2 1.6H7"/></svg>';

const session = usable("sessionStorage");

hooks.answered.push((turn) => {
  // What was said of a visitor's own article would outlive the article.
  if (!turn.record || isOwn(turn.record)) return;
  const reply = turn.body.querySelector(".wd-reply");
  reply?.insertBefore(new Judgement(turn).root, reply.querySelector(":scope > .wd-suggestions"));
});

function isOwn({ citation, passages }) {
  return [citation, ...passages].some((place) => place?.document.startsWith("own:"));
}

class Judgement {
  constructor(turn) {
    const { question, history, document } = turn.request;
    const answer = turn.record.answer;
    this.about = { question, history, document, answer };
    this.answered = turn.record.answered;
    this.key = JSON.stringify(this.about);
    this.sending = Promise.resolve();
    this.root = element("div", "wd-feedback");
    // The conversation is read out as it grows; these controls are not part of the answer.
    this.root.setAttribute("aria-live", "off");
    const group = element("div", "wd-thumbs");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "评价这个回答");
    this.up = this.thumb("up", "对");
    this.down = this.thumb("down", "不对");
    this.status = element("span", "wd-feedback-status");
    this.status.setAttribute("role", "status");
    group.append(this.up, this.down, this.status);
    this.root.append(group);
    this.press(given()[this.key]?.rating);
  }

  thumb(rating, text) {
    const made = button(`wd-thumb wd-thumb-${rating}`, "", () => this.judge(rating));
    made.innerHTML = THUMB;
    made.append(element("span", "", text));
    return made;
  }

  press(rating) {
    this.up.setAttribute("aria-pressed", String(rating === "up"));
    this.down.setAttribute("aria-pressed", String(rating === "down"));
  }

  async judge(rating) {
    this.press(rating);
    if (rating === "up") this.form?.remove();
    else this.ask();
    if (!(await this.send({ rating }))) this.press(given()[this.key]?.rating);
  }

  // Resolves to whether it was kept. One after the other: the second corrects the first.
  send(said) {
    this.sending = this.sending.then(() => this.post(said));
    return this.sending;
  }

  async post(said) {
    this.say("");
    const id = given()[this.key]?.id;
    try {
      const response = await fetch(ADDRESS, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ...this.about, ...said, ...(id && { id }) }),
      });
      if (response.ok) {
        remember(this.key, { id: (await response.json()).id, rating: said.rating });
        this.say("谢谢，记下了。");
        return true;
      }
      // The operator has taken the file away meanwhile: it is new feedback then.
      if (response.status === 404 && id) {
        remember(this.key, undefined);
        return this.post(said);
      }
      const problem = await response.json().catch(() => ({}));
      this.say(`没能送出：${problem.detail ?? "服务器出了错。"}`, true);
    } catch {
      this.say("没能送出：连不上服务器，请稍后再点一次。", true);
    }
    return false;
  }

  say(text, failed = false) {
    this.status.classList.toggle("wd-failed", failed);
    this.status.textContent = text;
  }

  // What was right, and what was wrong: both optional.
  ask() {
    if (this.form?.isConnected) return;
    this.form = element("form", "wd-correction");
    this.proposed = field("input", "正确的回答（最好是文章里的原话）", PROPOSAL);
    this.reason = field("textarea", "哪里不对", REASON);
    this.form.append(this.proposed.label);
    if (this.answered) this.form.append(this.refusalBox());
    this.form.append(this.reason.label);
    const send = button("wd-correct", "提交");
    send.type = "submit";
    const row = element("div", "wd-correction-row");
    row.append(send, button("wd-correct-not", "不用了", () => this.close()));
    this.form.append(row);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.correct();
    });
    this.form.addEventListener("keydown", (event) => {
      // Enter and Esc that end an input method's composition are not for the form.
      const composing = event.isComposing || event.keyCode === 229;
      if (event.key === "Enter" && composing && event.target.matches("input")) {
        event.preventDefault();
      }
      if (event.key === "Escape" && !composing) this.close();
    });
    this.root.append(this.form);
    this.proposed.control.focus({ preventScroll: true });
    this.form.scrollIntoView({ block: "nearest" });
  }

  refusalBox() {
    const label = element("label", "wd-correction-none");
    this.none = element("input", "");
    this.none.type = "checkbox";
    this.none.addEventListener("change", () => {
      this.proposed.control.disabled = this.none.checked;
    });
    label.append(this.none, "文章里没有说，应当直说没有");
    return label;
  }

  async correct() {
    const refuse = this.none?.checked ?? false;
    const proposed = refuse ? "" : this.proposed.control.value.trim();
    const reason = this.reason.control.value.trim();
    const kept = await this.send({
      rating: "down",
      ...(proposed && { proposed }),
      ...(refuse && { answerable: false }),
      ...(reason && { reason }),
    });
    // Where it was not kept, the form stays with all that was typed.
    if (kept) this.close();
  }

  close() {
    this.form.remove();
    this.down.focus({ preventScroll: true });
  }
}

function field(tag, text, limit) {
  const label = element("label", "wd-correction-field");
  const control = element(tag, "");
  control.maxLength = limit;
  control.autocomplete = "off";
  if (tag === "textarea") control.rows = 2;
  label.append(element("span", "", text), control);
  return { label, control };
}

// What this page's visitor said so far, {id, rating} by what it was said of.
function given() {
  try {
    return JSON.parse(session.getItem(GIVEN)) ?? {};
  } catch {
    return {};
  }
}

function remember(key, said) {
  const all = given();
  if (said) all[key] = said;
  else delete all[key];
  try {
    session.setItem(GIVEN, JSON.stringify(all));
  } catch {
    // No room: a second thumb is then a second word.
  }
}
