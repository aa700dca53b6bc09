/* Unread answers: their number on the button and in the title, and a sound. */

import { element } from "../line.js";
import { playTones } from "../sound.js";
import { readText, writeText } from "../storage.js";

const SOUND_KEY = "chat-sound";
const TITLE = document.title;

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

  announceAnswer() {
    this._count += 1;
    this._show();
    if (this.isLoud) playTones([[880, 0]], { volume: 0.1, seconds: 0.4 });
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
