/* What an agent does with a conversation: the server's verbs, a transfer, a name for the visitor. */

export function watchVerbs(desk) {
  for (const button of desk.root.querySelectorAll("[data-verb]")) {
    button.addEventListener("click", () => act(desk, button.dataset.verb));
  }
  watchTransfer(desk);
  desk.part("[data-rename]").addEventListener("click", () => renameVisitor(desk));
}

async function act(desk, verb) {
  const { openChat, words, session } = desk;
  const question = { block: words.confirmBlock, close: words.confirmClose }[verb];
  if (question && !window.confirm(question)) return;
  const takes = verb === "take" || verb === "reopen";
  session.tell("");
  desk.taking = takes ? openChat.id : 0;
  desk.acting = session.attempt(desk.ask("POST", `${openChat.id}/${verb}/`)).then(() => desk.tryRefresh());
  await desk.acting;
  if (takes) desk.composer.focus();
}

function watchTransfer(desk) {
  const { openChat, words, session } = desk;
  const form = desk.part(".thread__transfer");
  desk.part("[data-transfer]").addEventListener("click", () => {
    form.hidden = !form.hidden;
    if (form.hidden) return;
    desk.tryRefresh(); // for the colleagues who are present now
    form.elements.to.focus();
  });
  desk.part("[data-cancel]").addEventListener("click", () => {
    form.hidden = true;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { to, note } = form.elements;
    if (!to.value) {
      session.tell(words.noColleague);
      return;
    }
    session.tell("");
    await session.attempt(desk.ask("POST", `${openChat.id}/transfer/`, { to: to.value, note: note.value }));
    note.value = "";
    form.hidden = true;
    await desk.tryRefresh();
  });
}

async function renameVisitor(desk) {
  const { openChat, words, session } = desk;
  const name = window.prompt(words.rename, openChat.about.name);
  if (name === null) return;
  await session.attempt(desk.ask("POST", `${openChat.id}/rename/`, { name }));
  await desk.tryRefresh();
}
