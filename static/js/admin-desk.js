/* The chat desk. The server's lists are the truth; events only bring them sooner, and a gap in a
   thread's numbers is asked for. What an agent has typed stays in this tab until the server has it. */
const root = document.querySelector(".desk");
const words = JSON.parse(document.getElementById("desk-words").textContent);
const { base, me: myself, login } = root.dataset;
const me = Number(myself);
const find = (selector) => root.querySelector(selector);
const POLL = 3000, SILENCE = 35000, TYPING = 6000, SIGN = 12000;

const chats = new Map();          // number → summary, of those that wait and of mine
let agents = [], canned = [], labels = [], variables = {}, isAway = false;
let selected = null;              // { summary, about, held, first, lines: Map(number → element), pending: Map(id → element) }
let outbox = read("desk-outbox", []);
const files = new Map(), drafts = new Map(Object.entries(read("desk-drafts", {})));
let stream = null, lastHeard = 0, pollTimer = 0, isLoggedOut = false, isSending = false;
const pageTitle = document.title;

function read(key, otherwise) {
  try { return JSON.parse(sessionStorage.getItem(key)) ?? otherwise; } catch { return otherwise; }
}
function keep(key, value) {
  try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* a full storage: the page goes on without */ }
}
function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
const pad = (number) => String(number).padStart(2, "0");
function clock(moment) {
  const time = new Date(moment);
  const day = time.toDateString() === new Date().toDateString() ? "" : `${time.getMonth() + 1}-${time.getDate()} `;
  return `${day}${pad(time.getHours())}:${pad(time.getMinutes())}`;
}

/* The cookie is right even after a new login in another tab; the page's own token is older. */
function token() {
  const cookie = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return cookie ? cookie[1] : root.querySelector("[name=csrfmiddlewaretoken]").value;
}
async function ask(method, path, data) {
  const request = { method, headers: { "X-CSRFToken": token() } };
  if (data instanceof FormData) request.body = data;
  else if (data) {
    request.body = JSON.stringify(data);
    request.headers["Content-Type"] = "application/json";
  }
  const response = await fetch(base + path, request).catch(() => {
    throw Object.assign(new Error(words.unreachable), { isOffline: true });
  });
  if (tell.isOffline) tell("");
  if (response.status === 204) return {};
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  if (response.status === 403 && (answer.is_logged_out || !answer.error)) showLoggedOut();
  throw Object.assign(new Error(answer.error || words.failure), { status: response.status, isFinal: answer.is_final });
}
function tell(text, isOffline = false) {
  const place = find(".desk__fault");
  tell.isOffline = isOffline;
  place.textContent = text;
  place.hidden = !text;
}
function showLoggedOut() {
  isLoggedOut = true;
  tell(words.loggedOut + " ");
  const link = element("a", "desk__button", words.login);
  link.href = login;
  link.target = "_blank";
  find(".desk__fault").append(link);
  showLink("offline");
}
function showLink(state) {
  const place = find(".desk__link");
  place.textContent = words[state];
  place.classList.toggle("is-down", state !== "online");
}
const tryTo = (promise) => promise.catch((error) => { if (!isLoggedOut) tell(error.message, error.isOffline); });

