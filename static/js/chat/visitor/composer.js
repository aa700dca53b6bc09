/* Where the visitor writes: the draft, consent, typing notifications, files. */

import { watchFiles } from "../files.js";
import { readText, writeText } from "../storage.js";
import { cutText, splitText } from "../text.js";
import { isSendKey, Throttle } from "../typing.js";
import { consent } from "./consent.js";

const MAX_HEIGHT = 120; // pixels that the field grows to
const TYPING_PAUSE = 1500;
const TYPING_LENGTH = 200; // of what an agent sees of a line before it is sent

export class Composer {
  constructor(chat) {
    this._typing = new Throttle(TYPING_PAUSE);
    this._sentTyping = "";
    this._chat = chat;
    this.root = chat.part(".chat__composer");
    this._text = chat.part("#chat-text");
    this._text.value = readText("chat-draft");
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this._submit();
    });
    this._text.addEventListener("input", () => this._onInput());
    this._text.addEventListener("keydown", (event) => {
      if (!isSendKey(event)) return;
      event.preventDefault();
      chat.part(".chat__send").click();
    });
    this.root.elements.agree.addEventListener("change", () => this._onAgreed());
    watchFiles({ input: chat.part("[type=file]"), text: this._text, dropZone: chat.root }, (files) => {
      if (!this.mayWrite()) return;
      for (const file of files) chat.sending.queue({ name: file.name || chat.words.file, file: true }, file);
    });
  }

  get said() {
    return this._text.value.trim();
  }

  get visitorName() {
    return this.root.elements.name.value;
  }

  focus() {
    this._text.focus();
  }

  /** Consent comes before the first line. */
  focusFirst() {
    if (this._chat.hasAgreed) this.focus();
    else this.root.elements.agree.focus();
  }

  clear() {
    this._text.value = "";
    writeText("chat-draft", "");
  }

  _submit() {
    const { said } = this;
    if (!said) this.focus();
    if (!said || !this.mayWrite()) return;
    this._chat.tell("");
    this.clear();
    this._sentTyping = ""; // the server ends the typing notice with the line
    this._onInput();
    for (const text of splitText(said, this._chat.answer.text_limit)) this._chat.sending.queue({ text });
    this.focus();
  }

  /** Whether the visitor has agreed; if not, they are asked to. */
  mayWrite() {
    if (this._chat.hasAgreed || consent.isGiven) return true;
    const { agree } = this.root.elements;
    if (agree.checked) {
      consent.give(agree.value, this.visitorName);
      return true;
    }
    this._chat.tell(this._chat.words.agree);
    agree.focus();
    return false;
  }

  /** The notice has changed since the panel was opened: shows the new one; what was written waits for the consent to it. */
  askAgain({ version, text }, message) {
    const { agree } = this.root.elements;
    consent.withdraw();
    agree.value = version;
    agree.checked = false;
    this._chat.part("[data-chat-notice]").textContent = text;
    this._chat.tell(message);
    agree.focus();
  }

  /** Puts texts that could not be sent back, before what is being written. */
  putBack(texts) {
    this._text.value = [...texts, this._text.value].filter(Boolean).join("\n");
    this._onInput();
  }

  _onAgreed() {
    if (!this._chat.sending.hasWaiting || !this.mayWrite()) return;
    this._chat.tell("");
    this._chat.sending.send();
  }

  _onInput() {
    writeText("chat-draft", this._text.value);
    this._text.style.height = "auto";
    this._text.style.height = `${Math.min(MAX_HEIGHT, this._text.scrollHeight + 2)}px`;
    if (this._chat.isTalking) this._typing.after(() => this._sendTyping());
  }

  _sendTyping() {
    const { value } = this._text;
    if (this._sentTyping === value) return;
    this._sentTyping = value;
    this._chat.ask("POST", "typing/", { text: cutText(value, TYPING_LENGTH) }).catch(() => {});
  }
}
