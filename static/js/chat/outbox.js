/* The outbox: sends lines to the server, one at a time and in order. A line that did not arrive is retried under the
   same id, so that the server stores it once. Everything but files survives a reload of the page. */

import { backOff } from "./request.js";
import { readJson, writeJson } from "./storage.js";

const MAX_WAIT = 15000; // milliseconds between two tries

export class Outbox {
  /**
   * `options`:
   * post(entry, file) sends one and resolves to the answer; isReady() says whether sending is allowed;
   * judge(error) is "retry", "wait" (the same, as often as it takes), "refuse" (the line stays, marked with the error) or "stop";
   * onPosted(entry, answer) and onRefused(entry) are called; after maxTries a line is refused with the text `exhausted`.
   */
  constructor(key, options) {
    this._files = new Map(); // id → File, of this page only
    this._isSending = false;
    this._timer = 0;
    this._tries = 0;
    this._faults = 0; // those of the tries that count
    this._key = key;
    this._options = { isReady: () => true, maxTries: Infinity, exhausted: "", ...options };
    this._entries = readJson(key, []);
  }

  get entries() {
    return [...this._entries];
  }

  get isRetrying() {
    return this._tries > 0;
  }

  /** `entry` has an id of newId() and whatever post() reads. */
  add(entry, file = null) {
    if (file) this._files.set(entry.id, file);
    this._entries.push(entry);
    this._save();
  }

  /** The server has it, as its answer or a faster stream has shown. Also discards what is not to be sent. */
  remove(id) {
    if (!this._entries.some((entry) => entry.id === id)) return;
    this._entries = this._entries.filter((entry) => entry.id !== id);
    this._files.delete(id);
    this._save();
  }

  clear() {
    clearTimeout(this._timer);
    this._entries = [];
    this._files.clear();
    this._save();
  }

  /** Sends a refused line once more. */
  retry(entry) {
    entry.error = "";
    this._save();
    this.send();
  }

  /** Sends what waits, at once even if a retry is scheduled for later. */
  async send() {
    const entry = this._entries.find((one) => !one.error);
    if (this._isSending || !entry || !this._options.isReady()) return;
    clearTimeout(this._timer);
    this._isSending = true;
    let answer = null;
    let failure = null;
    try {
      answer = await this._options.post(entry, this._files.get(entry.id));
    } catch (error) {
      failure = error;
    }
    this._isSending = false;
    if (failure) {
      this._handleFailure(entry, failure);
      return;
    }
    this._tries = this._faults = 0;
    this.remove(entry.id);
    this._options.onPosted(entry, answer);
    this.send();
  }

  _handleFailure(entry, error) {
    const verdict = this._options.judge(error);
    if (verdict === "stop") return;
    if (verdict === "refuse") {
      this._refuse(entry, error.message);
      this.send();
      return;
    }
    this._tries += 1;
    if (verdict === "retry" && !error.wait) this._faults += 1;
    if (this._faults > this._options.maxTries) {
      this._tries = this._faults = 0;
      this._refuse(entry, this._options.exhausted);
      return;
    }
    const wait = error.wait ? error.wait * 1000 : backOff(this._tries, MAX_WAIT);
    this._timer = setTimeout(() => this.send(), wait);
  }

  _refuse(entry, message) {
    entry.error = message || "?"; // also without a message the line counts as refused, or it would be sent again at once
    this._save();
    this._options.onRefused(entry);
  }

  _save() {
    writeJson(
      this._key,
      this._entries.filter((entry) => !entry.file),
    );
  }
}
