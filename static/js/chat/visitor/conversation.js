/* What the visitor sees as one conversation: the lines of all of theirs, and the state of the newest. receive() takes updates
   of the stream and of polls, addOwn() the visitor's own line from the answer to its request. Whichever comes second finds
   the line in its place. */

import { element } from "../line.js";
import { TypingNotice } from "../typing.js";
import { showMark } from "./lines.js";

/* The state of a conversation that the visitor's own line has begun, before the server sends it. */
const NEW = { status: "waiting", agent: null, staff_read: 0, waiting_seconds: 0, rating: null, messages: [] };

const NOTHING = "0-0"; // a cursor

export class Conversation {
  constructor(chat) {
    this._state = null; // as last received from the server
    this._readUpTo = NOTHING; // the cursor up to which the server knows that the lines were seen
    this._reads = {}; // conversation → number of the line up to which staff have read it
    this._waitsSince = 0;
    this._chat = chat;
    this._lines = chat.lines;
    this._typing = new TypingNotice(chat.part(".chat__typing"));
    this._title = chat.part(".chat__title").textContent;
    this._older = chat.part("[data-chat-older]");
    this._older.addEventListener("click", () => this._loadOlder());
  }

  /** `isFirst`: the lines from before the panel was opened; the server says how many of them are unread. */
  receive(update, { isFirst = false } = {}) {
    if (!update.conversation) return;
    const { thread } = this._lines;
    const wasAtEnd = this._lines.isAtEnd();
    const isStale = thread.enter(update.conversation) === "stale";
    this._place(update, (line) => {
      if (!isFirst && line.kind === "staff" && !this._isSeen) this._chat.unread.announceAnswer();
    });
    for (const { n, conversation } of update.messages) thread.advance(n, conversation || update.conversation);
    if (!isStale) this._take(update);
    if (isFirst) this._begin(update);
    this.show();
    if (wasAtEnd || isFirst) this._lines.toEnd();
    this.markRead();
  }

  /** The visitor's line as the server has stored it. Returns whether it began a conversation. */
  addOwn(line, conversation) {
    const isNew = conversation !== this._lines.thread.conversation;
    if (isNew) this.receive({ ...NEW, conversation });
    this._place({ conversation, messages: [line] });
    this.show();
    this._lines.toEnd();
    return isNew;
  }

  get isWaiting() {
    return Boolean(this._state) && this._state.status === "waiting";
  }

  show() {
    const chat = this._chat;
    const { words, opening } = chat;
    const state = this._state;
    for (const { kind, n, conversation, item } of this._lines.thread.lines) {
      if (kind === "visitor") showMark(item, n <= (this._reads[conversation] || 0) ? words.read : words.delivered);
    }
    chat.part(".chat__title").textContent = (state && state.agent) || this._title;
    const label = chat.part(".chat__opening");
    label.hidden = Boolean(state && state.agent && state.status === "active");
    label.textContent = opening.label;
    chat.part("[data-chat-apology]").textContent = opening.apology;
    const mayRate = state && state.status === "closed" && state.rating === null && !state.is_blocked;
    chat.part(".chat__rating").hidden = !mayRate;
    chat.part(".chat__offer").hidden = !(chat.isCrowded || this._isLate) || chat.panelPart !== chat.composer.root;
  }

  setRating(stars) {
    this._state.rating = stars;
    this.show();
  }

  /** The texts of the visitor's lines that nobody has answered yet. */
  unanswered() {
    const bubbles = this._openLines().map(({ item }) => item.querySelector(".chat__words"));
    return bubbles.filter(Boolean).map((bubble) => bubble.textContent);
  }

  /** Tells the server what was seen: with the panel open, on a page that the visitor looks at. */
  markRead() {
    const { cursor } = this._lines.thread;
    if (!this._state || !this._isSeen || this._readUpTo === cursor) return;
    this._readUpTo = cursor;
    this._chat.unread.reset();
    this._chat.ask("POST", "read/", { cursor }).catch(() => {
      if (this._readUpTo === cursor) this._readUpTo = NOTHING; // the next line, or a look at the page, tells it again
    });
  }

  clear() {
    this._state = null;
    this._readUpTo = NOTHING;
    this._reads = {};
    this._older.hidden = true;
    this._typing.show("");
    this._chat.unread.reset();
    this.show();
  }

  get _isSeen() {
    return this._chat.panel.isShown && !document.hidden && document.hasFocus();
  }

  /* Nobody answers for longer than the site promises, whatever was answered before; at once if nobody is present. */
  get _isLate() {
    const state = this._state;
    if (!state || state.status === "closed") return false;
    const { answer, opening } = this._chat;
    const { isWaiting } = this;
    if (isWaiting && opening.state !== "online") return true;
    const [asked] = this._openLines();
    const since = [isWaiting && this._waitsSince, asked && asked.at - opening.ahead].filter(Boolean);
    return since.some((moment) => Date.now() - moment > 1000 * answer.answer_seconds);
  }

  /* The visitor's lines below the last answer. */
  _openLines() {
    const { lines } = this._lines.thread;
    const answers = lines.map(({ kind }) => kind).lastIndexOf("staff");
    return lines.slice(answers + 1).filter(({ kind }) => kind === "visitor");
  }

  _take(update) {
    const { isWaiting: wasWaiting } = this;
    this._state = update;
    this._waitsSince = Date.now() - 1000 * update.waiting_seconds;
    this._typing.show(update.staff_types ? this._chat.words.typing : "", this._chat.answer.typing_seconds);
    if (this.isWaiting && !wasWaiting) this._chat.opening.refreshIfOld();
    this._chat.unread.remember(update.status !== "closed");
  }

  _begin(update) {
    this._older.hidden = !update.has_older;
    this._chat.unread.begin(update.unread);
    const answers = this._lines.thread.lines.filter(({ kind }) => kind === "staff");
    const first = answers[Math.max(0, answers.length - update.unread)];
    if (update.unread && first) this._insertNotice("unreadBelow", first.conversation, first.n - 0.5);
    if (!update.unread) this._readUpTo = this._lines.thread.cursor;
  }

  _place({ conversation, messages, staff_read = 0, reads = {} }, onLine = () => {}) {
    const { thread } = this._lines;
    for (const [of, n] of Object.entries({ [conversation]: staff_read, ...reads })) {
      this._reads[of] = Math.max(this._reads[of] || 0, n);
    }
    for (const line of messages) {
      const of = line.conversation || conversation;
      const isNew = !thread.find(of, line.n);
      this._lines.place(line, of);
      if (isNew) onLine(line);
    }
    this._divide();
  }

  async _loadOlder() {
    const { thread } = this._lines;
    const { earliest } = thread;
    try {
      const older = await this._chat.ask("GET", `updates/?before=${earliest}`);
      if (thread.earliest !== earliest) return; // ended and cleared meanwhile, or loaded twice
      this._lines.keepPlace(() => this._place(older));
      this._older.hidden = !older.has_older;
      this.show();
    } catch (error) {
      this._chat.tell(error.message);
    }
  }

  /* A line between each two conversations. */
  _divide() {
    const { thread } = this._lines;
    let before = 0;
    for (const { conversation } of thread.lines) {
      if (before && conversation !== before && !thread.find(conversation, 0)) {
        this._insertNotice("divider", conversation, 0);
      }
      before = conversation;
    }
  }

  /* `n`: its place among the numbers of the lines. */
  _insertNotice(word, conversation, n) {
    const notice = element("li", "chat__line chat__line--system", this._chat.words[word]);
    this._lines.insert(notice, { conversation, n, kind: "notice" });
  }
}
