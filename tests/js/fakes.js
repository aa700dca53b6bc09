/* The browser APIs that the modules use, for node. */

import { Outbox } from "../../static/js/chat/outbox.js";
import { RequestError } from "../../static/js/chat/request.js";

/** A storage of a tab: it survives a reload of the page. */
export class FakeStorage {
  #items = new Map();

  getItem(key) {
    return this.#items.get(key) ?? null;
  }
  setItem(key, text) {
    this.#items.set(key, String(text));
  }
  removeItem(key) {
    this.#items.delete(key);
  }
}

/** Timers that run when a test says so. */
export class FakeClock {
  #jobs = new Map();
  #next = 1;
  now = 0;
  waits = []; // milliseconds, in the order of the calls of setTimeout

  constructor() {
    this.real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, now: Date.now };
    globalThis.setTimeout = (job, wait) => {
      this.waits.push(wait);
      this.#jobs.set(this.#next, { job, at: this.now + wait });
      return this.#next++;
    };
    globalThis.clearTimeout = (number) => this.#jobs.delete(number);
    Date.now = () => this.now;
  }

  get pending() {
    return this.#jobs.size;
  }

  /** Runs what is due until then, in order. */
  async pass(milliseconds) {
    const end = this.now + milliseconds;
    for (;;) {
      await settled();
      const due = [...this.#jobs].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [number, { job, at }] = due;
      this.#jobs.delete(number);
      this.now = Math.max(this.now, at);
      job();
    }
    this.now = end;
  }

  restore() {
    Object.assign(globalThis, { setTimeout: this.real.setTimeout, clearTimeout: this.real.clearTimeout });
    Date.now = this.real.now;
  }
}

/** Lets all promises settle that wait for no timer. */
export async function settled() {
  for (let turn = 0; turn < 20; turn += 1) await null;
}

/** A promise that the test settles. */
export function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

/** An outbox whose server answers as the test says: answers[text] is one error after the other, then it goes well. */
export function makeOutbox({ answers = {}, ...options } = {}) {
  const log = [];
  const outbox = new Outbox("box", {
    post: async (entry, file) => {
      log.push(`post ${entry.text ?? file}`);
      const error = answers[entry.text]?.shift();
      if (error) throw error;
      return { stored: entry.id };
    },
    judge: (error) => (error.status && error.status < 500 && !error.wait ? "refuse" : "retry"),
    onPosted: (entry) => log.push(`posted ${entry.text ?? entry.id}`),
    onRefused: (entry) => log.push(`refused ${entry.text}: ${entry.error}`),
    ...options,
  });
  return { outbox, log };
}

export const offline = () => new RequestError("unreachable");
export const refusal = (status = 400) => new RequestError("no", { status });
