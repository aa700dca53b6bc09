/* The lists of those who wait and of the agent's own conversations, the colleagues, and the number in the page's title. */

import { element } from "../line.js";
import { fillText, shortTime } from "../text.js";
import { watchSearch } from "./search.js";

const LATE = 60; // seconds of waiting
const TITLE = document.title;

export class ChatLists {
  #desk;
  #chats = new Map(); // primary key → summary

  agents = []; // colleagues whose desk is open
  labels = [];

  constructor(desk) {
    this.#desk = desk;
    watchSearch(desk, (chat) => this.#entry(chat, true));
  }

  /** Takes the server's lists. Returns the conversations that were not in them before. */
  replace({ conversations, agents, labels }) {
    const before = this.#chats;
    this.#chats = new Map(conversations.map((chat) => [chat.id, { ...chat, heldSince: Date.now() }]));
    this.agents = agents;
    this.labels = labels;
    this.show();
    this.#showAgents();
    return conversations.filter((chat) => !before.has(chat.id));
  }

  /** Takes one summary. Returns the one before it, undefined if there was none. */
  update(chat) {
    const before = this.#chats.get(chat.id);
    const isListed = chat.status === "waiting" || this.#desk.isMine(chat);
    if (isListed) this.#chats.set(chat.id, { ...chat, heldSince: Date.now() });
    else this.#chats.delete(chat.id);
    return before;
  }

  markRead(id) {
    const chat = this.#chats.get(id);
    if (!chat) return;
    chat.unread = 0;
    this.show();
  }

  show() {
    const { words } = this.#desk;
    const all = [...this.#chats.values()];
    const waiting = all.filter((chat) => chat.status === "waiting").sort((a, b) => a.waiting_since - b.waiting_since);
    const mine = all.filter((chat) => this.#desk.isMine(chat)).sort((a, b) => b.changed_at - a.changed_at);
    this.#showList("waiting", waiting, words.nobodyWaits);
    this.#showList("mine", mine, words.noChats);
    const unread = waiting.length + mine.reduce((sum, chat) => sum + chat.unread, 0);
    document.title = unread ? `(${unread}) ${TITLE}` : TITLE;
    this.showWaits();
  }

  /** Each second: what the waiting have waited, and whose typing notice is over. */
  showWaits() {
    const { root, words } = this.#desk;
    this.#endTyping();
    for (const place of root.querySelectorAll("[data-since]")) {
      const seconds = Math.max(0, Math.round((Date.now() - place.dataset.since) / 1000));
      const wait = seconds < 60 ? `${seconds} ${words.second}` : `${Math.floor(seconds / 60)} ${words.minute}`;
      place.textContent = `${words.waits} ${wait}`;
      place.classList.toggle("is-late", seconds >= LATE);
    }
  }

  #endTyping() {
    const oldest = Date.now() - 1000 * this.#desk.typingSeconds;
    const ended = [...this.#chats.values()].filter((chat) => chat.types && chat.heldSince < oldest);
    for (const chat of ended) chat.types = "";
    if (ended.length) this.show();
  }

  #showList(name, chats, none) {
    const list = this.#desk.part(`[data-list=${name}]`);
    const focused = document.activeElement?.dataset?.chat;
    const rows = chats.length ? chats.map((chat) => this.#entry(chat)) : [element("li", "desk__none", none)];
    this.#desk.part(`#desk-${name}`).textContent = `${this.#desk.words[name]} ${chats.length}`;
    list.replaceChildren(...rows);
    if (focused) list.querySelector(`[data-chat="${focused}"]`)?.focus();
  }

  #entry(chat, isFound = false) {
    const { words, openChat } = this.#desk;
    const item = element("li");
    const button = item.appendChild(element("button", "desk__entry"));
    button.type = "button";
    button.dataset.chat = chat.id;
    button.setAttribute("aria-current", String(openChat.id === chat.id));
    const time = element("span", "desk__entry-time");
    if (chat.status === "waiting") time.dataset.since = chat.waiting_since;
    else time.textContent = shortTime(chat.changed_at, 2);
    const name = element("span", "desk__entry-name", chat.visitor);
    if (chat.unread && !isFound) {
      const unread = name.appendChild(element("span", "desk__unread", chat.unread));
      unread.setAttribute("aria-label", `${chat.unread} ${words.newMessage}`);
    }
    const text = chat.types ? words.types + chat.types : chat.last.text || words.file;
    button.append(time, name, element("span", "desk__entry-text", text));
    button.addEventListener("click", () => openChat.select(chat.id));
    return item;
  }

  #showAgents() {
    const { me, words } = this.#desk;
    const states = this.agents.map((agent) => {
      const state = agent.is_away ? words.away : `${agent.chats} ${words.chats}`;
      return fillText(words.inBrackets, agent.name, state);
    });
    this.#desk.part(".desk__agents").textContent = states.join(words.comma);
    const choice = this.#desk.part(".thread__transfer select");
    const others = this.agents.filter((agent) => agent.id !== me && !agent.is_away);
    const options = others.map((agent) => new Option(fillText(words.inBrackets, agent.name, agent.chats), agent.id));
    choice.replaceChildren(...(others.length ? options : [new Option(words.noColleague, "")]));
  }
}