/* Lists. */
function entry(chat, isFound = false) {
  const item = element("li"), button = element("button", "desk__entry");
  button.type = "button";
  button.dataset.chat = chat.id;
  button.setAttribute("aria-current", String(selected?.summary.id === chat.id));
  const time = element("span", "desk__entry-time");
  if (chat.status === "waiting") time.dataset.since = chat.waiting_since;
  else time.textContent = clock(chat.changed_at);
  const name = element("span", "desk__entry-name", chat.visitor);
  button.append(time, name);
  if (chat.unread && !isFound) {
    const unread = element("span", "desk__unread", chat.unread);
    unread.setAttribute("aria-label", `${chat.unread} ${words.newMessage}`);
    name.append(unread);
  }
  button.append(element("span", "desk__entry-text", chat.types ? words.types + chat.types : chat.last.text || words.file));
  button.addEventListener("click", () => open(chat.id));
  item.append(button);
  return item;
}
function showLists() {
  const all = [...chats.values()];
  const waiting = all.filter((chat) => chat.status === "waiting").sort((a, b) => a.waiting_since - b.waiting_since);
  const mine = all.filter((chat) => chat.status === "active" && chat.agent === me).sort((a, b) => b.changed_at - a.changed_at);
  for (const [name, rows, none] of [["waiting", waiting, words.nobodyWaits], ["mine", mine, words.noChats]]) {
    const list = find(`[data-list=${name}]`), focused = document.activeElement?.dataset?.chat;
    find(`#desk-${name}`).textContent = `${words[name]} ${rows.length}`;
    list.replaceChildren(...(rows.length ? rows.map((chat) => entry(chat)) : [element("li", "desk__none", none)]));
    if (focused) list.querySelector(`[data-chat="${focused}"]`)?.focus();
  }
  const unread = waiting.length + mine.reduce((sum, chat) => sum + chat.unread, 0);
  document.title = unread ? `(${unread}) ${pageTitle}` : pageTitle;
  showWaits();
}
function showWaits() {
  for (const place of root.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.round((Date.now() - place.dataset.since) / 1000));
    place.textContent = `${words.waits} ${seconds < 60 ? `${seconds} ${words.second}` : `${Math.floor(seconds / 60)} ${words.minute}`}`;
    place.classList.toggle("is-late", seconds >= 60);
  }
}
function showAgents() {
  find(".desk__agents").textContent = agents.map((agent) => `${agent.name}（${agent.is_away ? words.away : `${agent.chats} ${words.chats}`}）`).join("，");
  const choice = find(".thread__transfer select");
  const others = agents.filter((agent) => agent.id !== me && !agent.is_away);
  choice.replaceChildren(...others.map((agent) => new Option(`${agent.name}（${agent.chats}）`, agent.id)));
  if (!others.length) choice.append(new Option(words.noColleague, ""));
}
async function refresh() {
  const answer = await ask("GET", "lists/");
  if (isLoggedOut) { isLoggedOut = false; tell(""); showLink("online"); }
  const before = new Set(chats.keys());
  chats.clear();
  for (const chat of answer.conversations) {
    chats.set(chat.id, chat);
    if (refresh.isLater && !before.has(chat.id)) announce(chat.status === "waiting" ? words.newVisitor : words.handedOver, chat);
  }
  refresh.isLater = true;
  ({ agents, canned, labels, variables } = answer);
  isAway = answer.me.is_away;
  find("[data-away]").textContent = isAway ? words.back : words.away;
  find("[data-away]").setAttribute("aria-pressed", String(isAway));
  variables["客服"] = agents.find((agent) => agent.id === me)?.name ?? answer.me.name;
  showLists();
  showAgents();
  if (selected) await catchUp();
}

