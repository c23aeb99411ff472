// A visitor's own article: dropped, chosen or pasted, asked about in this conversation, and gone
// after it. The server keeps it in memory under a secret that only this page knows.

import { usable } from "./conversations.js";
import { hooks } from "./hooks.js";
import { button, element } from "./text.js";

const ADDRESS = "./api/articles";
const OWN = "wenda-own";
// What is pasted comes as a file of this kind, which an operator may not take.
const PLAIN = ".txt";
const PASTED = `粘贴的文字${PLAIN}`;
// Seconds that the server waits before it takes away the article of a page that was closed: one that
// is loaded anew is back before.
const LEAVING = 60;
// Longer than this, in milliseconds, and the wait is explained.
const EXPLAIN = 1_000;

const session = usable("sessionStorage");

// Which own article belongs to which conversation of this page: {article, document, title} by id.
// The secret stays in the page's session: a closed tab forgets it.
const kept = {
  all() {
    try {
      return JSON.parse(session.getItem(OWN)) ?? {};
    } catch {
      return {};
    }
  },
  set(conversation, own) {
    const all = this.all();
    if (own) all[conversation] = own;
    else delete all[conversation];
    session.setItem(OWN, JSON.stringify(all));
  },
};

let conversation = null;
let shown = null; // the OwnArticle of the page, once it is drawn

const current = () => kept.all()[conversation] ?? null;

hooks.sending.push((request) => {
  const own = current();
  if (!own) return;
  if ("question" in request) Object.assign(request, { article: own.article, document: null });
  else if (request.document === own.document) request.article = own.article;
});

hooks.answered.push((turn) => {
  // A link would ask the articles of the server, which never heard of this one.
  const places = [turn.record?.citation, ...(turn.record?.passages ?? [])];
  if (!places.some((place) => place?.document.startsWith("own:"))) return;
  [...turn.actions.querySelectorAll(".wd-copy")].at(-1)?.remove();
});

hooks.opened.push((id) => {
  conversation = id;
  shown?.draw();
});

hooks.removed.push((id) => {
  takeAway(id);
  if (id === conversation) shown?.draw();
});

// What was asked of an article that the server no longer has failed, and so would every question
// after it.
hooks.failed.push((turn, { gone }) => {
  if (gone === "article" && turn.request.article === current()?.article) shown?.release(turn.failure);
});

hooks.greeting.push(() => {
  const own = current();
  if (!own) return null;
  const says = `关于您放入的《${own.title}》，您想知道什么？我只用它的原话回答，它没有说的，我会直说。`;
  return element("p", "wd-says", says);
});

hooks.drawn.push((root, page) => {
  shown = new OwnArticle(root, page);
  comeBack();
});

const addressOf = ({ article }) => `${ADDRESS}/${encodeURIComponent(article)}`;

function takeAway(id) {
  const own = kept.all()[id];
  if (!own) return;
  kept.set(id, null);
  // It goes by itself after a while, too; so nothing hangs on whether this arrives.
  fetch(addressOf(own), { method: "DELETE", keepalive: true }).catch(() => {});
}

// A page that is left cannot tell whether it is closed or loaded anew.
window.addEventListener("pagehide", () => {
  for (const own of Object.values(kept.all())) {
    const address = `${addressOf(own)}?after=${LEAVING}`;
    fetch(address, { method: "DELETE", keepalive: true }).catch(() => {});
  }
});

// Back again: the articles stay. One that is not there any more is not offered to be asked.
async function comeBack() {
  for (const [id, own] of Object.entries(kept.all())) {
    const response = await fetch(addressOf(own)).catch(() => null);
    if (response?.status !== 404 || kept.all()[id]?.article !== own.article) continue;
    if (id === conversation && shown) shown.release();
    else kept.set(id, null);
  }
}

window.addEventListener("pageshow", (event) => {
  if (event.persisted) comeBack();
});

class OwnArticle {
  constructor(root, page) {
    this.root = root;
    this.page = page;
    this.terms = null;
    this.line = element("div", "wd-own");
    root.querySelector(".wd-field").before(this.line);
    this.makeDialog();
    root.querySelector(".wd-chat").append(this.dialog);
    this.takeDrops();
    root.querySelector("textarea").addEventListener("paste", (event) => this.onPaste(event));
    this.draw();
  }

  // The server has it no more: whoever goes on asks the articles there are, or brings it again.
  release(failure) {
    const { title } = current();
    kept.set(conversation, null);
    this.draw();
    // Its questions that wait in line are not asked of other articles.
    if (failure) this.page.chat.line.failWaiting(failure);
    const said = `《${title}》在服务器上已经没有了；可以重新放入，不放就问原来的文章。`;
    this.page.chat?.notice.show(said, "重新放入", () => this.open());
  }

  // Beside the field: how to bring an article, or which one is asked.
  draw() {
    const own = current();
    this.root.dataset.own = String(Boolean(own));
    this.page.chat?.drawGreeting();
    if (!own) {
      const bring = button("wd-bring", "放入自己的文章", () => this.open());
      bring.setAttribute("aria-haspopup", "dialog");
      this.line.replaceChildren(bring);
      this.showCorpusAgain();
      return;
    }
    const read = button("wd-own-title", "", (event) => {
      this.page.article?.read(own.document);
      this.page.article?.sheet.open(event.currentTarget);
    });
    read.append(element("span", "", `只问您放入的《${own.title}》`));
    this.line.replaceChildren(read, button("wd-own-away", "取走", () => this.remove()));
  }

  showCorpusAgain() {
    const { article, scope } = this.page;
    const first = scope?.documents[0];
    if (first && article?.shown?.startsWith("own:")) article.read(first.id);
  }

