/* The conversation that the agent has opened. */

import { LineList } from "../line.js";
import { Thread } from "../thread.js";
import { TypingNotice } from "../typing.js";
import { drawDeskLine } from "./desk-lines.js";

export class OpenChat {
  #desk;
  #log;
  #typing;
  #wanted = 0; // the conversation requested last
  #readUpTo = 0;
  #wasMine = false;

  summary = null; // as in the lists
  about = null; // the visitor

  constructor(desk) {
    this.#desk = desk;
    this.#log = desk.part(".thread__log");
    this.lines = new LineList(new Thread(), this.#log, desk.part(".thread__lines"), (line) =>
      drawDeskLine(line, this.summary.visitor, desk.words),
    );
    this.#typing = new TypingNotice(desk.part(".thread__typing"), () => {
      this.summary.types = "";
    });
    desk.part("[data-older]").addEventListener("click", () => this.#loadOlder());
  }

  get id() {
    return this.summary?.id ?? 0;
  }

  get isMine() {
    return this.#desk.isMine(this.summary);
  }

  async select(id) {
    const { about, ask, composer, lists, replies, session } = this.#desk;
    composer.leave();
    // What is typed from now on is meant for this visitor: the one still on the screen must not get it.
    this.#wanted = id;
    composer.lock();
    const answer = await session.attempt(ask("GET", `${id}/`));
    if (this.#wanted !== id) return;
    if (!answer) {
      composer.giveUp({ isOpen: Boolean(this.summary) });
      return;
    }
    const isNew = id !== this.id;
    if (isNew) this.#wasMine = false;
    this.#readUpTo = 0;
    this.lines.clear();
    this.lines.thread.enter(id);
    this.#desk.part(".thread__transfer").hidden = true;
    this.#take(answer.conversation, answer.about);
    this.#place(answer.messages);
    replies.drawOf(id);
    composer.openDraft(id);
    this.show({ isNew });
    about.show(this.summary, this.about);
    lists.show();
    this.lines.toEnd();
    this.markRead();
    if (this.summary.agent === this.#desk.me) composer.focus();
  }

  /** Fetches the lines after those that are held. */
  async catchUp() {
    const { id } = this;
    if (!id) return;
    const answer = await this.#desk.ask("GET", `${id}/?after=${this.lines.thread.last}`);
    if (this.id !== id) return;
    const wasAtEnd = this.lines.isAtEnd();
    this.#take(answer.conversation, answer.about);
    this.#place(answer.messages);
    this.show();
    this.#desk.about.show(this.summary, this.about);
    if (wasAtEnd) this.lines.toEnd();
    this.markRead();
  }

  /** An event of the stream, for any conversation. */
  receive(summary, messages) {
    if (summary.id !== this.id || summary.revision < this.summary.revision) return;
    const { thread } = this.lines;
    const wasAtEnd = this.lines.isAtEnd();
    const hasMoved = this.summary.page.url !== summary.page.url;
    const isWhole = thread.isWhole(messages, summary.sequence);
    this.#take(summary, this.about);
    if (isWhole) this.#place(messages);
    this.show();
    if (wasAtEnd) this.lines.toEnd();
    this.markRead();
    if (!isWhole || hasMoved || summary.sequence > thread.last) this.#desk.session.attempt(this.catchUp());
  }

  /** The agent's line as the server has stored it. */
  addReply(entry, message) {
    if (entry.chat !== this.id) return;
    this.lines.removePending(entry.id);
    if (message.n <= this.lines.thread.last + 1) this.#place([message]);
    else this.#desk.session.attempt(this.catchUp());
    this.show();
    this.lines.toEnd();
  }

  show({ isNew = false } = {}) {
    const desk = this.#desk;
    const { summary, isMine } = this;
    desk.part(".desk__empty").hidden = true;
    desk.part(".thread").hidden = desk.part(".desk__about").hidden = false;
    desk.part(".thread__name").textContent = summary.visitor;
    const agent = summary.agent && !isMine ? desk.words.answeredBy + summary.agent_name : "";
    desk.part(".thread__facts").textContent = [summary.device, agent].filter(Boolean).join(" · ");
    this.#showVerbs();
    this.#showMarks();
    desk.composer.showMode({ isMine, isNew, wasMine: this.#wasMine });
    this.#wasMine = isMine;
  }

  markRead() {
    const { lists, ask } = this.#desk;
    const { last } = this.lines.thread;
    if (!this.summary || document.hidden || !document.hasFocus() || !this.isMine) return;
    if (last <= Math.max(this.summary.staff_read, this.#readUpTo)) return;
    this.#readUpTo = last;
    lists.markRead(this.id);
    ask("POST", `${this.id}/read/`, { sequence: last }).catch(() => {
      this.#readUpTo = 0;
    });
  }

  #take(summary, about) {
    this.summary = summary;
    this.about = about;
    this.#typing.show(summary.types ? this.#desk.words.types + summary.types : "", this.#desk.typingSeconds);
  }

  #place(messages) {
    for (const line of messages) {
      if (line.id) this.#desk.replies.wasStored(line.id);
      this.lines.place(line, this.id);
      this.lines.thread.advance(line.n);
    }
  }

  async #loadOlder() {
    const { ask, session } = this.#desk;
    const { id } = this;
    const { first } = this.lines.thread;
    const answer = await session.attempt(ask("GET", `${id}/?before=${first}`));
    if (!answer || this.id !== id || this.lines.thread.first !== first) return; // another was opened, or this one anew
    this.lines.keepPlace(() => {
      this.#place(answer.messages);
      this.show();
    });
  }

  #showVerbs() {
    const { root, words } = this.#desk;
    const { summary, isMine } = this;
    const { first } = this.lines.thread;
    const may = {
      take: summary.status === "waiting",
      release: isMine,
      close: isMine || summary.status === "waiting",
      reopen: summary.status === "closed",
      block: !summary.is_blocked,
      unblock: summary.is_blocked,
    };
    for (const button of root.querySelectorAll("[data-verb]")) button.hidden = !may[button.dataset.verb];
    root.querySelector("[data-transfer]").hidden = !isMine;
    const older = root.querySelector("[data-older]");
    older.hidden = !(first > 1 && first < Infinity);
    older.textContent = words.older;
  }

  #showMarks() {
    const { words } = this.#desk;
    for (const { n, item } of this.lines.thread.lines) {
      const mark = item.querySelector(".thread__mark");
      if (mark) mark.textContent = n <= this.summary.visitor_read ? words.read : words.delivered;
    }
  }
}