/* One conversation. */
async function open(number) {
  keepDraft();
  // What is typed from here on is meant for this visitor: the one on the screen must not get it.
  open.wanted = number;
  find("#desk-text").readOnly = true;
  const answer = await tryTo(ask("GET", `${number}/`));
  if (open.wanted !== number) return;
  if (!answer) {
    find("#desk-text").blur();
    find("#desk-text").readOnly = !selected;
    return;
  }
  selected = { summary: answer.conversation, about: answer.about, held: 0, first: Infinity, lines: new Map(), pending: new Map() };
  find(".thread__lines").replaceChildren();
  find(".thread__transfer").hidden = true;
  place(answer.messages);
  for (const one of outbox.filter((other) => other.chat === number)) drawPending(one);
  find("#desk-text").value = drafts.get(String(number)) ?? "";
  find("#desk-text").readOnly = false;
  showThread();
  showAbout();
  showLists();
  toEnd();
  markRead();
  if (selected.summary.agent === me) find("#desk-text").focus();
}
function keepDraft() {
  if (!selected) return;
  const text = find("#desk-text").value;
  if (text) drafts.set(String(selected.summary.id), text); else drafts.delete(String(selected.summary.id));
  keep("desk-drafts", Object.fromEntries(drafts));
}
async function catchUp() {
  const { id } = selected.summary;
  const answer = await ask("GET", `${id}/?after=${selected.held}`);
  if (selected?.summary.id !== id) return;
  selected.summary = answer.conversation;
  selected.about = answer.about;
  const wasAtEnd = isAtEnd();
  place(answer.messages);
  showThread();
  showAbout();
  if (wasAtEnd) toEnd();
  markRead();
}
function draw(line) {
  const item = element("li", `thread__line--${line.kind}`);
  if (line.kind !== "system") {
    const who = line.kind === "visitor" ? selected.summary.visitor : line.name;
    item.append(element("span", "thread__who", `${line.kind === "note" ? `${words.note} · ` : ""}${who} ${line.at ? clock(line.at) : ""}`));
  }
  const bubble = element("span", "thread__bubble", line.text);
  if (line.file) {
    const link = element("a", "", line.file.width ? "" : line.file.name);
    link.href = line.file.url;
    link.target = "_blank";
    if (line.file.width) {
      const picture = element("img");
      picture.src = line.file.url;
      picture.alt = line.file.name;
      picture.width = Math.min(240, line.file.width);
      picture.height = Math.round(picture.width * line.file.height / line.file.width);
      link.append(picture);
    }
    bubble.append(link);
  }
  item.append(bubble);
  if (line.kind === "staff") item.append(element("span", "thread__mark"));
  return item;
}
function place(lines) {
  const list = find(".thread__lines");
  for (const line of lines[0]?.n < selected.first ? [...lines].reverse() : lines) {
    if (selected.lines.has(line.n)) continue;
    if (line.id) {
      selected.pending.get(line.id)?.remove();
      selected.pending.delete(line.id);
      outbox = outbox.filter((one) => one.id !== line.id);
      keepOutbox();
    }
    const item = draw(line);
    item.number = line.n;
    selected.lines.set(line.n, item);
    let follower = line.n < selected.first ? list.firstElementChild : null;
    for (let other = follower ? null : list.lastElementChild; other && !(other.number < line.n); other = other.previousElementSibling) follower = other;
    list.insertBefore(item, follower);
    selected.held = Math.max(selected.held, line.n);
    selected.first = Math.min(selected.first, line.n);
  }
}
const log = find(".thread__log");
const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 60;
const toEnd = () => { log.scrollTop = log.scrollHeight; };
function showThread() {
  const { summary } = selected, isMine = summary.status === "active" && summary.agent === me;
  find(".desk__empty").hidden = true;
  find(".thread").hidden = find(".desk__about").hidden = false;
  find(".thread__name").textContent = summary.visitor;
  find(".thread__facts").textContent = [summary.device, summary.agent && !isMine ? words.answeredBy + summary.agent_name : ""].filter(Boolean).join(" · ");
  const may = {
    take: summary.status === "waiting", release: isMine, close: isMine || summary.status === "waiting",
    reopen: summary.status === "closed", block: !summary.is_blocked, unblock: summary.is_blocked,
  };
  for (const button of root.querySelectorAll("[data-verb]")) button.hidden = !may[button.dataset.verb];
  find("[data-transfer]").hidden = !isMine;
  find("[data-older]").hidden = !(selected.first > 1 && selected.first < Infinity);
  find("[data-older]").textContent = words.older;
  for (const [number, item] of selected.lines) {
    const mark = item.querySelector(".thread__mark");
    if (mark) mark.textContent = number <= summary.visitor_read ? words.read : words.delivered;
  }
  find(".thread__typing").textContent = summary.types ? words.types + summary.types : "";
  clearTimeout(showThread.timer);
  if (summary.types) showThread.timer = setTimeout(() => { summary.types = ""; if (selected) showThread(); }, TYPING);
  const isSame = showThread.was === summary.id, isLost = isSame && showThread.wasMine && !isMine;
  // An answer that is being written does not become a note by itself: the visitor would never see it.
  if (isLost && text.value.trim()) tell(words.notYours);
  if (!isMine && !isSame) find("[name=kind][value=note]").checked = true;
  else if (isMine && !(isSame && showThread.wasMine)) find("[name=kind][value=staff]").checked = true;
  find("[name=kind][value=staff]").disabled = !isMine;
  showThread.was = summary.id;
  showThread.wasMine = isMine;
  showMode();
}
function showMode() {
  find(".thread__composer").classList.toggle("is-note", find("[name=kind]:checked").value === "note");
}
/* Visitors' browsers say these addresses: only pages become links. */
function address(url, text) {
  if (!/^(https?:\/\/|\/(?!\/))/.test(url)) return element("span", "", text || url);
  const link = element("a", "", text || url);
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}
function showAbout() {
  const { summary, about } = selected;
  const fill = (name, ...parts) => find(`[data-about=${name}]`).replaceChildren(...(parts.length ? parts : [words.noPages]));
  fill("page", ...(summary.page.url ? [address(summary.page.url, summary.page.title)] : []));
  fill("device", ...(summary.device ? [summary.device] : []));
  fill("referrer", about.referrer ? address(about.referrer) : words.direct);
  const items = (rows, make) => {
    const list = element("ul");
    list.append(...rows.map((row) => { const item = element("li"); item.append(make(row)); return item; }));
    return rows.length ? [list] : [];
  };
  fill("pages", ...items(about.pages, (page) => (page.url ? address(page.url, page.title) : page.title)));
  if (!find("[data-about=labels]").contains(document.activeElement)) fill("labels", ...items(labels, (label) => {
    const choice = element("label"), box = element("input");
    box.type = "checkbox";
    box.value = label.id;
    box.checked = about.labels.includes(label.id);
    box.addEventListener("change", () => {
      const chosen = [...root.querySelectorAll("[data-about=labels] input:checked")].map((other) => Number(other.value));
      tryTo(ask("POST", `${summary.id}/labels/`, { labels: chosen }));
    });
    choice.append(box, ` ${label.name}`);
    return choice;
  }));
  fill("earlier", ...items(about.earlier, (row) => {
    const button = element("button", "desk__button", `${clock(row.at)} ${row.status}${row.rating ? ` ${"★".repeat(row.rating)}` : ""}`);
    button.type = "button";
    button.addEventListener("click", () => open(row.id));
    return button;
  }));
  fill("enquiries", ...items(about.enquiries, (row) => address(`${base.replace(/chat\/$/, "")}contact/enquiry/${row.id}/change/`, `${row.receipt} ${row.status}`)));
  fill("rating", ...(summary.rating ? [`${"★".repeat(summary.rating)} ${about.rating_comment}`] : []));
}
function markRead() {
  if (!selected || document.hidden || selected.summary.agent !== me || selected.summary.status !== "active") return;
  if (selected.held <= Math.max(selected.summary.staff_read, selected.told ?? 0)) return;
  selected.told = selected.held;
  const chat = chats.get(selected.summary.id);
  if (chat) { chat.unread = 0; showLists(); }
  ask("POST", `${selected.summary.id}/read/`, { sequence: selected.held }).catch(() => { if (selected) selected.told = 0; });
}

