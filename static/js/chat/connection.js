/* Hearing from the server: a stream where one can be had, otherwise polling. After a cut one poll brings what was missed,
   then a stream is tried again. */

import { backOff } from "./request.js";

const MAX_FAULTS = 2; // streams that broke in a row, before polling takes over
const OPENING = 8000; // milliseconds that a stream may take to open
const POLL = 3000;
const SILENCE = 35_000; // without even a beat the stream is dead
const STREAM_AGAIN = 60_000; // of polling
const STALE = 16_000; // silence after which a page that is looked at again asks anew

export class Connection {
  #options;
  #source = null;
  #isOpen = false;
  #timer = 0;
  #round = 0;
  #faults = 0;
  #failedPolls = 0;
  #pollingSince = 0;
  #lastHeard = 0;

  /**
   * `options`:
   * streamUrl() is null where there is nothing to listen to yet; events maps a name to what takes its data;
   * onOpen() follows each opened stream; poll() asks once, and rejects where that fails;
   * onWake() is called when the page is looked at again;
   * onState(state) is told "online", "connecting" or "offline", "online" with everything that is heard;
   * hiddenPoll is the pause between polls while nobody sees the page, maxWait the longest one after failures.
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
      if (this.#source && Date.now() - this.#lastHeard > SILENCE) this.listen();
    }, 5000);
  }

  stop() {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#timer);
    this.#round += 1;
  }

  /** Begins, or begins anew. */
  listen() {
    this.stop();
    const url = this.#options.streamUrl();
    if (!url) return;
    if (!globalThis.EventSource || this.#faults > MAX_FAULTS) this.#poll();
    else this.#openStream(new EventSource(url));
  }

  /* The page is looked at again, maybe after the device slept. */
  #wake() {
    this.#options.onWake();
    if (!this.#source || !navigator.onLine || Date.now() - this.#lastHeard > STALE) this.listen();
  }

  #openStream(source) {
    this.#source = source;
    this.#isOpen = false;
    this.#lastHeard = Date.now();
    this.#timer = setTimeout(() => this.#streamBroke(source), OPENING);
    source.addEventListener("open", (event) => {
      if (!event.data) return; // the browser's own event, before the first byte of ours
      clearTimeout(this.#timer);
      this.#isOpen = true;
      this.#faults = 0;
      this.#heard();
      this.#options.onOpen();
    });
    source.addEventListener("beat", () => this.#heard());
    for (const [name, take] of Object.entries(this.#options.events)) {
      source.addEventListener(name, (event) => {
        this.#heard();
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
    if (round !== this.#round) return; // stopped or begun anew meanwhile
    if (isAnswered) {
      this.#failedPolls = 0;
      this.#heard();
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
      // At a moment of this browser's own, so that not all come back at once.
      this.#timer = setTimeout(() => this.listen(), 300 + Math.random() * 2500);
    } else if (globalThis.EventSource && Date.now() - this.#pollingSince > STREAM_AGAIN) {
      this.#faults = MAX_FAULTS;
      this.listen();
    } else {
      this.#timer = setTimeout(() => this.#poll(), document.hidden ? this.#options.hiddenPoll : POLL);
    }
  }

  #heard() {
    this.#lastHeard = Date.now();
    this.#options.onState("online");
  }
}
