// Conversations, kept in this browser and nowhere else: one entry of its storage each, so that two
// open pages do not overwrite each other's.

const PREFIX = "wenda-conversation-";
const OPEN = "wenda-open";

// A conversation: {id, updated, turns: [{id, question, document, history, state, html, record,
// failure}]}; `state` is answered or failed, `updated` in milliseconds since 1970.
export class Conversations {
  constructor() {
    this.local = usable("localStorage");
    this.session = usable("sessionStorage");
  }

  // Newest first, as {id, title, updated, questions}.
  list() {
    return this.keys()
      .map((key) => this.read(key))
      .filter(Boolean)
      .map((one) => ({
        id: one.id,
        title: titleOf(one),
        updated: one.updated,
        questions: one.turns.length,
      }))
      .sort((one, other) => other.updated - one.updated);
  }

  load(id) {
    return this.read(PREFIX + id);
  }

  // Returns whether it could be kept.
  save(conversation) {
    if (!conversation.turns.length) {
      this.remove(conversation.id);
      return true;
    }
    try {
      this.local.setItem(PREFIX + conversation.id, JSON.stringify(conversation));
      return true;
    } catch {
      return false;
    }
  }

  remove(id) {
    this.local.removeItem(PREFIX + id);
  }

  // The one that this page had open, else the newest; a new one where there is none.
  current() {
    const open = this.session.getItem(OPEN);
    // A new conversation in which nothing was asked yet is open too, but not stored.
    if (open !== null) return this.load(open) ?? { ...fresh(), id: open };
    const newest = this.list()[0];
    return (newest && this.load(newest.id)) ?? fresh();
  }

  setOpen(id) {
    this.session.setItem(OPEN, id);
  }

  // Tells when another page of this browser changes a conversation; `changed` gets its id.
  watch(changed) {
    window.addEventListener("storage", (event) => {
      if (event.key?.startsWith(PREFIX)) changed(event.key.slice(PREFIX.length));
    });
  }

  keys() {
    const keys = [];
    for (let index = 0; index < this.local.length; index += 1) {
      const key = this.local.key(index);
      if (key.startsWith(PREFIX)) keys.push(key);
    }
    return keys;
  }

  read(key) {
    try {
      const read = JSON.parse(this.local.getItem(key));
      return read && Array.isArray(read.turns) && typeof read.id === "string" ? read : null;
    } catch {
      return null;
    }
  }
}

export function fresh() {
  return { id: newId(), updated: Date.now(), turns: [] };
}

export function newId() {
  return Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
}

// The ids of its turns, as turn.js gives them.
export function idsOf(conversation) {
  return (conversation?.turns ?? []).map((turn, index) => turn.id ?? String(index + 1));
}

export function titleOf(conversation) {
  return conversation.turns[0]?.question ?? "新对话";
}

// A visitor may have forbidden storage; then all is kept as long as the page is open.
export function usable(name) {
  try {
    const storage = window[name];
    storage.setItem("wenda-try", "");
    storage.removeItem("wenda-try");
    return storage;
  } catch {
    return new MemoryStorage();
  }
}

class MemoryStorage {
  constructor() {
    this.items = new Map();
  }

  get length() {
    return this.items.size;
  }

  key(index) {
    return [...this.items.keys()][index];
  }

  getItem(key) {
    return this.items.get(key) ?? null;
  }

  setItem(key, value) {
    this.items.set(key, String(value));
  }

  removeItem(key) {
    this.items.delete(key);
  }
}