/* What the stream tells. */
function hear({ conversation, messages }) {
  const before = chats.get(conversation.id);
  const isMine = conversation.status === "active" && conversation.agent === me;
  if (conversation.status === "waiting" || isMine) chats.set(conversation.id, conversation);
  else chats.delete(conversation.id);
  if (!before && conversation.status === "waiting") announce(words.newVisitor, conversation);
  else if (isMine && (!before || before.status !== "active") && hear.taking !== conversation.id) announce(words.handedOver, conversation);
  else if (isMine && messages.some((line) => line.kind === "visitor") && (document.hidden || selected?.summary.id !== conversation.id)) announce(words.newMessage, conversation);
  if (selected?.summary.id === conversation.id && conversation.revision >= selected.summary.revision) {
    const wasAtEnd = isAtEnd(), hasMoved = selected.summary.page.url !== conversation.page.url;
    selected.summary = conversation;
    const isWhole = messages.length ? messages[0].n <= selected.held + 1 : conversation.sequence <= selected.held;
    if (isWhole) place(messages);
    showThread();
    if (wasAtEnd) toEnd();
    markRead();
    if (!isWhole || hasMoved || conversation.sequence > selected.held) tryTo(catchUp());
  }
  showLists();
}
function listen() {
  stream?.close();
  clearTimeout(pollTimer);
  lastHeard = Date.now();
  const own = stream = new EventSource(`${base}stream/`);
  let isOpen = false;
  own.addEventListener("open", (event) => {
    if (!event.data) return;
    isOpen = true;
    sign.at = 0;
    heard();
    refresh().then(send, () => {});
  });
  own.addEventListener("beat", heard);
  own.addEventListener("conversation", (event) => { heard(); hear(JSON.parse(event.data)); });
  own.addEventListener("agents", () => { heard(); clearTimeout(listen.timer); listen.timer = setTimeout(() => refresh().catch(() => {}), 300); });
  own.onerror = () => {
    if (own !== stream) return;
    own.close();
    stream = null;
    if (isOpen) showLink("connecting");
    poll(isOpen ? 0 : (poll.count = (poll.count ?? 0) + 1));
  };
}
/* Whatever comes tells that we are there: a beat comes only where nothing else does. No timer, which a browser slows
   down in a tab that nobody sees. */
