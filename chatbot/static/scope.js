// Where there are several articles: which of them are asked, and which is read. One dialog with a
// search over the titles chooses either.

import { button, element } from "./text.js";

// More than this many titles are not read through; the search finds the rest.
const LISTED = 200;

export class Scope {
  constructor(root, page) {
    this.page = page;
    this.document = null; // the id of the only article asked, null for all
    this.documents = [];
    this.chip = root.querySelector(".wd-scope");
    this.dialog = root.querySelector(".wd-documents");
    this.search = this.dialog.querySelector("input");
    this.items = this.dialog.querySelector(".wd-document-list");
    this.count = this.dialog.querySelector(".wd-document-count");
    this.chip.addEventListener("click", () => this.open());
    this.search.addEventListener("input", () => this.draw());
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing && event.keyCode !== 229) {
        event.preventDefault();
        this.items.querySelector("button")?.click();
      }
    });
    this.dialog.addEventListener("click", (event) => this.onClick(event));
  }

  // `documents` are all there are, as {id, title, paragraphs}.
  offer(documents) {
    this.documents = documents;
    if (this.document && !this.find(this.document)) this.document = null;
    this.label();
  }

  find(id) {
    return this.documents.find((document) => document.id === id);
  }

  // Whether a document may be asked: null are all of them, and before the server named any
  // nothing is known.
  has(id) {
    return id === null || !this.documents.length || Boolean(this.find(id));
  }

  choose(id) {
    this.document = id || null;
    this.label();
  }

  label() {
    const several = this.documents.length > 1;
    this.chip.hidden = !several;
    const chosen = this.find(this.document);
    const said = chosen ? `只在《${chosen.title}》里找` : `在全部 ${this.documents.length} 篇里找`;
    this.chip.replaceChildren(element("span", "", said));
  }

  open() {
    this.search.value = "";
    this.draw();
    this.dialog.showModal();
    this.search.focus();
  }

  draw() {
    const wanted = this.search.value.trim().toLowerCase();
    const found = this.documents.filter(({ title }) => title.toLowerCase().includes(wanted));
    const items = found.slice(0, LISTED).map((document) => this.item(document));
    if (!wanted) items.unshift(this.item({ id: "", title: `全部 ${this.documents.length} 篇` }));
    this.items.replaceChildren(...items);
    this.count.textContent = wanted ? `找到 ${found.length} 篇` : "";
    if (found.length > LISTED) this.count.textContent += `，列出前 ${LISTED} 篇`;
  }

  item({ id, title, paragraphs }) {
    const item = element("li");
    const chooses = button("wd-document", "");
    chooses.dataset.document = id;
    chooses.append(element("span", "", title));
    if (paragraphs) chooses.append(element("span", "wd-kept-when", `${paragraphs} 段`));
    chooses.setAttribute("aria-pressed", String((this.document ?? "") === id));
    item.append(chooses);
    return item;
  }

  onClick(event) {
    if (event.target === this.dialog || event.target.closest(".wd-dialog-close")) {
      this.dialog.close();
      return;
    }
    const chosen = event.target.closest(".wd-document");
    if (!chosen) return;
    this.choose(chosen.dataset.document);
    this.dialog.close();
    if (this.document) this.page.article?.read(this.document);
    this.page.chat?.composer.focus();
  }
}
