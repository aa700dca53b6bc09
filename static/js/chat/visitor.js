/* The visitor's side of the live chat, imported when the chat is opened. */

import { Connection } from "./connection.js";
import { element, LineList } from "./line.js";
import { requester } from "./request.js";
import { writeText } from "./storage.js";
import { Thread } from "./thread.js";
import { Composer } from "./visitor/composer.js";
import { pageSeen } from "./visitor/consent.js";
import { Conversation } from "./visitor/conversation.js";
import { drawLine } from "./visitor/lines.js";
import { Opening } from "./visitor/opening.js";
import { Panel } from "./visitor/panel.js";
import { Sending } from "./visitor/sending.js";
import { openForm, watchTools } from "./visitor/tools.js";
import { UnreadCount } from "./visitor/unread.js";

/** Resolves when the panel is on the page. `isQuiet()`: whether it stays closed, as it was left in this tab. */
export async function openChat({ base, button, isQuiet, startCopyButton }) {
  const words = { failure: "", unreachable: "" };
  const ask = requester(base, words);
  const answer = await ask("GET", "");
  const holder = element("div");
  holder.innerHTML = answer.html; // from our own template
  const root = document.body.appendChild(holder.firstElementChild);
  Object.assign(words, answer.words);
  startCopyButton(root.querySelector("[data-chat-copy]"));
  new VisitorChat({ base, root, button, ask, words, answer }).start(isQuiet());
}

class VisitorChat {
  constructor({ base, root, button, ask, words, answer }) {
    this._hasAgreed = false;
    this.isCrowded = false; // whether the server takes no new visitor from here
    Object.assign(this, { root, button, ask, words, answer });
    // The order matters: a constructor may read only what is set above it (Conversation reads the lines). What is set
    // below it may be used later, when an event arrives.
    this.form = this.part(".chat__form");
    this.receipt = this.part(".chat__receipt");
    this.unread = new UnreadCount(button, words);
    this.lines = new LineList(new Thread(), this.part(".chat__log"), this.part(".chat__lines"), drawLine);
    this.panel = new Panel(root, button, (isOpen) => this.onToggle(isOpen));
    this.opening = new Opening(answer, ask, () => this.conversation.show());
    this.conversation = new Conversation(this);
    this.sending = new Sending(this);
    this.composer = new Composer(this);
    this.panelPart = this.composer.root;
    this.connection = new Connection({
      streamUrl: () => this.isTalking && `${base}stream/?after=${this.lines.thread.cursor}`,
      events: { update: (update) => this.receive(update) },
      onOpen: () => this.sending.send(),
      poll: () => this.poll(),
      onWake: () => this.onWake(),
      onState: (state) => this.showLink(state),
      hiddenPoll: 15000,
      maxWait: 15000,
    });
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  parts(selector) {
    return [...this.root.querySelectorAll(selector)];
  }

  get hasAgreed() {
    return this._hasAgreed;
  }

  set hasAgreed(value) {
    this._hasAgreed = value;
    this.root.classList.toggle("has-agreed", value);
  }

  get isTalking() {
    return this.hasAgreed && this.lines.thread.conversation > 0;
  }

  start(isQuiet) {
    const { thread, has_agreed } = this.answer;
    this.hasAgreed = has_agreed;
    watchTools(this);
    this.watchPage();
    if (thread) this.receive(thread, { isFirst: true });
    this.sending.drawAll();
    this.showPart(this.composer.root);
    if (this.opening.state === "closed" && !(thread && thread.status === "active")) openForm(this);
    this.panel.toggle(!isQuiet);
    if (!isQuiet && this.form.hidden) this.composer.focusFirst();
    this.button.addEventListener("click", (event) => {
      event.preventDefault();
      this.panel.toggle(!this.panel.isShown);
      if (this.panel.isShown && this.form.hidden) this.composer.focusFirst();
    });
    this.sending.send();
    if (!this.hasAgreed) return;
    this.ask("POST", "page/", pageSeen()).catch(() => {});
    this.connection.listen();
  }

  onToggle(isOpen) {
    writeText("chat-state", isOpen ? "open" : this.hasAgreed || this.sending.hasWaiting ? "small" : "");
    if (!isOpen) return;
    this.opening.refreshIfOld();
    this.lines.toEnd();
    this.conversation.markRead();
  }

  onWake() {
    this.conversation.markRead();
    this.sending.send();
  }

  receive(update, options) {
    for (const line of update.messages || []) this.sending.wasDelivered(line.id);
    this.conversation.receive(update, options);
  }

  async poll() {
    try {
      this.receive(await this.ask("GET", `updates/?after=${this.lines.thread.cursor}`));
    } catch (error) {
      if (error.status === 404) this.forget(this.words.ended);
      throw error;
    }
    this.sending.send();
  }

  /** After the end of the conversation and its data, here or in another tab. What was not sent is in the composer again. */
  forget(message = "") {
    const { texts } = this.sending;
    this.hasAgreed = false;
    this.connection.stop();
    this.sending.clear();
    this.lines.clear();
    this.conversation.clear();
    this.unread.forget();
    this.composer.putBack(texts);
    this.part(".chat__link").hidden = true;
    this.part(".chat__state").textContent = "";
    this.tell(message);
    writeText("chat-form", "");
    writeText("chat-state", this.panel.isShown ? "open" : "");
  }

  /** The server takes no more from this address: the form and the telephone are offered instead. */
  offerForm(message) {
    this.isCrowded = true;
    this.tell(message);
    this.conversation.show();
  }

  tell(message) {
    const place = this.part(".chat__fault");
    place.textContent = message;
    place.hidden = !message;
  }

  showLink(state) {
    const isUp = state === "online";
    const place = this.part(".chat__link");
    place.textContent = isUp ? "" : this.words[state];
    place.hidden = isUp;
    this.part(".chat__state").textContent = isUp ? this.words.connected : this.words.broken;
  }

  /** Shows one of the composer, the message form and its receipt. */
  showPart(part) {
    this.panelPart = part;
    for (const other of [this.composer.root, this.form, this.receipt]) other.hidden = other !== part;
    this.part(".chat__log").hidden = part === this.form;
    this.conversation.show();
  }

  watchPage() {
    window.addEventListener("online", () => this.onWake());
    setInterval(() => {
      if (this.conversation.isWaiting && this.panel.isShown && !document.hidden) this.opening.refreshIfOld();
      this.conversation.show(); // after a while the message form is offered
    }, 5000);
  }
}
