/* The outbox: sends lines to the server, one at a time and in order. A line that did not arrive is retried under the
   same id, so that the server stores it once. Everything but files survives a reload of the page. */

import { backOff } from "./request.js";
import { readJson, writeJson } from "./storage.js";

const MAX_WAIT = 15_000; // milliseconds between two tries

/** A random UUID: the sender's own id of a line. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // https only
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export class Outbox {
  #key;
  #options;
  #entries;
  #files = new Map(); // id → File, of this page only
  #isSending = false;
  #timer = 0;
  #tries = 0;

  /**
   * `options`:
   * post(entry, file) sends one and resolves to the answer; isReady() says whether sending is allowed;
   * judge(error) is "retry", "refuse" (the line stays, marked with the error) or "stop";
   * onPosted(entry, answer) and onRefused(entry) are called; after maxTries a line is refused with the text `exhausted`.
   */
  constructor(key, options) {
    this.#key = key;
    this.#options = { isReady: () => true, maxTries: Infinity, exhausted: "", ...options };
    this.#entries = readJson(key, []);
  }

  get entries() {
    return [...this.#entries];
  }

  get isRetrying() {
    return this.#tries > 0;
  }

  /** `entry` has an id of newId() and whatever post() reads. */
  add(entry, file = null) {
    if (file) this.#files.set(entry.id, file);
    this.#entries.push(entry);
    this.#save();
  }

  /** The server has it, as its answer or a faster stream has shown. Also discards what is not to be sent. */
  remove(id) {
    if (!this.#entries.some((entry) => entry.id === id)) return;
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    this.#files.delete(id);
    this.#save();
  }

  clear() {
    clearTimeout(this.#timer);
    this.#entries = [];
    this.#files.clear();
    this.#save();
  }

  /** Sends a refused line once more. */
  retry(entry) {
    entry.error = "";
    this.#save();
    this.send();
  }

  /** Sends what waits, at once even if a retry is scheduled for later. */
  async send() {
    const entry = this.#entries.find((one) => !one.error);
    if (this.#isSending || !entry || !this.#options.isReady()) return;
    clearTimeout(this.#timer);
    this.#isSending = true;
    let answer = null;
    let failure = null;
    try {
      answer = await this.#options.post(entry, this.#files.get(entry.id));
    } catch (error) {
      failure = error;
    }
    this.#isSending = false;
    if (failure) {
      this.#handleFailure(entry, failure);
      return;
    }
    this.#tries = 0;
    this.remove(entry.id);
    this.#options.onPosted(entry, answer);
    this.send();
  }

  #handleFailure(entry, error) {
    const verdict = this.#options.judge(error);
    if (verdict === "stop") return;
    if (verdict === "refuse") {
      this.#refuse(entry, error.message);
      this.send();
      return;
    }
    this.#tries += 1;
    if (this.#tries > this.#options.maxTries && !error.wait) {
      this.#tries = 0;
      this.#refuse(entry, this.#options.exhausted);
      return;
    }
    const wait = error.wait ? error.wait * 1000 : backOff(this.#tries, MAX_WAIT);
    this.#timer = setTimeout(() => this.send(), wait);
  }

  #refuse(entry, message) {
    entry.error = message || "?"; // also without a message the line counts as refused, or it would be sent again at once
    this.#save();
    this.#options.onRefused(entry);
  }

  #save() {
    writeJson(
      this.#key,
      this.#entries.filter((entry) => !entry.file),
    );
  }
}
