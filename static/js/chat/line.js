/* Lines of a chat on the page. */

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** A link to a line's file; a picture is shown, `maxWidth` pixels wide at most. */
export function fileLink(file, className, maxWidth) {
  const link = element("a", className, file.width ? "" : file.name);
  link.href = file.url;
  link.target = "_blank";
  if (file.width) {
    const picture = link.appendChild(element("img"));
    picture.src = file.url;
    picture.alt = file.name;
    picture.width = Math.min(maxWidth, file.width);
    picture.height = Math.round((picture.width * file.height) / file.width);
  }
  return link;
}

/** The two buttons of a line that was refused. */
export function retryButtons(words, className, actions) {
  return ["retry", "discard"].map((name) => {
    const button = element("button", className, words[name]);
    button.type = "button";
    button.addEventListener("click", actions[name]);
    return button;
  });
}

/** A scrolling log with its list: stored lines in order, and after them those that are being sent. */
export class LineList {
  /** draw(line) makes a line's element; `thread` is a Thread. */
  constructor(thread, log, list, draw) {
    this._pending = new Map(); // the sender's own id → element
    this.thread = thread;
    this._log = log;
    this._list = list;
    this._draw = draw;
  }

  /** Shows a line of a conversation, once, in its place, instead of the pending one with its id. */
  place(line, conversation) {
    if (this.thread.find(conversation, line.n)) return;
    if (line.id) this.removePending(line.id);
    this.insert(this._draw(line), { conversation, n: line.n, kind: line.kind, at: line.at });
  }

  insert(item, line) {
    const follower = this.thread.insert({ ...line, item });
    this._list.insertBefore(item, follower ? follower.item : this._pending.values().next().value || null);
    const picture = item.querySelector("img");
    if (!picture) return;
    picture.addEventListener("load", () => {
      if (this.isAtEnd()) this.toEnd();
    });
  }

  addPending(id, item) {
    this._pending.set(id, this._list.appendChild(item));
    this.toEnd();
  }

  pending(id) {
    return this._pending.get(id);
  }

  removePending(id) {
    if (this._pending.has(id)) this._pending.get(id).remove();
    this._pending.delete(id);
  }

  clear() {
    this.thread.clear();
    this._pending.clear();
    this._list.textContent = "";
  }

  /** What stands on the screen stays there while `addLines` puts lines above it. */
  keepPlace(addLines) {
    const height = this._log.scrollHeight;
    addLines();
    this._log.scrollTop += this._log.scrollHeight - height;
  }

  isAtEnd() {
    return this._log.scrollHeight - this._log.scrollTop - this._log.clientHeight < 60;
  }

  toEnd() {
    this._log.scrollTop = this._log.scrollHeight;
  }
}
