/* The order of a chat's lines: each once, by conversation and by number, whatever order they arrive in. */

export class Thread {
  constructor() {
    this._lines = []; // sorted
    this.conversation = 0; // the newest one
    this.first = Infinity; // of the numbers held of it
    this._held = [0, 0]; // conversation and number up to which all lines were received
  }

  get lines() {
    return [...this._lines];
  }

  /** Where a stream or a poll goes on. Maybe in an older conversation: its last lines were missed while one's own began a new one. */
  get cursor() {
    return this._held.join("-");
  }

  /** The number up to which all lines of the newest conversation were received. */
  get last() {
    return this._held[0] === this.conversation ? this._held[1] : 0;
  }

  /** The oldest line that is held, written as a cursor; undefined where there is none. */
  get earliest() {
    const line = this._lines.find(({ n }) => n > 0 && n % 1 === 0); // between lines stand notices
    return line && `${line.conversation}-${line.n}`;
  }

  /** What an update of this conversation is: "stale", "same", "first", or "next" where a new one begins. */
  enter(conversation) {
    if (conversation < this.conversation) return "stale";
    if (conversation === this.conversation) return "same";
    const isFirst = this.conversation === 0;
    this.conversation = conversation;
    this.first = Infinity;
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

  /** Everything up to this number was received. */
  advance(n, conversation = this.conversation) {
    const [held, last] = this._held;
    if (conversation > held || (conversation === held && n > last)) this._held = [conversation, n];
  }

  /** Whether these lines, in order and the newest numbered `sequence`, leave no gap behind those received. */
  isWhole(lines, sequence) {
    return lines.length ? lines[0].n <= this.last + 1 : sequence <= this.last;
  }

  clear() {
    this._lines = [];
    this.conversation = 0;
    this._held = [0, 0];
    this.first = Infinity;
  }
}

function compareLines(one, other) {
  return one.conversation - other.conversation || one.n - other.n;
}
