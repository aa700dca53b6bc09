/* Where the visitor writes: the draft, consent, typing notifications, files. */

import { watchFiles } from "../files.js";
import { readText, writeText } from "../storage.js";
import { cutText } from "../text.js";
import { isSendKey, Throttle } from "../typing.js";

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
    watchFiles({ input: chat.part("[type=file]"), text: this._text, dropZone: chat.root }, (files) => {
      if (!this._mayWrite()) return;
      for (const file of files) chat.sending.queue({ name: file.name || chat.words.file, file: true }, file);
    });
  }

  get said() {
    return this._text.value.trim();
  }

  get visitorName() {
    return this.root.elements.name.value;
  }

  /** The version of the privacy notice that is agreed to; "" while it is not. */
  get consent() {
    const { agree } = this.root.elements;
    return agree.checked ? agree.value : "";
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
    if (!said || !this._mayWrite()) return;
    this._chat.tell("");
    this.clear();
    this._sentTyping = ""; // the server ends the typing notice with the line
    this._onInput();
    this._chat.sending.queue({ text: said });
    this.focus();
  }

  _mayWrite() {
    if (this._chat.hasAgreed || this.consent) return true;
    this._chat.tell(this._chat.words.agree);
    this.root.elements.agree.focus();
    return false;
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