function heard() {
  lastHeard = Date.now();
  if (!isLoggedOut) showLink("online");
  if (lastHeard - (sign.at ?? 0) >= SIGN) sign();
}
/* Without a stream: ask every few seconds, and now and then for a stream. */
async function poll(count) {
  clearTimeout(pollTimer);
  try {
    await refresh();
    sign.at = 0;
    heard();
    send();
    if (count < 3 || count % 20 === 0) { pollTimer = setTimeout(listen, 300 + Math.random() * 2000); return; }
  } catch {
    showLink("offline");
  }
  pollTimer = setTimeout(() => poll(count + 1), POLL);
}
async function sign(data = {}) {
  if (isLoggedOut && !("is_away" in data)) return;
  sign.at = Date.now();
  await ask("POST", "presence/", data).catch(() => {});
}

/* Sound, notification. */
const isLoud = () => read("desk-sound", true);
function beep() {
  // Before the first click or key in this tab no browser lets a page sound: it only complains.
  if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return;
  try {
    const context = beep.context ??= new AudioContext();
    context.resume();
    for (const [frequency, start] of [[880, 0], [1175, 0.18]]) {
      const tone = context.createOscillator(), volume = context.createGain(), at = context.currentTime + start;
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.15, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.35);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + 0.35);
    }
  } catch { /* no sound on this machine */ }
}
function announce(title, chat) {
  if (isLoud()) beep();
  if (document.hidden && window.Notification?.permission === "granted") {
    const note = new Notification(title, { body: `${chat.visitor}：${chat.last.text || words.file}`, tag: `chat-${chat.id}` });
    note.onclick = () => { window.focus(); open(chat.id); note.close(); };
  }
}
function showComforts() {
  find("[data-sound]").textContent = isLoud() ? words.sound_on : words.sound_off;
  const permission = window.Notification?.permission ?? "denied";
  find("[data-notify]").textContent = { default: words.notify, granted: words.notify_on, denied: words.notify_off }[permission];
  find("[data-notify]").disabled = permission !== "default";
}

