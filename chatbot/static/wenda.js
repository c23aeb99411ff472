// The page's own behaviour, put together. Gradio calls wenda.chat and wenda.article when the two
// components have been drawn, and wenda.failed when an event of theirs failed.

import { Article } from "./article.js";
import { Chat } from "./chat.js";
import "./embed.js";
import { ConversationList } from "./conversation-list.js";
import { Conversations } from "./conversations.js";
import { hooks } from "./hooks.js";
import { Scope } from "./scope.js";

// Gradio sets the page's language to the browser's; the page is Chinese whoever reads it, and a
// screen reader must know.
new MutationObserver(() => {
  const root = document.documentElement;
  if (root.lang !== "zh-CN") root.lang = "zh-CN";
}).observe(document.documentElement, { attributeFilter: ["lang"] });

// What stands in the page, for its parts to find each other.
const page = { chat: null, article: null, scope: null, conversations: new Conversations() };

window.wenda = {
  page,
  hooks,
  chat(root, props, watch, send) {
    hooks.drawn.forEach((hook) => hook(root, page));
    page.scope = new Scope(root, page);
    page.chat = new Chat(root, send, page.conversations, page);
    page.list = new ConversationList(root, page.chat, page.conversations);
    watch("value", () => page.chat.receive(props.value));
    page.chat.receive(props.value);
  },
  article(root, props, watch, open) {
    page.article = new Article(root, open, page);
    watch("value", () => page.article.receive(props.value));
    page.article.receive(props.value);
    page.chat?.point(page.chat.turns.at(-1));
  },
  failed() {
    page.chat?.failed();
  },
};
