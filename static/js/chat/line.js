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
  #log;
  #list;
  #draw;
  #pending = new Map(); // the sender's own id → element

  /** draw(line) makes a line's element; `thread` is a Thread. */
  constructor(thread, log, list, draw) {
    this.thread = thread;
    this.#log = log;
    this.#list = list;
    this.#draw = draw;
  }

  /** Shows a line of a conversation, once, in its place, instead of the pending one with its id. */
  place(line, conversation) {
    if (this.thread.find(conversation, line.n)) return;
    if (line.id) this.removePending(line.id);
    this.insert(this.#draw(line), { conversation, n: line.n, kind: line.kind });
  }

  insert(item, line) {
    const follower = this.thread.insert({ ...line, item });
    this.#list.insertBefore(item, follower?.item ?? this.#pending.values().next().value ?? null);
    const picture = item.querySelector("img");
    picture?.addEventListener("load", () => {
      if (this.isAtEnd()) this.toEnd();
    });
  }

  addPending(id, item) {
    this.#pending.set(id, this.#list.appendChild(item));
    this.toEnd();
  }

  pending(id) {
    return this.#pending.get(id);
  }

  removePending(id) {
    this.#pending.get(id)?.remove();
    this.#pending.delete(id);
  }

  clear() {
    this.thread.clear();
    this.#pending.clear();
    this.#list.textContent = "";
  }

  isAtEnd() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 60;
  }

  toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
  }
}
