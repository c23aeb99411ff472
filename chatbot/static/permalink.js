// Addresses that ask: `?q=…&doc=…`. They hold all they need; nothing is stored for them anywhere.

// Returns {question, document} of the page's own address, null where it asks nothing.
export function asked() {
  const parameters = new URLSearchParams(window.location.search);
  const question = parameters.get("q")?.trim();
  return question ? { question, document: parameters.get("doc") || null } : null;
}

// Once asked, a reload shows the conversation and does not ask again.
export function forget() {
  const address = new URL(window.location.href);
  address.searchParams.delete("q");
  address.searchParams.delete("doc");
  window.history.replaceState(null, "", address);
}

// A follow-up is linked as it was understood: alone it would ask something else.
export function linkTo({ question, document, record }) {
  const address = new URL(window.location.pathname, window.location.origin);
  address.searchParams.set("q", record?.answered ? record.understood : question);
  if (document) address.searchParams.set("doc", document);
  return address.href;
}
