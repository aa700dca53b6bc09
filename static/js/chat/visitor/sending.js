/* Sends the visitor's lines: consent before the first one, then the outbox; each line shows its state. */

import { newId, Outbox } from "../outbox.js";
import { pageSeen, sendConsent } from "./consent.js";
import { drawPending, showSending } from "./lines.js";

const MAX_TRIES = 8; // before the line is marked as not sent

export class Sending {
  #chat;
  #outbox;

  constructor(chat) {
    this.#chat = chat;
    this.#outbox = new Outbox("chat-outbox", {
      post: (entry, file) => this.#post(entry, file),
      isReady: () => chat.hasAgreed,
      judge: (error) => this.#judge(error),
      onPosted: (_entry, answer) => this.#onPosted(answer),
      onRefused: (entry) => this.#showEntry(entry),
      maxTries: MAX_TRIES,
      exhausted: chat.words.failed,
    });
  }

  async queue(said, file) {
    const entry = { id: newId(), ...said };
    this.#outbox.add(entry, file);
    this.#draw(entry);
    try {
      await this.#agree();
    } catch (error) {
      this.#chat.tell(error.message);
      return;
    }
    this.send();
  }

  send() {
    this.#outbox.send();
  }

  /** Retries now, if a retry is scheduled. */
  hurry() {
    if (this.#outbox.isRetrying) this.send();
  }

  /** The stream or a poll was faster than the answer. */
  wasDelivered(id) {
    this.#outbox.remove(id);
  }

  /** Draws what waited to be sent when the page was reloaded. */
  drawAll() {
    for (const entry of this.#outbox.entries) this.#draw(entry);
  }

  clear() {
    this.#outbox.clear();
  }

  async #agree() {
    const { ask, composer, hasAgreed } = this.#chat;
    if (hasAgreed) return;
    if (!composer.consent) throw new Error(this.#chat.words.agree);
    await sendConsent(ask, { consent: composer.consent, name: composer.visitorName });
    this.#chat.hasAgreed = true;
  }

  #post(entry, file) {
    const { id, text } = entry;
    const page = pageSeen();
    if (!entry.file) return this.#chat.ask("POST", "messages/", { id, text, page });
    const data = new FormData();
    data.append("id", id);
    data.append("page", JSON.stringify(page));
    data.append("file", file);
    return this.#chat.ask("POST", "messages/", data);
  }

  #judge(error) {
    if (error.status === 404) {
      this.#chat.forget();
      return "stop";
    }
    if (error.isFinal || error.status === 413 || error.status === 403) return "refuse";
    if (error.status) this.#chat.tell(error.message);
    else this.#chat.showLink("offline");
    return "retry";
  }

  #onPosted({ message, conversation }) {
    this.#chat.tell("");
    const isNew = this.#chat.conversation.addOwn(message, conversation);
    if (isNew) this.#chat.connection.listen();
  }

  #draw(entry) {
    this.#chat.lines.addPending(entry.id, drawPending(entry));
    this.#showEntry(entry);
  }

  #showEntry(entry) {
    const item = this.#chat.lines.pending(entry.id);
    if (!item) return;
    showSending(item, entry, this.#chat.words, {
      retry: () => {
        this.#outbox.retry(entry);
        this.#showEntry(entry);
      },
      discard: () => {
        this.#outbox.remove(entry.id);
        this.#chat.lines.removePending(entry.id);
        this.send();
      },
    });
  }
}
