/* Unread answers: their number on the button and in the title, and a sound. */

import { element } from "../line.js";
import { readText, writeText } from "../storage.js";

const SOUND_KEY = "chat-sound";
const AWAITS_KEY = "chat-awaits"; // when the conversation last moved, in milliseconds; static/js/site/chat-button.js reads it
const TITLE = document.title;

/* Its module is loaded when it is first needed. */
async function playSound() {
  try {
    const { playTones } = await import("../sound.js");
    playTones([[880, 0]], { volume: 0.1, seconds: 0.4 });
  } catch (_error) {
    // Without a connection there is no sound.
  }
}

export class UnreadCount {
  constructor(button, words) {
    this._count = 0;
    this._badge = button.appendChild(element("span", "contact-bar__badge"));
    this._words = words;
  }

  get isLoud() {
    return readText(SOUND_KEY, "localStorage") !== "off";
  }

  toggleSound() {
    writeText(SOUND_KEY, this.isLoud ? "off" : "on", "localStorage");
  }

  /** So many are unread when the panel is loaded. */
  begin(count) {
    this._count = count;
    this._show();
  }

  /** Makes the pages of a later session look for answers, for a while. */
  remember(isOpen) {
    if (isOpen || this._count) writeText(AWAITS_KEY, String(Date.now()), "localStorage");
  }

  forget() {
    writeText(AWAITS_KEY, "", "localStorage");
  }

  announceAnswer() {
    this._count += 1;
    this._show();
    if (this.isLoud) playSound();
  }

  reset() {
    this._count = 0;
    this._show();
  }

  _show() {
    const word = this._words.new;
    document.title = this._count ? `(${this._count}) ${word} - ${TITLE}` : TITLE;
    this._badge.textContent = this._count || "";
    this._badge.setAttribute("aria-label", this._count ? `${this._count} ${word}` : "");
  }
}
