// The conversations of this browser, in a dialog: open one, delete it, take it along as a file.

import { fresh, titleOf } from "./conversations.js";
import { download, fileName, toMarkdown, toQuestionSet } from "./export.js";
import { hooks } from "./hooks.js";
import { button, element } from "./text.js";

const WHEN = new Intl.DateTimeFormat("zh-CN", {
  month: "numeric",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

export class ConversationList {
  constructor(root, chat, conversations) {
    this.chat = chat;
    this.conversations = conversations;
    this.dialog = root.querySelector(".wd-conversations");
    this.items = this.dialog.querySelector(".wd-kept");
    this.status = this.dialog.querySelector(".wd-kept-status");
    root.querySelector(".wd-new").addEventListener("click", () => this.begin());
    root.querySelector(".wd-list-open").addEventListener("click", () => this.open());
    this.dialog.addEventListener("click", (event) => this.onClick(event));
  }

  begin() {
    this.dialog.close();
    if (this.chat.turns.length) this.chat.open(fresh());
    this.chat.composer.focus();
  }

  open() {
    this.status.replaceChildren();
    this.draw();
    this.dialog.showModal();
  }

  draw() {
    const kept = this.conversations.list();
    this.items.replaceChildren(...kept.map((one) => this.item(one)));
    this.dialog.querySelector(".wd-none").hidden = kept.length > 0;
  }

  item(one) {
    const item = element("li", "wd-kept-item");
    item.dataset.id = one.id;
    const opens = button("wd-kept-open", "");
    opens.append(
      element("span", "wd-kept-title", one.title),
      element("span", "wd-kept-when", `${one.questions} 问 · ${WHEN.format(one.updated)}`)
    );
    if (one.id === this.chat.conversation.id) opens.setAttribute("aria-current", "true");
    const tools = element("span", "wd-kept-tools");
    for (const [name, label, meant] of [
      ["wd-markdown", "Markdown", "导出成 Markdown"],
      ["wd-question-set", "问题集", "导出成问题集"],
      ["wd-delete", "删除", "删除"],
    ]) {
      const tool = button(name, label);
      tool.setAttribute("aria-label", `${meant}：${one.title}`);
      tools.append(tool);
    }
    item.append(opens, tools);
    return item;
  }

  onClick(event) {
    if (event.target === this.dialog || event.target.closest(".wd-dialog-close")) {
      this.dialog.close();
      return;
    }
    if (event.target.closest(".wd-clear")) {
      this.dialog.close();
      this.chat.clear();
    }
    const item = event.target.closest(".wd-kept-item");
    const pressed = event.target.closest("button");
    if (item && pressed) this.act(pressed, this.conversations.load(item.dataset.id));
  }

  act(pressed, conversation) {
    if (!conversation) {
      this.draw(); // deleted in another page of this browser
    } else if (pressed.matches(".wd-kept-open")) {
      this.dialog.close();
      if (conversation.id !== this.chat.conversation.id) this.chat.open(conversation);
      this.chat.composer.focus();
    } else if (pressed.matches(".wd-markdown")) {
      download(fileName(conversation, ".md"), toMarkdown(conversation), "text/markdown");
    } else if (pressed.matches(".wd-question-set")) {
      this.exportQuestionSet(conversation);
    } else this.remove(conversation);
  }

  exportQuestionSet(conversation) {
    const lines = toQuestionSet(conversation);
    if (lines) download(fileName(conversation, ".jsonl"), lines, "application/jsonl");
    else this.status.replaceChildren("这个对话里还没有回答过的问题，没有可以导出的。");
  }

  remove(conversation) {
    this.conversations.remove(conversation.id);
    hooks.removed.forEach((hook) => hook(conversation.id));
    if (conversation.id === this.chat.conversation.id) this.chat.open(fresh());
    this.draw();
    const undo = button("wd-notice-action", "恢复", () => {
      this.conversations.save(conversation);
      this.status.replaceChildren();
      this.draw();
      this.items.querySelector(`[data-id="${conversation.id}"] button`)?.focus();
    });
    this.status.replaceChildren(element("span", "", `已删除“${titleOf(conversation)}”。`), undo);
    undo.focus();
  }
}
