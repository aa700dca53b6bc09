/* Where the visitor writes: the draft, consent, typing notifications, files. */

import { watchFiles } from "../files.js";
import { readText, writeText } from "../storage.js";
import { cutText } from "../text.js";
import { isSendKey, Throttle } from "../typing.js";

const MAX_HEIGHT = 120; // pixels that the field grows to
const TYPING_PAUSE = 1500;
const TYPING_LENGTH = 200; // of what an agent sees of a line before it is sent

export class Composer {
  #chat;
  #text;
  #typing = new Throttle(TYPING_PAUSE);
  #sentTyping = "";

  constructor(chat) {
    this.#chat = chat;
    this.root = chat.part(".chat__composer");
    this.#text = chat.part("#chat-text");
    this.#text.value = readText("chat-draft");
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener("input", () => this.#onInput());
    this.#text.addEventListener("keydown", (event) => {
      if (!isSendKey(event)) return;
      event.preventDefault();
      chat.part(".chat__send").click();
    });
    watchFiles({ input: chat.part("[type=file]"), text: this.#text, dropZone: chat.root }, (files) => {
      if (!this.#mayWrite()) return;
      for (const file of files) chat.sending.queue({ name: file.name || chat.words.file, file: true }, file);
    });
  }

  get said() {
    return this.#text.value.trim();
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
    this.#text.focus();
  }

  /** Consent comes before the first line. */
  focusFirst() {
    if (this.#chat.hasAgreed) this.focus();
    else this.root.elements.agree.focus();
  }

  clear() {
    this.#text.value = "";
    writeText("chat-draft", "");
  }

  #submit() {
    const { said } = this;
    if (!said) this.focus();
    if (!said || !this.#mayWrite()) return;
    this.#chat.tell("");
    this.clear();
    this.#sentTyping = ""; // the server ends the typing notice with the line
    this.#onInput();
    this.#chat.sending.queue({ text: said });
    this.focus();
  }

  #mayWrite() {
    if (this.#chat.hasAgreed || this.consent) return true;
    this.#chat.tell(this.#chat.words.agree);
    this.root.elements.agree.focus();
    return false;
  }

  #onInput() {
    writeText("chat-draft", this.#text.value);
    this.#text.style.height = "auto";
    this.#text.style.height = `${Math.min(MAX_HEIGHT, this.#text.scrollHeight + 2)}px`;
    if (this.#chat.isTalking) this.#typing.after(() => this.#sendTyping());
  }

  #sendTyping() {
    const { value } = this.#text;
    if (this.#sentTyping === value) return;
    this.#sentTyping = value;
    this.#chat.ask("POST", "typing/", { text: cutText(value, TYPING_LENGTH) }).catch(() => {});
  }
}
