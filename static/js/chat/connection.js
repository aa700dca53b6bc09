/* The connection to the server: a stream if one can be opened, otherwise polling. After a stream breaks, one poll fetches
   what was missed; then a stream is tried again. */

import { backOff } from "./request.js";

const MAX_FAULTS = 2; // streams that broke in a row, before polling takes over
const OPENING = 8000; // milliseconds that a stream may take to open
const POLL = 3000;
const SILENCE = 35_000; // without a heartbeat for so long the stream is dead
const STREAM_AGAIN = 60_000; // of polling, then a stream is tried again
const STALE = 16_000; // after so long without data a page that becomes visible reconnects

export class Connection {
  #options;
  #source = null;
  #isOpen = false;
  #timer = 0;
  #round = 0;
  #faults = 0;
  #failedPolls = 0;
  #pollingSince = 0;
  #lastDataAt = 0;

  /**
   * `options`:
   * streamUrl() returns null while there is nothing to listen to; events maps an event's name to its handler;
   * onOpen() is called after each opened stream; poll() polls once, and rejects if that fails;
   * onWake() is called when the page becomes visible again;
   * onState(state) is called with "connecting", "offline", or, whenever something arrives, "online";
   * hiddenPoll is the pause between polls while the page is hidden, maxWait the longest pause after failures.
   */
  constructor(options) {
    this.#options = { hiddenPoll: POLL, ...options };
    window.addEventListener("online", () => this.listen());
    window.addEventListener("offline", () => this.#options.onState("offline"));
    window.addEventListener("pagehide", () => this.stop());
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) this.listen();
    });
    const wake = () => {
      if (!document.hidden) this.#wake();
    };
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("focus", wake);
    setInterval(() => {
      if (this.#source && Date.now() - this.#lastDataAt > SILENCE) this.listen();
    }, 5000);
  }

  stop() {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#timer);
    this.#round += 1;
  }

  /** Connects or reconnects. */
  listen() {
    this.stop();
    const url = this.#options.streamUrl();
    if (!url) return;
    if (!globalThis.EventSource || this.#faults > MAX_FAULTS) this.#poll();
    else this.#openStream(new EventSource(url));
  }

  /* The page becomes visible again, maybe after the device slept. */
  #wake() {
    this.#options.onWake();
    if (!this.#source || !navigator.onLine || Date.now() - this.#lastDataAt > STALE) this.listen();
  }

  #openStream(source) {
    this.#source = source;
    this.#isOpen = false;
    this.#lastDataAt = Date.now();
    this.#timer = setTimeout(() => this.#streamBroke(source), OPENING);
    source.addEventListener("open", (event) => {
      if (!event.data) return; // the browser's own event, before the first byte of ours
      clearTimeout(this.#timer);
      this.#isOpen = true;
      this.#faults = 0;
      this.#onData();
      this.#options.onOpen();
    });
    source.addEventListener("beat", () => this.#onData());
    for (const [name, take] of Object.entries(this.#options.events)) {
      source.addEventListener(name, (event) => {
        this.#onData();
        take(JSON.parse(event.data));
      });
    }
    source.onerror = () => this.#streamBroke(source);
  }

  #streamBroke(source) {
    if (source !== this.#source) return;
    this.#faults += 1;
    this.#pollingSince = Date.now();
    if (this.#isOpen) this.#options.onState("connecting");
    this.stop();
    this.#poll();
  }

  async #poll() {
    const round = this.#round;
    let isAnswered = true;
    try {
      await this.#options.poll();
    } catch {
      isAnswered = false;
    }
    if (round !== this.#round) return; // stopped or reconnected meanwhile
    if (isAnswered) {
      this.#failedPolls = 0;
      this.#onData();
      this.#planNext();
    } else {
      this.#failedPolls += 1;
      this.#options.onState("offline");
      this.#timer = setTimeout(() => this.#poll(), backOff(this.#failedPolls, this.#options.maxWait));
    }
  }

  #planNext() {
    const isPolling = !globalThis.EventSource || this.#faults > MAX_FAULTS;
    if (!isPolling) {
      // After a random delay, so that browsers do not all reconnect at once.
      this.#timer = setTimeout(() => this.listen(), 300 + Math.random() * 2500);
    } else if (globalThis.EventSource && Date.now() - this.#pollingSince > STREAM_AGAIN) {
      this.#faults = MAX_FAULTS;
      this.listen();
    } else {
      this.#timer = setTimeout(() => this.#poll(), document.hidden ? this.#options.hiddenPoll : POLL);
    }
  }

  #onData() {
    this.#lastDataAt = Date.now();
    this.#options.onState("online");
  }
}
