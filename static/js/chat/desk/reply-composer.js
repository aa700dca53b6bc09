/* Where the agent writes: an answer or a note, a draft for each conversation, canned replies, files. */

import { watchFiles } from "../files.js";
import { readJson, writeJson } from "../storage.js";
import { splitText } from "../text.js";
import { isSendKey, Throttle } from "../typing.js";
import { CannedReplies } from "./canned.js";

const DRAFTS = "desk-drafts";
const TYPING_PAUSE = 3000;

export class ReplyComposer {
  #desk;
  #form;
  #text;
  #drafts = new Map(Object.entries(readJson(DRAFTS, {}))); // a conversation's primary key as text → draft
  #typing = new Throttle(TYPING_PAUSE);
  #attached = new Map(); // a conversation's primary key → the canned reply whose picture waits to be sent
  #typesTo = 0; // the conversation whose visitor sees that an answer is being written

  constructor(desk) {
    this.#desk = desk;
    this.#form = desk.part(".thread__composer");
    this.#text = desk.part("#desk-text");
    this.canned = new CannedReplies(desk, this.#text);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submitReply();
    });
    this.#text.addEventListener("input", () => this.#onTyped());
    this.#text.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (this.canned.takesKey(event) || !isSendKey(event)) return;
      event.preventDefault();
      this.#form.requestSubmit();
    });
    desk.part("[data-detach]").addEventListener("click", () => this.attach(null));
    desk.part(".thread__modes").addEventListener("change", () => this.#showKind());
    watchFiles({ input: desk.part("[type=file]"), text: this.#text }, (files) => {
      for (const file of files)
        desk.replies.queue({ name: file.name || desk.words.file, file: true, kind: "staff" }, file);
    });
  }

  /** A canned reply's picture, which goes out with the text; null for none. */
  attach(picture) {
    const { id } = this.#desk.openChat;
    if (picture) this.#attached.set(id, picture);
    else this.#attached.delete(id);
    this.#showAttached(id);
    this.focus();
  }

  #showAttached(id) {
    const picture = this.#attached.get(id);
    const place = this.#desk.part(".thread__attached");
    place.hidden = !picture;
    place.querySelector("span").textContent = picture ? picture.name : "";
  }

  focus() {
    this.#text.focus();
  }

  lock() {
    this.#text.readOnly = true;
  }

  /** The conversation could not be opened; `isOpen`: whether another one still is. */
  giveUp({ isOpen }) {
    this.#text.blur();
    document.getSelection().removeAllRanges(); // else an input method goes on writing where the caret was
    this.#text.readOnly = !isOpen;
  }

  /** Another conversation is opened. */
  leave() {
    this.#endTyping();
    this.#storeDraft();
  }

  #storeDraft() {
    const { id } = this.#desk.openChat;
    if (!id) return;
    if (this.#text.value) this.#drafts.set(String(id), this.#text.value);
    else this.#drafts.delete(String(id));
    writeJson(DRAFTS, Object.fromEntries(this.#drafts));
  }

  openDraft(id) {
    this.#text.value = this.#drafts.get(String(id)) ?? "";
    this.#text.readOnly = false;
    this.#showAttached(id);
  }

  /** Chooses between answer and note, for a conversation that was opened now or changed hands. */
  showMode({ isMine, isNew, wasMine }) {
    // An answer that is being written does not become a note by itself: the visitor would never see it.
    if (wasMine && !isMine && this.#text.value.trim()) this.#desk.session.tell(this.#desk.words.notYours);
    if (isNew && !isMine) this.#kind("note").checked = true;
    else if (isMine && !wasMine) this.#kind("staff").checked = true;
    this.#kind("staff").disabled = !isMine;
    this.#showKind();
  }

  get #isNote() {
    return this.#kind("note").checked;
  }

  #kind(value) {
    return this.#form.querySelector(`[name=kind][value=${value}]`);
  }

  #showKind() {
    this.#form.classList.toggle("is-note", this.#isNote);
  }

  async #submitReply() {
    const { acting, openChat, replies, session, words } = this.#desk;
    const { id } = openChat;
    // A running verb decides who may read this: wait for it, or an answer might be sent as a note.
    await acting;
    const said = this.#text.value.trim();
    const picture = this.#isNote ? undefined : this.#attached.get(id); // a note has none
    if (!(said || picture) || !id || openChat.id !== id || this.#text.readOnly) return;
    if (!this.#isNote && this.#kind("staff").disabled) {
      session.tell(words.notYours);
      return;
    }
    this.#text.value = "";
    this.#typesTo = 0; // the server ends the notice with the answer
    this.#storeDraft();
    this.canned.show();
    const kind = this.#isNote ? "note" : "staff";
    for (const text of splitText(said, Number(this.#desk.root.dataset.textLimit))) replies.queue({ text, kind });
    if (!picture) return;
    this.attach(null);
    replies.queue({ ...picture, text: "", kind, file: false });
  }

  #onTyped() {
    const { openChat, ask } = this.#desk;
    this.#storeDraft();
    this.canned.show();
    if (!openChat.id || openChat.summary.agent !== this.#desk.me || this.#isNote) return;
    if (!this.#text.value) this.#endTyping();
    else
      this.#typing.before(() => {
        this.#typesTo = openChat.id;
        ask("POST", `${openChat.id}/typing/`).catch(() => {});
      });
  }

  /* The text was deleted, or another visitor's conversation is opened. */
  #endTyping() {
    if (!this.#typesTo) return;
    this.#desk.ask("POST", `${this.#typesTo}/typing/`, { is_typing: false }).catch(() => {});
    this.#typesTo = 0;
  }
}
