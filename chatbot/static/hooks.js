// What the page's further scripts (window.wenda.hooks) hang in. `sending` functions may add to what
// is sent to the server; `answered` functions see every turn that shows its answer, also one that
// was kept, with what the server sent: {html, record}. A turn has `body`, `actions` and `request`.
// `failed` functions get a turn that failed, with the server's {failure, gone} where it said why.
// `drawn` functions get the chat's element once it stands in the page, `opened` functions the id of
// a conversation that is shown, `removed` functions that of one that was deleted or cleared.
// `greeting` functions may return an element to greet with instead of the server's welcome.

export const hooks = {
  sending: [],
  answered: [],
  failed: [],
  drawn: [],
  opened: [],
  removed: [],
  greeting: [],
};

export function prepared(request) {
  hooks.sending.forEach((hook) => hook(request));
  return request;
}
