/* The conversation as the visitor sees it. receive() takes updates of the stream and of polls, addOwn() the visitor's own
   line from the answer to its request. Whichever comes second finds the line in its place. */

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
  constructor(chat) {
    this._state = null; // as last received from the server
    this._readUpTo = 0;
    this._openedAt = Date.now();
    this._chat = chat;
    this._lines = chat.lines;
    this._typing = new TypingNotice(chat.part(".chat__typing"));
    this._title = chat.part(".chat__title").textContent;
  }

  /** `isFirst`: the lines from before the panel was opened, which are not announced. */
  receive(update, { isFirst = false } = {}) {
    if (!update.conversation) return;
    const { thread } = this._lines;
    const wasAtEnd = this._lines.isAtEnd();
    const kind = thread.enter(update.conversation);
    if (kind === "stale") return;
    if (kind === "next") this._addDivider(update.conversation);
    if (kind !== "same") this._readUpTo = 0;
    for (const line of update.messages) {
      const isNew = !thread.find(update.conversation, line.n);
      this._lines.place(line, update.conversation);
      thread.advance(line.n);
      if (isNew && !isFirst && line.kind === "staff" && !this._isSeen) this._chat.unread.announceAnswer();
    }
    this._state = update;
    this._typing.show(update.staff_types ? this._chat.words.typing : "", this._chat.opening.typing_seconds);
    this.show();
    if (wasAtEnd || isFirst) this._lines.toEnd();
    this.markRead();
  }

  /** The visitor's line as the server has stored it. Returns whether it began a conversation. */
  addOwn(line, conversation) {
    const isNew = conversation !== this._lines.thread.conversation;
    if (isNew) this.receive({ ...NEW, conversation });
    if (isNew) this._openedAt = Date.now();
    this._lines.place(line, conversation);
    this.show();
    this._lines.toEnd();
    return isNew;
  }

  show() {
    const { thread } = this._lines;
    const chat = this._chat;
    const { words } = chat;
    const state = this._state;
    for (const { kind, n, conversation, item } of thread.lines) {
      if (kind !== "visitor") continue;
      const isRead = conversation < thread.conversation || n <= state.staff_read;
      showMark(item, isRead ? words.read : words.delivered);
    }
    chat.part(".chat__title").textContent = (state && state.agent) || this._title;
    chat.part(".chat__opening").hidden = Boolean(state && state.agent && state.status === "active");
    chat.part(".chat__rating").hidden = !state || state.status !== "closed" || state.rating !== null;
    chat.part(".chat__offer").hidden =
      !this._isLate || !chat.part(".chat__form").hidden || !chat.part(".chat__receipt").hidden;
  }

  setRating(stars) {
    this._state.rating = stars;
    this.show();
  }

  /** The texts of the visitor's lines, if nobody has answered yet. */
  unanswered() {
    if (!this._state || this._state.is_answered) return [];
    const bubbles = this._chat.parts(".chat__line--visitor .chat__bubble");
    return bubbles.map((bubble) => bubble.textContent);
  }

  markRead() {
    const { last } = this._lines.thread;
    if (!this._isSeen || this._readUpTo >= last) return;
    this._readUpTo = last;
    this._chat.unread.reset();
    this._chat.ask("POST", "read/", { sequence: last }).catch(() => {});
  }

  clear() {
    this._state = null;
    this._typing.show("");
    this.show();
  }

  get _isSeen() {
    return this._chat.panel.isShown && !document.hidden;
  }

  /* Nobody has answered for longer than the site promises; at once if nobody is present. */
  get _isLate() {
    const state = this._state;
    if (!state || state.status !== "waiting" || state.is_answered) return false;
    const { opening } = this._chat;
    const waited = Math.min(state.waiting_seconds, opening.answer_seconds);
    return opening.state !== "online" || Date.now() - this._openedAt > 1000 * (opening.answer_seconds - waited);
  }

  _addDivider(conversation) {
    const divider = element("li", "chat__line chat__line--system", this._chat.words.divider);
    this._lines.insert(divider, { conversation, n: 0, kind: "divider" });
  }
}
