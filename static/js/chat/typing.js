/* Typing notifications, sent and received, and the key that sends a line. */

/** Whether a keydown sends the text. While an input method is at work Enter chooses a word. */
export function isSendKey(event) {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}

/** Runs an action at most once in each pause. */
export class Throttle {
  constructor(pause) {
    this._timer = 0;
    this._pause = pause;
  }

  /** At once, then not before the pause is over. */
  before(action) {
    if (this._timer) return;
    this._timer = setTimeout(() => {
      this._timer = 0;
    }, this._pause);
    action();
  }

  /** At the end of a pause that begins now, if none has begun yet. */
  after(action) {
    if (this._timer) return;
    this._timer = setTimeout(() => {
      this._timer = 0;
      action();
    }, this._pause);
  }
}

/** Shows what the other side is typing, for a while after the last notification; then onEnd() is called. */
export class TypingNotice {
  constructor(place, onEnd = () => {}) {
    this._timer = 0;
    this._place = place;
    this._onEnd = onEnd;
  }

  /** `seconds`: how long the notice stays without a new notification; the server gives the number. */
  show(text, seconds = 0) {
    this._place.textContent = text;
    clearTimeout(this._timer);
    if (!text) return;
    this._timer = setTimeout(() => {
      this._onEnd();
      this.show("");
    }, 1000 * seconds);
  }
}
