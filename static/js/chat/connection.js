/* The connection to the server: a stream if one can be opened, otherwise polling. After a stream breaks, one poll fetches
   what was missed; then a stream is tried again. */

import { backOff } from "./request.js";

const MAX_FAULTS = 2; // streams that broke in a row, before polling takes over
const OPENING = 8000; // milliseconds that a stream may take to open
const POLL = 3000;
const SILENCE = 35000; // without a heartbeat for so long the stream is dead
const STREAM_AGAIN = 60000; // of polling, then a stream is tried again
const STALE = 16000; // after so long without data a page that becomes visible reconnects

export class Connection {
  /**
   * `options`:
   * streamUrl() returns null while there is nothing to listen to; events maps an event's name to its handler;
   * onOpen() is called after each opened stream, before its first "online"; poll() polls once, and rejects if that fails;
   * onWake() is called when the page becomes visible again;
   * onState(state) is called with "connecting", "offline", or, whenever something arrives, "online";
   * hiddenPoll is the pause between polls while the page is hidden, maxWait the longest pause after failures.
   */
  constructor(options) {
    this._source = null;
    this._timer = 0;
    this._round = 0;
    this._faults = 0;
    this._failedPolls = 0;
    this._pollingSince = 0;
    this._lastDataAt = 0;
    this._options = { hiddenPoll: POLL, ...options };
    window.addEventListener("online", () => this.listen());
    window.addEventListener("offline", () => this._options.onState("offline"));
    window.addEventListener("pagehide", () => this.stop());
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) this.listen();
    });
    const wake = () => {
      if (!document.hidden) this._wake();
    };
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("focus", wake);
    setInterval(() => {
      if (this._source && Date.now() - this._lastDataAt > SILENCE) this.listen();
    }, 5000);
  }

  stop() {
    if (this._source) this._source.close();
    this._source = null;
    clearTimeout(this._timer);
    this._round += 1;
  }

  /** Connects or reconnects. */
  listen() {
    this.stop();
    const url = this._options.streamUrl();
    if (!url) return;
    if (!window.EventSource || this._faults > MAX_FAULTS) this._poll();
    else this._openStream(new EventSource(url));
  }

  /* The page becomes visible again, maybe after the device slept. */
  _wake() {
    this._options.onWake();
    if (!this._source || !navigator.onLine || Date.now() - this._lastDataAt > STALE) this.listen();
  }

  _openStream(source) {
    this._source = source;
    this._lastDataAt = Date.now();
    this._timer = setTimeout(() => this._streamBroke(source), OPENING);
    source.addEventListener("open", (event) => {
      if (!event.data) return; // the browser's own event, before the first byte of ours
      clearTimeout(this._timer);
      this._faults = 0;
      this._options.onOpen();
      this._onData();
    });
    source.addEventListener("beat", () => this._onData());
    for (const [name, take] of Object.entries(this._options.events)) {
      source.addEventListener(name, (event) => {
        this._onData();
        take(JSON.parse(event.data));
      });
    }
    source.onerror = () => this._streamBroke(source);
  }

  _streamBroke(source) {
    if (source !== this._source) return;
    this._faults += 1;
    this._pollingSince = Date.now();
    this._options.onState("connecting");
    this.stop();
    this._poll();
  }

  async _poll() {
    const round = this._round;
    let isAnswered = true;
    try {
      await this._options.poll();
    } catch (_error) {
      isAnswered = false;
    }
    if (round !== this._round) return; // stopped or reconnected meanwhile
    if (isAnswered) {
      this._failedPolls = 0;
      this._onData();
      this._planNext();
    } else {
      this._failedPolls += 1;
      this._options.onState("offline");
      this._timer = setTimeout(() => this._poll(), backOff(this._failedPolls, this._options.maxWait));
    }
  }

  _planNext() {
    const isPolling = !window.EventSource || this._faults > MAX_FAULTS;
    if (!isPolling) {
      // After a random delay, so that browsers do not all reconnect at once.
      this._timer = setTimeout(() => this.listen(), 300 + Math.random() * 2500);
    } else if (window.EventSource && Date.now() - this._pollingSince > STREAM_AGAIN) {
      this._faults = MAX_FAULTS;
      this.listen();
    } else {
      this._timer = setTimeout(() => this._poll(), document.hidden ? this._options.hiddenPoll : POLL);
    }
  }

  _onData() {
    this._lastDataAt = Date.now();
    this._options.onState("online");
  }
}
