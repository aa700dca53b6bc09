import assert from "node:assert/strict";
import { test } from "node:test";
import { Thread } from "../../static/js/chat/thread.js";

/** Puts numbered lines of a conversation into a thread, as a list on the page would. */
function take(thread, conversation, ...numbers) {
  for (const n of numbers) if (!thread.find(conversation, n)) thread.insert({ conversation, n });
}

const shown = (thread) => thread.lines.map(({ conversation, n }) => `${conversation}-${n}`);

test("lines stand by number, whatever order they come in", () => {
  const thread = new Thread();
  thread.enter(7);
  take(thread, 7, 3, 1, 5, 2, 4);
  assert.deepEqual(shown(thread), ["7-1", "7-2", "7-3", "7-4", "7-5"]);
});

test("every order of arrival ends in the same", () => {
  const orders = (items) =>
    items.length < 2
      ? [items]
      : items.flatMap((one) => orders(items.filter((other) => other !== one)).map((rest) => [one, ...rest]));
  for (const order of orders([1, 2, 3, 4, 5])) {
    const thread = new Thread();
    thread.enter(7);
    take(thread, 7, ...order);
    assert.deepEqual(shown(thread), ["7-1", "7-2", "7-3", "7-4", "7-5"], order.join());
  }
});

test("a line that comes twice stands once", () => {
  const thread = new Thread();
  thread.enter(7);
  take(thread, 7, 1, 2, 2, 1, 3, 3);
  assert.deepEqual(shown(thread), ["7-1", "7-2", "7-3"]);
});

test("a new line says which one it stands before", () => {
  const thread = new Thread();
  thread.enter(7);
  assert.equal(thread.insert({ conversation: 7, n: 2 }), undefined);
  assert.equal(thread.insert({ conversation: 7, n: 5 }), undefined);
  assert.equal(thread.insert({ conversation: 7, n: 3 }).n, 5);
  assert.equal(thread.insert({ conversation: 7, n: 1 }).n, 2);
});

test("a gap is seen, and what closes it is not", () => {
  const thread = new Thread();
  thread.enter(7);
  thread.advance(4);
  assert.equal(thread.isWhole([{ n: 5 }, { n: 6 }], 6), true);
  assert.equal(thread.isWhole([{ n: 3 }, { n: 5 }], 5), true); // some of it is known
  assert.equal(thread.isWhole([{ n: 6 }], 6), false);
  assert.equal(thread.isWhole([], 4), true); // only the state changed
  assert.equal(thread.isWhole([], 5), false);
});

test("a stream goes on behind what was received, and an older page changes nothing of that", () => {
  const thread = new Thread();
  assert.equal(thread.cursor, "0-0");
  thread.enter(7);
  for (const n of [8, 9]) {
    take(thread, 7, n);
    thread.advance(n);
  }
  assert.equal(thread.cursor, "7-9");
  assert.equal(thread.first, 8);
  take(thread, 7, 5, 6, 7);
  thread.advance(7);
  assert.equal(thread.cursor, "7-9");
  assert.equal(thread.first, 5);
});

test("one's own line, stored before the ones between were received, leaves the cursor where it is", () => {
  const thread = new Thread();
  thread.enter(7);
  take(thread, 7, 1);
  thread.advance(1);
  take(thread, 7, 4); // the answer to a POST
  assert.equal(thread.cursor, "7-1");
  take(thread, 7, 2, 3, 4);
  assert.deepEqual(shown(thread), ["7-1", "7-2", "7-3", "7-4"]);
});

test("a new conversation begins behind the old one, with numbers of its own", () => {
  const thread = new Thread();
  assert.equal(thread.enter(7), "first");
  take(thread, 7, 1, 2);
  thread.advance(2);
  assert.equal(thread.enter(7), "same");
  assert.equal(thread.enter(9), "next");
  take(thread, 9, 0, 2, 1);
  assert.equal(thread.enter(7), "stale");
  take(thread, 7, 3); // late
  assert.deepEqual(shown(thread), ["7-1", "7-2", "7-3", "9-0", "9-1", "9-2"]);
  assert.equal(thread.earliest, "7-1");
});

test("one's own line that begins a conversation does not skip what was missed of the one before", () => {
  const thread = new Thread();
  thread.enter(7);
  take(thread, 7, 1, 2);
  thread.advance(2);
  thread.enter(9); // the answer to a POST
  take(thread, 9, 1);
  assert.equal(thread.cursor, "7-2");
  assert.equal(thread.last, 0);
  take(thread, 7, 3, 4);
  thread.advance(4, 7);
  assert.equal(thread.cursor, "7-4");
  thread.advance(1, 9);
  thread.advance(9, 7); // late
  assert.equal(thread.cursor, "9-1");
  assert.equal(thread.last, 1);
  assert.deepEqual(shown(thread), ["7-1", "7-2", "7-3", "7-4", "9-1"]);
});

test("a notice between the lines is no line to go on from", () => {
  const thread = new Thread();
  thread.enter(7);
  take(thread, 7, 40.5, 41, 0);
  assert.equal(thread.earliest, "7-41");
  assert.deepEqual(shown(thread), ["7-0", "7-40.5", "7-41"]);
});

test("an emptied thread may begin with any conversation", () => {
  const thread = new Thread();
  thread.enter(9);
  take(thread, 9, 1);
  thread.clear();
  assert.deepEqual(shown(thread), []);
  assert.equal(thread.enter(7), "first");
  assert.equal(thread.first, Infinity);
});
