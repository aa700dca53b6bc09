import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { FakeClock, offline, settled } from "./fakes.js";
import { fakePage, makeChat } from "./visitor.js";

let clock;
let page;

beforeEach(() => {
  page = fakePage();
  clock = new FakeClock();
});
afterEach(() => clock.restore());

const line = (conversation, n, kind = "staff", at = 0) => ({
  conversation,
  n,
  kind,
  text: `${conversation}-${n}`,
  name: "",
  at,
});
const update = (conversation, messages, state = {}) => ({
  conversation,
  status: "active",
  staff_read: 0,
  waiting_seconds: 0,
  rating: null,
  messages,
  ...state,
});

/** A visitor who has seen line 1 of conversation 7. */
function makeTalk(options) {
  const chat = makeChat({ hasAgreed: true, ...options });
  chat.conversation.receive({ ...update(7, [line(7, 1, "visitor")]), unread: 0 }, { isFirst: true });
  return chat;
}

test("an answer that was missed is shown although one's own line has begun a new conversation", () => {
  const chat = makeTalk();
  assert.equal(chat.conversation.addOwn(line(9, 1, "visitor"), 9), true);
  chat.connection.listen();
  assert.deepEqual(
    chat.log.filter((entry) => entry.startsWith("listen")),
    ["listen after 7-1"],
  );
  chat.conversation.receive(update(7, [line(7, 2), line(7, 3, "system")], { status: "closed", staff_read: 1 }));
  chat.conversation.receive(update(9, [line(9, 1, "visitor")]));
  assert.deepEqual(chat.shown(), ["7-1", "7-2", "7-3", "divider", "9-1"]);
  assert.equal(chat.lines.thread.cursor, "9-1");
  assert.equal(chat.part(".chat__rating").hidden, true); // the newest one is open
});

test("all conversations of a visitor are one thread, with a mark for what staff have read of each", () => {
  const chat = makeChat({ hasAgreed: true });
  const messages = [line(5, 1, "visitor"), line(7, 1, "visitor"), line(7, 2), line(9, 1, "visitor")];
  chat.conversation.receive({ ...update(9, messages), reads: { 5: 0, 7: 2, 9: 0 }, unread: 0 }, { isFirst: true });
  assert.deepEqual(chat.shown(), ["5-1", "divider", "7-1", "7-2", "divider", "9-1"]);
  assert.deepEqual(chat.marks().filter(Boolean), ["delivered", "read", "delivered"]);
});

test("earlier lines are fetched while there are any", async () => {
  const older = { messages: [line(5, 1, "visitor"), line(7, 1, "visitor")], reads: { 5: 1, 7: 1 }, has_older: false };
  const chat = makeChat({ hasAgreed: true, answers: { "GET updates/?before=7-2": [older] } });
  chat.conversation.receive({ ...update(7, [line(7, 2)]), has_older: true, unread: 0 }, { isFirst: true });
  const button = chat.part("[data-chat-older]");
  assert.equal(button.hidden, false);
  button.listeners.click();
  await settled();
  assert.deepEqual(chat.shown(), ["5-1", "divider", "7-1", "7-2"]);
  assert.equal(chat.lines.thread.cursor, "7-2");
  assert.equal(button.hidden, true);
});

test("an answer is read when the visitor looks at it: panel open, page visible and in front", () => {
  const chat = makeTalk();
  const reads = () => chat.log.filter((entry) => entry === "POST read/").length;
  page.isLookedAt = false;
  chat.conversation.receive(update(7, [line(7, 2)]));
  assert.equal(chat.unread.count, 1);
  assert.equal(reads(), 0);
  page.isLookedAt = true;
  chat.conversation.markRead();
  assert.equal(chat.unread.count, 0);
  assert.equal(reads(), 1);
  chat.panel.isShown = false;
  chat.conversation.receive(update(7, [line(7, 3)]));
  assert.equal(chat.unread.count, 1);
  assert.equal(reads(), 1);
});

test("what was unread before the page was loaded counts", () => {
  const chat = makeChat({ hasAgreed: true });
  chat.panel.isShown = false;
  chat.conversation.receive({ ...update(7, [line(7, 1, "visitor"), line(7, 2)]), unread: 1 }, { isFirst: true });
  assert.equal(chat.unread.count, 1);
  assert.deepEqual(chat.shown(), ["7-1", "unreadBelow", "7-2"]);
  assert.equal(chat.lines.thread.cursor, "7-2");
  chat.panel.isShown = true;
  chat.conversation.markRead();
  assert.equal(chat.unread.count, 0);
  assert.ok(chat.log.includes("POST read/"));
});

test("a read mark that got lost is sent again", async () => {
  const chat = makeTalk({ answers: { "POST read/": [offline()] } });
  chat.conversation.receive(update(7, [line(7, 2)]));
  await settled();
  chat.conversation.markRead();
  await settled();
  chat.conversation.markRead();
  assert.equal(chat.log.filter((entry) => entry === "POST read/").length, 2);
});

test("the typing notice is renewed by each notification and ends without one", async () => {
  const chat = makeTalk();
  const notice = () => chat.part(".chat__typing").textContent;
  chat.conversation.receive(update(7, [], { staff_types: true }));
  await clock.pass(4000);
  chat.conversation.receive(update(7, [], { staff_types: true }));
  await clock.pass(5000);
  assert.equal(notice(), "typing");
  await clock.pass(1000);
  assert.equal(notice(), "");
});

test("the form is offered when nobody answers for long, whatever was answered before", async () => {
  const chat = makeTalk();
  const isOffered = () => {
    chat.conversation.show();
    return !chat.part(".chat__offer").hidden;
  };
  chat.conversation.receive(update(7, [line(7, 2)], { is_answered: true }));
  await clock.pass(600_000);
  assert.equal(isOffered(), false); // it is the visitor's turn
  chat.conversation.receive(update(7, [line(7, 3, "visitor", clock.now)], { is_answered: true }));
  await clock.pass(119_000);
  assert.equal(isOffered(), false);
  await clock.pass(2000);
  assert.equal(isOffered(), true);
  assert.deepEqual(chat.conversation.unanswered(), ["7-3"]);
  chat.conversation.receive(update(7, [line(7, 4)], { is_answered: true }));
  assert.equal(isOffered(), false);
});

test("after the agent has left, the wait begins when the conversation went back, and ends at once if nobody is there", async () => {
  const chat = makeTalk();
  await clock.pass(600_000);
  const released = update(7, [line(7, 2), line(7, 3, "system")], { status: "waiting", is_answered: true });
  chat.conversation.receive(released);
  assert.ok(chat.log.includes("refresh"));
  assert.equal(chat.part(".chat__offer").hidden, true);
  await clock.pass(121_000);
  chat.conversation.show();
  assert.equal(chat.part(".chat__offer").hidden, false);
  chat.conversation.receive(released);
  assert.equal(chat.part(".chat__offer").hidden, true);
  chat.opening.state = "away";
  chat.conversation.show();
  assert.equal(chat.part(".chat__offer").hidden, false);
});
