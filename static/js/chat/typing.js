/* Signs of typing on their way out and in, and the key that sends. */

/** Whether a keydown sends the text. While an input method is at work Enter chooses a word. */
export function isSendKey(event) {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}

/** Lets something happen at most once in a while. */
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

/** What the other side is typing: it stays for a while after the last sign, then onEnd() is called. */
export class TypingNotice {
  #place;
  #onEnd;
  #timer = 0;

  constructor(place, onEnd = () => {}) {
    this.#place = place;
    this.#onEnd = onEnd;
  }

  /** `seconds`: how long a sign that is not renewed stays, as the server says. */
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
