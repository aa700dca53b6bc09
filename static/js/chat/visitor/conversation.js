/* The conversation as the visitor sees it. Lines come from one place, receive(), whether a stream brought them, a poll,
   or the answer to a sent one. */

import { element } from "../line.js";
import { TypingNotice } from "../typing.js";
import { showMark } from "./lines.js";

/* The state of a conversation that the visitor's own line has begun, before the server sends it. */
const NEW = {
  status: "waiting",
  agent: null,
  staff_read: 0,
  is_answered: false,
  waiting_seconds: 0,
  rating: null,
  messages: [],
};

export class Conversation {
  #chat;
  #lines;
  #typing;
  #title;
  #state = null; // as last received from the server
  #readUpTo = 0;
  #openedAt = Date.now();

  constructor(chat) {
    this.#chat = chat;
    this.#lines = chat.lines;
    this.#typing = new TypingNotice(chat.part(".chat__typing"));
    this.#title = chat.part(".chat__title").textContent;
  }

  /** `isFirst`: the lines from before the panel was opened, which are not announced. */
  receive(update, { isFirst = false } = {}) {
    if (!update.conversation) return;
    const { thread } = this.#lines;
    const wasAtEnd = this.#lines.isAtEnd();
    const kind = thread.enter(update.conversation);
    if (kind === "stale") return;
    if (kind === "next") this.#addDivider(update.conversation);
    if (kind !== "same") this.#readUpTo = 0;
    for (const line of update.messages) {
      const isNew = !thread.find(update.conversation, line.n);
      this.#lines.place(line, update.conversation);
      thread.advance(line.n);
      if (isNew && !isFirst && line.kind === "staff" && !this.#isSeen) this.#chat.unread.announceAnswer();
    }
    this.#state = update;
    this.#typing.show(update.staff_types ? this.#chat.words.typing : "", this.#chat.opening.typing_seconds);
    this.show();
    if (wasAtEnd || isFirst) this.#lines.toEnd();
    this.markRead();
  }

  /** The visitor's line as the server has stored it. Returns whether it began a conversation. */
  addOwn(line, conversation) {
    const isNew = conversation !== this.#lines.thread.conversation;
    if (isNew) this.receive({ ...NEW, conversation });
    if (isNew) this.#openedAt = Date.now();
    this.#lines.place(line, conversation);
    this.show();
    this.#lines.toEnd();
    return isNew;
  }

  show() {
    const { thread } = this.#lines;
    const chat = this.#chat;
    const { words } = chat;
    const state = this.#state;
    for (const { kind, n, conversation, item } of thread.lines) {
      if (kind !== "visitor") continue;
      const isRead = conversation < thread.conversation || n <= state.staff_read;
      showMark(item, isRead ? words.read : words.delivered);
    }
    chat.part(".chat__title").textContent = state?.agent || this.#title;
    chat.part(".chat__opening").hidden = Boolean(state?.agent && state.status === "active");
    chat.part(".chat__rating").hidden = state?.status !== "closed" || state.rating !== null;
    chat.part(".chat__offer").hidden =
      !this.#isLate || !chat.part(".chat__form").hidden || !chat.part(".chat__receipt").hidden;
  }

  setRating(stars) {
    this.#state.rating = stars;
    this.show();
  }

  /** The texts of the visitor's lines, if nobody has answered yet. */
  unanswered() {
    if (!this.#state || this.#state.is_answered) return [];
    const bubbles = this.#chat.parts(".chat__line--visitor .chat__bubble");
    return bubbles.map((bubble) => bubble.textContent);
  }

  markRead() {
    const { last } = this.#lines.thread;
    if (!this.#isSeen || this.#readUpTo >= last) return;
    this.#readUpTo = last;
    this.#chat.unread.reset();
    this.#chat.ask("POST", "read/", { sequence: last }).catch(() => {});
  }

  clear() {
    this.#state = null;
    this.#typing.show("");
    this.show();
  }

  get #isSeen() {
    return this.#chat.panel.isShown && !document.hidden;
  }

  /* Nobody has answered for longer than the site promises; at once if nobody is present. */
  get #isLate() {
    const state = this.#state;
    if (state?.status !== "waiting" || state.is_answered) return false;
    const { opening } = this.#chat;
    const waited = Math.min(state.waiting_seconds, opening.answer_seconds);
    return opening.state !== "online" || Date.now() - this.#openedAt > 1000 * (opening.answer_seconds - waited);
  }

  #addDivider(conversation) {
    const divider = element("li", "chat__line chat__line--system", this.#chat.words.divider);
    this.#lines.insert(divider, { conversation, n: 0, kind: "divider" });
  }
}
