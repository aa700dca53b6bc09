/* Canned replies: offered while the agent types a slash and a word. */

import { element } from "../line.js";

const OFFERED = 8;
const KEYS = ["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"];

export class CannedReplies {
  #desk;
  #text;
  #list;
  #replies = [];
  #values = {};
  #matches = [];
  #choice = 0;

  constructor(desk, text) {
    this.#desk = desk;
    this.#text = text;
    this.#list = desk.part(".thread__canned");
  }

  /** `variables` are the server's; `agent` is the name that visitors read. */
  update({ canned, variables }, agent) {
    this.#replies = canned;
    this.#values = { ...variables, [this.#desk.words.variables.agent]: agent };
  }

  show() {
    const typed = /^\/(\S*)$/.exec(this.#text.value);
    this.#matches = typed ? this.#replies.filter((reply) => fits(reply, typed[1])).slice(0, OFFERED) : [];
    this.#choice = Math.min(this.#choice, Math.max(0, this.#matches.length - 1));
    this.#list.hidden = !this.#matches.length;
    this.#list.replaceChildren(...this.#matches.map((reply, index) => this.#option(reply, index)));
  }

  /** Handles a keydown that is meant for the list; returns whether it was. */
  takesKey(event) {
    if (!this.#matches.length || !KEYS.includes(event.key)) return false;
    event.preventDefault();
    if (event.key === "Enter" || event.key === "Tab") {
      this.#use(this.#matches[this.#choice]);
      return true;
    }
    if (event.key === "Escape") {
      this.#text.value = "";
      this.#choice = 0;
    } else {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#choice = (this.#choice + step + this.#matches.length) % this.#matches.length;
    }
    this.show();
    return true;
  }

  #option(reply, index) {
    const item = element("li", "", `/${reply.shortcut}  ${reply.text || this.#desk.words.file}`);
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(index === this.#choice));
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.#use(reply);
    });
    return item;
  }

  #use(reply) {
    const { openChat, composer, words } = this.#desk;
    const { visitor, page } = openChat.summary;
    const values = { ...this.#values, [words.variables.visitor]: visitor, [words.variables.page]: page.title };
    this.#text.value = reply.text.replace(/\{([^{}]+)\}/g, (whole, name) => values[name] ?? whole);
    this.show();
    if (reply.picture) composer.attach({ canned: reply.id, name: `/${reply.shortcut}` });
    this.#text.focus();
  }
}

function fits(reply, word) {
  return reply.shortcut.includes(word) || reply.text.includes(word);
}
