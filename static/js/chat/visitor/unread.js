/* Unread answers: their number on the button and in the title, and a sound. */

import { element } from "../line.js";
import { readText, writeText } from "../storage.js";

const SOUND_KEY = "chat-sound";
const TITLE = document.title;

export class UnreadCount {
  #badge;
  #words;
  #count = 0;

  constructor(button, words) {
    this.#badge = button.appendChild(element("span", "contact-bar__badge"));
    this.#words = words;
  }

  get isLoud() {
    return readText(SOUND_KEY, "localStorage") !== "off";
  }

  toggleSound() {
    writeText(SOUND_KEY, this.isLoud ? "off" : "on", "localStorage");
  }

  announceAnswer() {
    this.#count += 1;
    this.#show();
    if (this.isLoud) this.#playSound();
  }

  reset() {
    this.#count = 0;
    this.#show();
  }

  #show() {
    const word = this.#words.new;
    document.title = this.#count ? `(${this.#count}) ${word} - ${TITLE}` : TITLE;
    this.#badge.textContent = this.#count || "";
    this.#badge.setAttribute("aria-label", this.#count ? `${this.#count} ${word}` : "");
  }

  async #playSound() {
    const { playTones } = await import("../sound.js");
    playTones([[880, 0]], { volume: 0.1, seconds: 0.4 });
  }
}
