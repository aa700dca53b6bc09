import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { RequestError } from "../../static/js/chat/request.js";
import { deferred, FakeClock, FakeStorage, makeOutbox, offline, refusal, settled } from "./fakes.js";

let clock;

beforeEach(() => {
  globalThis.window = { sessionStorage: new FakeStorage() };
  clock = new FakeClock();
});
afterEach(() => clock.restore());

test("lines go out one at a time and in order", async () => {
  const first = deferred();
  const log = [];
  const { outbox } = makeOutbox({
    post: (entry) => {
      log.push(entry.text);
      return entry.text === "1" ? first.promise : Promise.resolve({});
    },
    onPosted: () => {},
  });
  for (const text of ["1", "2", "3"]) outbox.add({ id: text, text });
  outbox.send();
  outbox.send();
  await settled();
  assert.deepEqual(log, ["1"]);
  first.resolve({});
  await settled();
  assert.deepEqual(log, ["1", "2", "3"]);
  assert.deepEqual(outbox.entries, []);
});

test("a line that did not arrive is retried under the same id, before any later one", async () => {
  const { outbox, log } = makeOutbox({ answers: { a: [offline(), offline()] } });
  outbox.add({ id: "1", text: "a" });
  outbox.add({ id: "2", text: "b" });
  outbox.send();
  await settled();
  assert.deepEqual(log, ["post a"]);
  assert.equal(outbox.isRetrying, true);
  await clock.pass(60_000);
  assert.deepEqual(log, ["post a", "post a", "post a", "posted a", "post b", "posted b"]);
  assert.equal(outbox.isRetrying, false);
});

test("the wait doubles, is spread, and has an end", async () => {
  const { outbox } = makeOutbox({ answers: { a: Array.from({ length: 12 }, offline) } });
  outbox.add({ id: "1", text: "a" });
  outbox.send();
  await clock.pass(600_000);
  const bounds = [1000, 2000, 4000, 8000, 15_000, 15_000].map((wait) => [wait * 0.5, wait * 1.5]);
  bounds.forEach(([least, most], index) => {
    assert.ok(clock.waits[index] >= least && clock.waits[index] <= most, `try ${index}: ${clock.waits[index]}`);
  });
  assert.equal(clock.waits.length, 12);
});

test("a new reason to send does not wait for the next try, nor leaves two of them", async () => {
  const { outbox, log } = makeOutbox({ answers: { a: [offline(), offline()] } });
  outbox.add({ id: "1", text: "a" });
  outbox.send();
  await settled();
  outbox.send();
  await settled();
  assert.deepEqual(log, ["post a", "post a"]);
  assert.equal(clock.pending, 1);
  await clock.pass(60_000);
  assert.deepEqual(log.slice(2), ["post a", "posted a"]);
});

test("the server's Retry-After is obeyed, however often it comes", async () => {
  const busy = () => new RequestError("slower", { status: 429, wait: 7 });
  const { outbox, log } = makeOutbox({ answers: { a: Array.from({ length: 5 }, busy) }, maxTries: 2 });
  outbox.add({ id: "1", text: "a" });
  outbox.send();
  await clock.pass(34_999);
  assert.equal(log.length, 5);
  await clock.pass(1);
  assert.deepEqual(log.slice(5), ["post a", "posted a"]);
  assert.deepEqual(clock.waits, [7000, 7000, 7000, 7000, 7000]);
});

test("a refused line stays, and holds up no other", async () => {
  const { outbox, log } = makeOutbox({ answers: { a: [refusal()] } });
  outbox.add({ id: "1", text: "a" });
  outbox.add({ id: "2", text: "b" });
  outbox.send();
  await settled();
  assert.deepEqual(log, ["post a", "refused a: no", "post b", "posted b"]);
  const [entry] = outbox.entries;
  outbox.retry(entry);
  await settled();
  assert.deepEqual(log.slice(4), ["post a", "posted a"]);
});

test("a refusal without words is not sent again and again", async () => {
  const { outbox, log } = makeOutbox({ answers: { a: [new RequestError("", { status: 400 })] } });
  outbox.add({ id: "1", text: "a" });
  outbox.send();
  await settled();
  assert.deepEqual(log, ["post a", "refused a: ?"]);
});

test("after too many tries the line is refused, until somebody retries it", async () => {
  const answers = { a: [offline(), offline(), offline()] };
  const { outbox, log } = makeOutbox({ answers, maxTries: 2, exhausted: "failed" });
  outbox.add({ id: "1", text: "a" });
  outbox.send();
  await clock.pass(600_000);
  assert.deepEqual(log, ["post a", "post a", "post a", "refused a: failed"]);
  outbox.retry(outbox.entries[0]);
  await settled();
  assert.equal(log.at(-1), "posted a");
});

test("a line that a stream brought back is not sent again", async () => {
  const { outbox, log } = makeOutbox({ answers: { a: [offline()] } });
  outbox.add({ id: "1", text: "a" });
  outbox.send();
  await settled();
  outbox.remove("1");
  outbox.remove("unknown");
  await clock.pass(60_000);
  assert.deepEqual(log, ["post a"]);
});

test("nothing is sent before it may be", async () => {
  let hasAgreed = false;
  const { outbox, log } = makeOutbox({ isReady: () => hasAgreed });
  outbox.add({ id: "1", text: "a" });
  outbox.send();
  await settled();
  assert.deepEqual(log, []);
  hasAgreed = true;
  outbox.send();
  await settled();
  assert.deepEqual(log, ["post a", "posted a"]);
});

test("a stop leaves everything as it is", async () => {
  const { outbox, log } = makeOutbox({ answers: { a: [refusal(403)] }, judge: () => "stop" });
  outbox.add({ id: "1", text: "a" });
  outbox.send();
  await clock.pass(60_000);
  assert.deepEqual(log, ["post a"]);
  assert.deepEqual(outbox.entries, [{ id: "1", text: "a" }]);
});

test("a file goes out with its entry", async () => {
  const { outbox, log } = makeOutbox();
  outbox.add({ id: "1", file: true }, "picture");
  outbox.send();
  await settled();
  assert.deepEqual(log, ["post picture", "posted 1"]);
});
