/* Typing notifications, sent and received, and the key that sends a line. */

/** Whether a keydown sends the text. While an input method is at work Enter chooses a word. */
export function isSendKey(event) {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}

/** Runs an action at most once in each pause. */
export class Throttle {
  #pause;
  #timer = 0;

  constructor(pause) {
    this.#pause = pause;
  }

  /** At once, then not before the pause is over. */
  before(action) {
    if (this.#timer) return;
    this.after(() => {});
    action();
  }

  /** At the end of a pause that begins now, if none has begun yet. */
  after(action) {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      action();
    }, this.#pause);
  }
}

/** Shows what the other side is typing, for a while after the last notification; then onEnd() is called. */
export class TypingNotice {
  #place;
  #onEnd;
  #timer = 0;

  constructor(place, onEnd = () => {}) {
    this.#place = place;
    this.#onEnd = onEnd;
  }

  /** `seconds`: how long the notice stays without a new notification; the server gives the number. */
  show(text, seconds = 0) {
    this.#place.textContent = text;
    clearTimeout(this.#timer);
    if (!text) return;
    this.#timer = setTimeout(() => {
      this.#onEnd();
      this.show("");
    }, 1000 * seconds);
  }
}
