// What the page's further scripts (window.wenda.hooks) hang in. `sending` functions may add to what
// is sent to the server; `answered` functions see every turn that shows its answer, also one that
// was kept, with what the server sent: {html, record}. A turn has `body`, `actions` and `request`.

export const hooks = { sending: [], answered: [] };

export function prepared(request) {
  hooks.sending.forEach((hook) => hook(request));
  return request;
}
