/* What the agent sends: the outbox of the desk, for all conversations of this tab. */

import { newId } from "../id.js";
import { Outbox } from "../outbox.js";
import { drawReply, markReply } from "./desk-lines.js";

export class Replies {
  #desk;
  #outbox;

  constructor(desk) {
    this.#desk = desk;
    this.#outbox = new Outbox("desk-outbox", {
      post: (entry, file) => this.#postReply(entry, file),
      judge: (error) => this.#judgeError(error),
      onPosted: (entry, { message }) => desk.openChat.addReply(entry, message),
      onRefused: (entry) => this.#markEntry(entry),
    });
  }

  /** `said` has the text, the kind ("staff" or "note") and a canned reply's primary key; or the name of a file. */
  queue(said, file) {
    const entry = { id: newId(), chat: this.#desk.openChat.id, ...said };
    this.#outbox.add(entry, file);
    this.#drawEntry(entry);
    this.send();
  }

  send() {
    this.#outbox.send();
  }

  /** The stream was faster than the answer. */
  wasStored(id) {
    this.#outbox.remove(id);
  }

  /** Draws what waits to be sent in the conversation that was just opened. */
  drawOf(chat) {
    for (const entry of this.#outbox.entries) if (entry.chat === chat) this.#drawEntry(entry);
  }

  #postReply(entry, file) {
    const { id, text, kind, canned } = entry;
    const path = `${entry.chat}/messages/`;
    if (!entry.file) return this.#desk.ask("POST", path, { id, text, kind, canned });
    const data = new FormData();
    data.append("id", id);
    data.append("file", file);
    return this.#desk.ask("POST", path, data);
  }

  #judgeError(error) {
    if (this.#desk.session.isLoggedOut) return "stop";
    if (error.status && error.status < 500) return "refuse";
    this.#desk.session.showLink("offline");
    return "retry";
  }

  #drawEntry(entry) {
    this.#desk.openChat.lines.addPending(entry.id, drawReply(entry, this.#desk.words));
    this.#markEntry(entry);
  }

  #markEntry(entry) {
    const { lines } = this.#desk.openChat;
    const item = lines.pending(entry.id);
    if (!item) return;
    markReply(item, entry, this.#desk.words, {
      retry: () => {
        this.#outbox.retry(entry);
        this.#markEntry(entry);
      },
      discard: () => {
        this.#outbox.remove(entry.id);
        lines.removePending(entry.id);
      },
    });
  }
}
