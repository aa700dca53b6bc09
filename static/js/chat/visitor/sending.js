/* Sends the visitor's lines: consent before the first one, then the outbox; each line shows its state. */

import { newId, Outbox } from "../outbox.js";
import { pageSeen, sendConsent } from "./consent.js";
import { drawPending, showSending } from "./lines.js";

const MAX_TRIES = 8; // before the line is marked as not sent

export class Sending {
  constructor(chat) {
    this._chat = chat;
    this._outbox = new Outbox("chat-outbox", {
      post: (entry, file) => this._post(entry, file),
      isReady: () => chat.hasAgreed,
      judge: (error) => this._judge(error),
      onPosted: (_entry, answer) => this._onPosted(answer),
      onRefused: (entry) => this._showEntry(entry),
      maxTries: MAX_TRIES,
      exhausted: chat.words.failed,
    });
  }

  async queue(said, file) {
    const entry = { id: newId(), ...said };
    this._outbox.add(entry, file);
    this._draw(entry);
    try {
      await this._agree();
    } catch (error) {
      this._chat.tell(error.message);
      return;
    }
    this.send();
  }

  send() {
    this._outbox.send();
  }

  /** Retries now, if a retry is scheduled. */
  hurry() {
    if (this._outbox.isRetrying) this.send();
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
    this._outbox.clear();
  }

  async _agree() {
    const { ask, composer, hasAgreed } = this._chat;
    if (hasAgreed) return;
    if (!composer.consent) throw new Error(this._chat.words.agree);
    await sendConsent(ask, { consent: composer.consent, name: composer.visitorName });
    this._chat.hasAgreed = true;
  }

  _post(entry, file) {
    const { id, text } = entry;
    const page = pageSeen();
    if (!entry.file) return this._chat.ask("POST", "messages/", { id, text, page });
    const data = new FormData();
    data.append("id", id);
    data.append("page", JSON.stringify(page));
    data.append("file", file);
    return this._chat.ask("POST", "messages/", data);
  }

  _judge(error) {
    if (error.status === 404) {
      this._chat.forget();
      return "stop";
    }
    if (error.isFinal || error.status === 413 || error.status === 403) return "refuse";
    if (error.status) this._chat.tell(error.message);
    else this._chat.showLink("offline");
    return "retry";
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
        this._outbox.retry(entry);
        this._showEntry(entry);
      },
      discard: () => {
        this._outbox.remove(entry.id);
        this._chat.lines.removePending(entry.id);
        this.send();
      },
    });
  }
}
