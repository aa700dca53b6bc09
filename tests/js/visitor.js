/* A visitor's panel without a browser: the modules of the chat around elements that only remember what was put into them. */

import { LineList } from "../../static/js/chat/line.js";
import { RequestError } from "../../static/js/chat/request.js";
import { Thread } from "../../static/js/chat/thread.js";
import { Conversation } from "../../static/js/chat/visitor/conversation.js";
import { drawLine } from "../../static/js/chat/visitor/lines.js";
import { Sending } from "../../static/js/chat/visitor/sending.js";
import { FakeStorage } from "./fakes.js";

class FakeElement {
  constructor() {
    this.children = [];
    this.className = this.own = "";
    this.hidden = false;
    this.scrollHeight = this.scrollTop = this.clientHeight = 0;
    this.listeners = {};
    this.classList = {
      add: (name) => {
        this.className += ` ${name}`;
      },
      toggle: () => {},
    };
  }

  get textContent() {
    return this.own + this.children.map((child) => child.textContent ?? child).join("");
  }
  set textContent(text) {
    this.own = text;
    this.children = [];
  }
  appendChild(child) {
    return this.insertBefore(child, null);
  }
  append(...children) {
    for (const child of children) this.appendChild(child);
  }
  insertBefore(child, follower) {
    const at = follower ? this.children.indexOf(follower) : this.children.length;
    this.children.splice(at, 0, child);
    child.parent = this;
    return child;
  }
  remove() {
    this.parent.children = this.parent.children.filter((child) => child !== this);
  }
  querySelector(selector) {
    for (const child of this.children) {
      if (child.className?.split(" ").includes(selector.slice(1))) return child;
      const found = child.querySelector?.(selector);
      if (found) return found;
    }
    return null;
  }
  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }
}

/** The globals that the modules use. `isLookedAt` may be changed. */
export function fakePage() {
  const page = { isLookedAt: true };
  Object.assign(globalThis, {
    window: { sessionStorage: new FakeStorage(), localStorage: new FakeStorage(), addEventListener: () => {} },
    location: { href: "http://site/news/1/" },
    document: {
      createElement: () => new FakeElement(),
      hasFocus: () => page.isLookedAt,
      hidden: false,
      title: "page",
      referrer: "",
    },
  });
  return page;
}

/** `answers` maps "POST start/" and the like to a queue: an error is thrown, a function is called with the data. */
export function makeChat({ answers = {}, hasAgreed = false } = {}) {
  const parts = {};
  const words = new Proxy({}, { get: (_target, name) => name });
  const log = [];
  const part = (selector) => {
    parts[selector] ??= new FakeElement();
    return parts[selector];
  };
  const chat = {
    hasAgreed,
    words,
    log,
    part,
    opening: { state: "online", ahead: 0, label: "", apology: "", refreshIfOld: () => log.push("refresh") },
    answer: { answer_seconds: 120, typing_seconds: 6, text_limit: 2000 },
    panel: { isShown: true },
    unread: {
      count: 0,
      announceAnswer: () => {
        chat.unread.count += 1;
      },
      begin: (count) => {
        chat.unread.count = count;
      },
      reset: () => {
        chat.unread.count = 0;
      },
      remember: () => {},
    },
    connection: { listen: () => log.push(`listen after ${chat.lines.thread.cursor}`) },
    composer: {
      root: "composer",
      mayWrite: () => true,
      askAgain: ({ version }) => log.push(`ask again: ${version}`),
    },
    panelPart: "composer",
    tell: (text) => log.push(`tell ${text}`),
    showLink: (state) => log.push(`link ${state}`),
    forget: (text) => log.push(`forget ${text}`),
    offerForm: (text) => log.push(`offer ${text}`),
    ask: async (method, path, data) => {
      const name = `${method} ${path}`;
      log.push(name);
      const next = answers[name]?.shift() ?? {};
      if (next instanceof RequestError) throw next;
      return typeof next === "function" ? next(data) : next;
    },
  };
  const list = new FakeElement();
  chat.lines = new LineList(new Thread(), new FakeElement(), list, drawLine);
  chat.conversation = new Conversation(chat);
  chat.sending = new Sending(chat);
  chat.shown = () => list.children.map((item) => (item.querySelector(".chat__words") ?? item).textContent);
  chat.marks = () => list.children.map((item) => item.querySelector(".chat__mark")?.textContent);
  return chat;
}

/** The server's answer to a line that was posted. */
export function stored(conversation, n) {
  return ({ id, text }) => ({ conversation, message: { id, n, text, kind: "visitor", name: "", at: Date.now() } });
}