  remove() {
    const { title } = current();
    takeAway(conversation);
    this.draw();
    this.page.chat.notice.show(`《${title}》已取走，服务器上不再有它。`);
    this.page.chat.composer.focus();
  }

  // ---- The dialog ----------------------------------------------------------------------------

  makeDialog() {
    this.dialog = element("dialog", "wd-dialog wd-bringing");
    this.dialog.setAttribute("aria-labelledby", "wenda-bringing");
    const bar = element("div", "wd-dialog-bar");
    const heading = element("h2", "", "放入自己的文章");
    heading.id = "wenda-bringing";
    bar.append(heading, button("wd-dialog-close", "关闭", () => this.dialog.close()));
    this.note = element("p", "wd-note", "");
    this.file = element("input", "wd-hidden");
    this.file.type = "file";
    this.file.tabIndex = -1;
    this.file.setAttribute("aria-hidden", "true");
    this.file.addEventListener("change", () => this.bringFiles(this.file.files));
    this.choose = button("wd-choose-file", "选一个文件，或把它拖到这里", () => this.file.click());
    this.paste = element("label", "wd-paste");
    this.text = element("textarea", "");
    this.text.rows = 6;
    this.paste.append(element("span", "", "或者粘贴文字"), this.text);
    this.status = element("p", "wd-bringing-status");
    this.status.setAttribute("role", "status");
    this.use = button("wd-use-text", "用这段文字", () => this.bringText());
    const { note, choose, file, paste, status, use } = this;
    this.dialog.append(bar, note, choose, file, paste, status, use);
    this.dialog.addEventListener("close", () => {
      this.abort?.abort();
      if (document.activeElement === document.body) this.page.chat.composer.focus();
    });
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
  }

  async open() {
    if (!this.dialog.open) {
      this.say("");
      this.dialog.showModal();
    }
    try {
      this.terms ??= await (await fetch(ADDRESS)).json();
    } catch {
      return; // what the server takes is then told when it refuses
    }
    const { formats, megabytes, minutes } = this.terms;
    this.file.accept = formats.join(",");
    const plain = formats.includes(PLAIN);
    for (const part of [this.paste, this.use]) part.hidden = !plain;
    this.note.textContent =
      `可以是 ${formats.join("、")}，最大 ${megabytes} MB。只在这个对话里用，别人看不到；` +
      `取走、删除对话，或 ${minutes} 分钟没有提问，服务器就不再保留。`;
  }

  say(text, failed = false) {
    this.status.classList.toggle("wd-failed", failed);
    this.status.replaceChildren(element("span", "", text));
  }

  bringFiles(files) {
    if (files.length > 1) this.say("一次只能放入一个文件；请选一个再放。", true);
    else if (files.length) this.bring(files[0].name, files[0]);
  }

  bringText() {
    if (this.text.value.trim()) this.bring(PASTED, new Blob([this.text.value]));
    else this.say("还没有文字；请先粘贴，或选一个文件。", true);
  }

  async bring(name, content) {
    await this.open();
    if (this.terms && content.size > this.terms.megabytes * 1024 * 1024) {
      const most = `${this.terms.megabytes} MB`;
      this.say(`${name}：超过 ${most}；请换一份小一些的，或只粘贴要问的部分。`, true);
      return;
    }
    this.abort?.abort();
    this.abort = new AbortController();
    const timer = window.setTimeout(
      () => this.say(`正在读 ${name}，长的文章要几十秒……`),
      EXPLAIN
    );
    this.busy(true);
    try {
      const own = await this.send(name, content, this.abort.signal);
      if (own) this.take(own);
    } catch (error) {
      if (error.name === "AbortError") this.say("");
      else this.say(`${name}：没能送到服务器；请检查连接，再试一次。`, true);
    } finally {
      window.clearTimeout(timer);
      this.busy(false);
    }
  }

  busy(is) {
    this.dialog.setAttribute("aria-busy", String(is));
    for (const control of [this.choose, this.use]) control.disabled = is;
    if (!is) this.file.value = "";
  }

  // Resolves to what the server made of it; null, and the reason shown, where it refused.
  async send(name, content, signal) {
    const response = await fetch(`${ADDRESS}?name=${encodeURIComponent(name)}`, {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream" },
      body: content,
      signal,
    });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    const detail = answer.detail ?? "服务器出了错，请再试一次。";
    this.say(detail.startsWith(name) ? detail : `${name}：${detail}`, true);
    return null;
  }

  take({ article, document, title }) {
    takeAway(conversation); // the one before
    kept.set(conversation, { article, document, title });
    this.text.value = "";
    this.dialog.close();
    this.draw();
    this.page.chat.notice.show(`《${title}》放好了，现在只问这一篇。`);
    this.page.article?.read(document);
    this.page.chat.composer.focus();
  }

  // ---- Dropping and pasting ------------------------------------------------------------------

  takeDrops() {
    const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
    document.addEventListener("dragover", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      this.root.dataset.drop = "true";
    });
    document.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) delete this.root.dataset.drop;
    });
    document.addEventListener("drop", (event) => {
      delete this.root.dataset.drop;
      if (!holdsFiles(event)) return;
      event.preventDefault();
      this.open();
      this.bringFiles(event.dataTransfer.files);
    });
  }

  // What is too long for a question is meant to be asked about; the field would cut it off.
  onPaste(event) {
    const text = event.clipboardData?.getData("text") ?? "";
    if (text.length <= event.target.maxLength || this.paste.hidden) return;
    event.preventDefault();
    // A dialog that closes gives the field its focus back, but in Chromium without a caret: nothing
    // could be typed. It gets the focus anew instead.
    event.target.blur();
    this.text.value = text;
    this.open();
    this.say("这段文字太长，不像一个问题；要问它吗？");
    this.use.focus();
  }
}
