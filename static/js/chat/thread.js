/* The order of a chat's lines: each once, by conversation and by number, whatever order they arrive in. */

export class Thread {
  constructor() {
    this._lines = []; // sorted
    this.conversation = 0; // the newest one
    this.first = Infinity; // of the numbers held of it
    this.last = 0; // number up to which all lines were received: a stream goes on from here
  }

  get lines() {
    return [...this._lines];
  }

  /** Where a stream or a poll goes on. */
  get cursor() {
    return `${this.conversation}-${this.last}`;
  }

  /** What an update of this conversation is: "stale", "same", "first", or "next" where a new one begins. */
  enter(conversation) {
    if (conversation < this.conversation) return "stale";
    if (conversation === this.conversation) return "same";
    const isFirst = this.conversation === 0;
    this.conversation = conversation;
    this.first = Infinity;
    this.last = 0;
    return isFirst ? "first" : "next";
  }

  find(conversation, n) {
    return this._lines.find((line) => line.conversation === conversation && line.n === n);
  }

  /** Adds a line that is not held yet; returns the line after it, undefined at the end. */
  insert(line) {
    // Nearly always the newest: look from the end.
    let at = this._lines.length;
    while (at > 0 && compareLines(this._lines[at - 1], line) > 0) at -= 1;
    this._lines.splice(at, 0, line);
    if (line.conversation === this.conversation) this.first = Math.min(this.first, line.n);
    return this._lines[at + 1];
  }

  advance(n) {
    this.last = Math.max(this.last, n);
  }

  /** Whether these lines, in order and the newest numbered `sequence`, leave no gap behind those received. */
  isWhole(lines, sequence) {
    return lines.length ? lines[0].n <= this.last + 1 : sequence <= this.last;
  }

  clear() {
    this._lines = [];
    this.conversation = this.last = 0;
    this.first = Infinity;
  }
}

function compareLines(one, other) {
  return one.conversation - other.conversation || one.n - other.n;
}