/* Sending. */
function keepOutbox() { keep("desk-outbox", outbox.filter((one) => !one.file)); }
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
function drawPending(one) {
  const item = draw({ kind: one.kind, name: words.me, text: one.text || one.name });
  if (!item.querySelector(".thread__mark")) item.append(element("span", "thread__mark"));
  selected.pending.set(one.id, item);
  find(".thread__lines").append(item);
  markPending(one);
  toEnd();
}
function markPending(one) {
  const item = selected?.pending.get(one.id);
  if (!item) return;
  const mark = item.querySelector(".thread__mark");
  mark.classList.toggle("is-failed", Boolean(one.error));
  mark.textContent = one.error ? `${words.failed}：${one.error} ` : words.sending;
  if (!one.error) return;
  for (const [word, action] of [["retry", () => { one.error = ""; markPending(one); send(); }], ["discard", () => discard(one)]]) {
    const button = element("button", "desk__button", words[word]);
    button.type = "button";
    button.addEventListener("click", action);
    mark.append(button);
  }
}
function discard(one) {
  outbox = outbox.filter((other) => other !== one);
  keepOutbox();
  selected?.pending.get(one.id)?.remove();
  selected?.pending.delete(one.id);
}
function queue(one) {
  outbox.push({ id: newId(), chat: selected.summary.id, kind: find("[name=kind]:checked").value, ...one });
  keepOutbox();
  drawPending(outbox.at(-1));
  send();
}
function post(one) {
  if (!one.file) return ask("POST", `${one.chat}/messages/`, { id: one.id, text: one.text, kind: one.kind, canned: one.canned });
  const data = new FormData();
  data.append("id", one.id);
  data.append("file", files.get(one.id));
  return ask("POST", `${one.chat}/messages/`, data);
}
async function send() {
  if (isSending) return;
  isSending = true;
  let tries = 0;
  for (let one; (one = outbox.find((other) => !other.error));) {
    try {
      const { message } = await post(one);
      outbox = outbox.filter((other) => other !== one);
      files.delete(one.id);
      keepOutbox();
      tries = 0;
      if (selected?.summary.id === one.chat) {
        selected.pending.get(one.id)?.remove();
        selected.pending.delete(one.id);
        if (message.n <= selected.held + 1) place([message]); else tryTo(catchUp());
        showThread();
        toEnd();
      }
    } catch (error) {
      if (isLoggedOut) break;
      if (error.status && error.status < 500) { one.error = error.message; markPending(one); keepOutbox(); continue; }
      showLink("offline");
      tries += 1;
      await new Promise((resolve) => { setTimeout(resolve, Math.min(10000, 400 * 2 ** tries)); });
    }
  }
  isSending = false;
}

/* Canned replies: / and a word. */
const text = find("#desk-text"), choices = find(".thread__canned");
let matches = [], choice = 0;
function showCanned() {
  const typed = /^\/(\S*)$/.exec(text.value);
  matches = typed ? canned.filter((reply) => reply.shortcut.includes(typed[1]) || reply.text.includes(typed[1])).slice(0, 8) : [];
  choice = Math.min(choice, Math.max(0, matches.length - 1));
  choices.hidden = !matches.length;
  choices.replaceChildren(...matches.map((reply, index) => {
    const item = element("li", "", `/${reply.shortcut}  ${reply.text || words.file}`);
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(index === choice));
    item.addEventListener("mousedown", (event) => { event.preventDefault(); use(reply); });
    return item;
  }));
}
function use(reply) {
  const values = { ...variables, "访客": selected.summary.visitor, "页面": selected.summary.page.title };
  text.value = reply.text.replace(/\{([^{}]+)\}/g, (whole, name) => values[name] ?? whole);
  showCanned();
  if (reply.picture) queue({ canned: reply.id, name: `/${reply.shortcut}`, text: "", kind: "staff", file: false });
  text.focus();
}
function typing() {
  keepDraft();
  showCanned();
  if (typing.timer || !selected || selected.summary.agent !== me || find("[name=kind]:checked").value === "note" || !text.value) return;
  ask("POST", `${selected.summary.id}/typing/`).catch(() => {});
  typing.timer = setTimeout(() => { typing.timer = 0; }, 3000);
}

