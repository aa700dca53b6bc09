/* The chat desk. The server's lists are the truth; events only bring changes sooner, and a gap in a thread's numbers is
   fetched. What an agent has typed stays in this tab until the server has it. */

import { Connection } from "./connection.js";
import { AboutVisitor } from "./desk/about.js";
import { Alerts } from "./desk/alerts.js";
import { ChatLists } from "./desk/lists.js";
import { OpenChat } from "./desk/open-chat.js";
import { Presence } from "./desk/presence.js";
import { Replies } from "./desk/replies.js";
import { ReplyComposer } from "./desk/reply-composer.js";
import { Session } from "./desk/session.js";
import { watchVerbs } from "./desk/verbs.js";

class Desk {
  #hasLists = false;
  #refreshing = 0;

  taking = 0; // primary key of the conversation that the agent is taking: no alert for it
  acting = Promise.resolve(); // the request of a verb, which decides who may read what is typed meanwhile

  constructor(root, words) {
    this.root = root;
    this.words = words;
    this.me = Number(root.dataset.me);
    this.typingSeconds = Number(root.dataset.typingSeconds);
    // The order matters: a constructor may read only what is set above it. What is set below it may be used later, when an
    // event arrives.
    this.session = new Session(this);
    this.ask = (...request) => this.session.ask(...request);
    this.alerts = new Alerts(this);
    this.lists = new ChatLists(this);
    this.openChat = new OpenChat(this);
    this.about = new AboutVisitor(this);
    this.composer = new ReplyComposer(this);
    this.replies = new Replies(this);
    this.presence = new Presence(this);
    this.connection = new Connection({
      streamUrl: () => `${root.dataset.base}stream/`,
      events: { conversation: (news) => this.receive(news), agents: () => this.refreshSoon() },
      onOpen: () => this.onOpen(),
      poll: () => this.poll(),
      onWake: () => this.onWake(),
      onState: (state) => this.onState(state),
      maxWait: 3000,
    });
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  async start() {
    watchVerbs(this);
    setInterval(() => this.lists.showWaits(), 1000);
    this.session.showLink("connecting");
    if (/^#\d+$/.test(location.hash)) this.openChat.select(Number(location.hash.slice(1)));
    await this.presence.sign();
    this.connection.listen();
  }

  /** Fetches the lists again, and the lines that the selected thread misses. */
  async refresh() {
    const answer = await this.ask("GET", "lists/");
    this.session.restore();
    const added = this.lists.replace(answer);
    if (this.#hasLists) {
      for (const chat of added) this.alerts.announce(chat.status === "waiting" ? "newVisitor" : "handedOver", chat);
    }
    this.#hasLists = true;
    this.presence.show(answer.me.is_away);
    this.composer.canned.update(
      answer,
      this.lists.agents.find((agent) => agent.id === this.me)?.name ?? answer.me.name,
    );
    await this.openChat.catchUp();
  }

  /** Ignores a failure: the next event or poll brings the same. */
  async tryRefresh() {
    await this.refresh().catch(() => {});
  }

  refreshSoon() {
    clearTimeout(this.#refreshing);
    this.#refreshing = setTimeout(() => this.tryRefresh(), 300); // agents come and go in groups
  }

  /** An event of the stream. */
  receive({ conversation, messages }) {
    const before = this.lists.update(conversation);
    const isWaiting = conversation.status === "waiting";
    const isMine = this.isMine(conversation);
    const isElsewhere = document.hidden || !document.hasFocus() || this.openChat.id !== conversation.id;
    if (isWaiting && !before) this.alerts.announce("newVisitor", conversation);
    else if (isMine && before?.status !== "active" && this.taking !== conversation.id) {
      this.alerts.announce("handedOver", conversation);
    } else if (isMine && isElsewhere && messages.some((line) => line.kind === "visitor")) {
      this.alerts.announce("newMessage", conversation);
    }
    this.openChat.receive(conversation, messages);
    this.lists.show();
  }

  isMine(conversation) {
    return conversation.status === "active" && conversation.agent === this.me;
  }

  async onOpen() {
    this.presence.sign();
    await this.tryRefresh();
    this.replies.send();
  }

  async poll() {
    await this.refresh();
    this.presence.sign();
    this.replies.send();
  }

  onWake() {
    this.openChat.markRead();
    if (this.session.isLoggedOut) this.connection.listen(); // maybe there is a new login in another tab
  }

  onState(state) {
    if (state === "online") this.presence.signNowAndThen();
    if (state !== "online" || !this.session.isLoggedOut) this.session.showLink(state);
  }
}

new Desk(document.querySelector(".desk"), JSON.parse(document.getElementById("desk-words").textContent)).start();
