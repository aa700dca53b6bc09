/* Sends the visitor's lines: consent before the first one, then the outbox; each line shows its state. A line is retried
   until the server has it or refuses it, whether what failed was its consent or itself, and after a reload, too. */

import { newId } from "../id.js";
import { Outbox } from "../outbox.js";
import { consent, pageSeen } from "./consent.js";
import { drawPending, showSending } from "./lines.js";

const MAX_TRIES = 8; // that the server answers with a fault of its own, before the line is marked as not sent

export class Sending {
  constructor(chat) {
    this._chat = chat;
    this._outbox = new Outbox("chat-outbox", {
      post: (entry, file) => this._post(entry, file),
      isReady: () => chat.hasAgreed || consent.isGiven,
      judge: (error) => this._judge(error),
      onPosted: (_entry, answer) => this._onPosted(answer),
      onRefused: (entry) => this._showEntry(entry),
      maxTries: MAX_TRIES,
      exhausted: chat.words.failed,
    });
    // A file is held by this page only: whoever leaves is asked first.
    window.addEventListener("beforeunload", (event) => {
      if (this._outbox.entries.some((entry) => entry.file && !entry.error)) event.preventDefault();
    });
  }

  get hasWaiting() {
    return this._outbox.entries.length > 0;
  }

  /** The texts that the server does not have. */
  get texts() {
    return this._outbox.entries.map(({ text }) => text).filter(Boolean);
  }

  queue(said, file) {
    const entry = { id: newId(), ...said };
    this._outbox.add(entry, file);
    this._draw(entry);
    this.send();
  }

  send() {
    this._outbox.send();
  }

  /** The stream or a poll was faster than the answer. */
  wasDelivered(id) {
    this._outbox.remove(id);
  }

  /** Draws what waited to be sent when the page was reloaded. */
  drawAll() {
    for (const entry of this._outbox.entries) this._draw(entry);
  }

  clear() {
    consent.withdraw();
    this._outbox.clear();
  }

  /** What was refused has reached the company another way. */
  discardRefused() {
    for (const entry of this._outbox.entries) if (entry.error) this._discard(entry);
  }

  async _post(entry, file) {
    const { ask } = this._chat;
    if (!this._chat.hasAgreed) {
      await consent.send(ask);
      this._chat.hasAgreed = true;
    }
    const { id, text } = entry;
    const page = pageSeen();
    if (!entry.file) return ask("POST", "messages/", { id, text, page });
    const data = new FormData();
    data.append("id", id);
    data.append("page", JSON.stringify(page));
    data.append("file", file);
    return ask("POST", "messages/", data);
  }

  _judge(error) {
    const { answer, status } = error;
    if (answer.notice) {
      this._chat.composer.askAgain(answer.notice, error.message);
      return "stop";
    }
    if (status === 404) {
      this._chat.forget(this._chat.words.ended);
      return "stop";
    }
    if (answer.is_crowded) this._chat.offerForm(error.message);
    if (answer.is_crowded || error.isFinal || status === 413 || status === 403) return "refuse";
    // Without an answer, or with one of a server that is busy, starting or away, it is only a question of time.
    const isAway = status === 0 || status === 502 || status === 503 || status === 504;
    if (!status) this._chat.showLink("offline");
    else this._chat.tell(isAway ? this._chat.words.resending : error.message);
    return isAway ? "wait" : "retry";
  }

  _onPosted({ message, conversation }) {
    this._chat.tell("");
    const isNew = this._chat.conversation.addOwn(message, conversation);
    if (isNew) this._chat.connection.listen();
  }

  _draw(entry) {
    this._chat.lines.addPending(entry.id, drawPending(entry));
    this._showEntry(entry);
  }

  _showEntry(entry) {
    const item = this._chat.lines.pending(entry.id);
    if (!item) return;
    showSending(item, entry, this._chat.words, {
      retry: () => {
        if (!this._chat.composer.mayWrite()) return;
        this._outbox.retry(entry);
        this._showEntry(entry);
      },
      discard: () => {
        this._discard(entry);
        this.send();
      },
    });
  }

  _discard(entry) {
    this._outbox.remove(entry.id);
    this._chat.lines.removePending(entry.id);
  }
}