/* What an agent does. */
text.addEventListener("input", typing);
text.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if (matches.length && ["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"].includes(event.key)) {
    event.preventDefault();
    if (event.key === "Escape") { text.value = ""; choice = 0; showCanned(); return; }
    if (event.key === "Enter" || event.key === "Tab") { use(matches[choice]); return; }
    choice = (choice + (event.key === "ArrowDown" ? 1 : -1) + matches.length) % matches.length;
    showCanned();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    find(".thread__composer").requestSubmit();
  }
});
/* A verb on its way decides who reads what is typed meanwhile: it is sent when that is known, not as a note before. */
let acting = Promise.resolve();
find(".thread__composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const thread = selected;
  await acting;
  const said = text.value.trim();
  if (!said || !selected || selected !== thread || text.readOnly) return;
  const kind = find("[name=kind]:checked");
  if (kind.value === "staff" && kind.disabled) { tell(words.notYours); return; }
  text.value = "";
  keepDraft();
  showCanned();
  queue({ text: said });
});
find(".thread__modes").addEventListener("change", showMode);
function attach(chosen) {
  for (const file of chosen) {
    const id = newId();
    files.set(id, file);
    queue({ id, name: file.name || words.file, file: true, kind: "staff" });
  }
}
find("[type=file]").addEventListener("change", (event) => { attach(event.target.files); event.target.value = ""; });
text.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) { event.preventDefault(); attach(event.clipboardData.files); }
});
for (const button of root.querySelectorAll("[data-verb]")) {
  button.addEventListener("click", async () => {
    const { verb } = button.dataset;
    if (verb === "block" && !window.confirm(words.confirmBlock)) return;
    if (verb === "close" && !window.confirm(words.confirmClose)) return;
    tell("");
    hear.taking = verb === "take" || verb === "reopen" ? selected.summary.id : 0;
    acting = tryTo(ask("POST", `${selected.summary.id}/${verb}/`)).then(() => refresh().catch(() => {}));
    await acting;
    if (verb === "take" || verb === "reopen") text.focus();
  });
}
find("[data-transfer]").addEventListener("click", () => {
  const form = find(".thread__transfer");
  form.hidden = !form.hidden;
  if (!form.hidden) { refresh().catch(() => {}); form.elements.to.focus(); }
});
find("[data-cancel]").addEventListener("click", () => { find(".thread__transfer").hidden = true; });
find(".thread__transfer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (!form.elements.to.value) { tell(words.noColleague); return; }
  tell("");
  await tryTo(ask("POST", `${selected.summary.id}/transfer/`, { to: form.elements.to.value, note: form.elements.note.value }));
  form.elements.note.value = "";
  form.hidden = true;
  await refresh().catch(() => {});
});
find("[data-rename]").addEventListener("click", async () => {
  const name = window.prompt(words.rename, selected.about.name);
  if (name === null) return;
  await tryTo(ask("POST", `${selected.summary.id}/rename/`, { name }));
  await refresh().catch(() => {});
});
find("[data-older]").addEventListener("click", async () => {
  const answer = await tryTo(ask("GET", `${selected.summary.id}/?before=${selected.first}`));
  if (!answer) return;
  const height = log.scrollHeight;
  place(answer.messages);
  showThread();
  log.scrollTop += log.scrollHeight - height;
});
find(".desk__search").addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await tryTo(ask("POST", "search/", { q: event.target.elements.q.value }));
  if (!answer) return;
  const rows = answer.conversations.map((chat) => entry(chat, true));
  find(".desk__found").hidden = false;
  find(".desk__found .desk__list-title").textContent = words.found;
  const last = answer.has_more ? [element("li", "desk__none", words.more)] : [];
  find(".desk__found .desk__list").replaceChildren(...(rows.length ? rows : [element("li", "desk__none", words.nothingFound)]), ...last);
});
find("[data-clear]").addEventListener("click", () => { find(".desk__found").hidden = true; });
find("[data-away]").addEventListener("click", async () => { await sign({ is_away: !isAway }); await refresh().catch(() => {}); });
find("[data-sound]").addEventListener("click", () => { keep("desk-sound", !isLoud()); showComforts(); });
find("[data-sound-test]").addEventListener("click", beep);
find("[data-notify]").addEventListener("click", async () => { await window.Notification?.requestPermission(); showComforts(); });
function awake() {
  if (document.hidden) return;
  markRead();
  if (isLoggedOut || !stream || Date.now() - lastHeard > 16000) listen();
}
document.addEventListener("visibilitychange", awake);
window.addEventListener("focus", awake);
window.addEventListener("online", listen);
window.addEventListener("offline", () => showLink("offline"));
window.addEventListener("pagehide", () => stream?.close());
window.addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
setInterval(() => {
  showWaits();
  if (stream && Date.now() - lastHeard > SILENCE) listen();
}, 1000);

showComforts();
showLink("connecting");
sign().then(listen);
if (/^#\d+$/.test(location.hash)) open(Number(location.hash.slice(1)));
