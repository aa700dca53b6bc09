/* Alerts for an agent who does not look at the desk: a sound, and a desktop notification. */

import { playTones } from "../sound.js";
import { readJson, writeJson } from "../storage.js";
import { fillText } from "../text.js";

const SOUND_KEY = "desk-sound";
const TONES = [
  [880, 0],
  [1175, 0.18],
];

export class Alerts {
  #desk;
  #sound;
  #notify;

  constructor(desk) {
    this.#desk = desk;
    this.#sound = desk.part("[data-sound]");
    this.#notify = desk.part("[data-notify]");
    this.#sound.addEventListener("click", () => {
      writeJson(SOUND_KEY, !this.#isLoud);
      this.#showChoices();
    });
    desk.part("[data-sound-test]").addEventListener("click", beep);
    this.#notify.addEventListener("click", async () => {
      await window.Notification?.requestPermission();
      this.#showChoices();
    });
    this.#showChoices();
  }

  /** `reason` names one of the desk's words. */
  announce(reason, chat) {
    const { openChat, words } = this.#desk;
    if (this.#isLoud) beep();
    if (!document.hidden || window.Notification?.permission !== "granted") return;
    const body = fillText(words.colon, chat.visitor, chat.last.text || words.file);
    const note = new Notification(words[reason], { body, tag: `chat-${chat.id}` });
    note.onclick = () => {
      window.focus();
      openChat.select(chat.id);
      note.close();
    };
  }

  get #isLoud() {
    return readJson(SOUND_KEY, true);
  }

  #showChoices() {
    const { words } = this.#desk;
    const permission = window.Notification?.permission ?? "denied";
    const texts = { default: words.notify, granted: words.notify_on, denied: words.notify_off };
    this.#sound.textContent = this.#isLoud ? words.sound_on : words.sound_off;
    this.#notify.textContent = texts[permission];
    this.#notify.disabled = permission !== "default";
  }
}

function beep() {
  playTones(TONES, { volume: 0.15, seconds: 0.35 });
}
