import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { afterEach, beforeEach, test } from "node:test";
import { RequestError } from "../../static/js/chat/request.js";
import { consent } from "../../static/js/chat/visitor/consent.js";
import { FakeClock, offline, settled } from "./fakes.js";
import { fakePage, makeChat, stored } from "./visitor.js";

globalThis.crypto ??= webcrypto; // node 18
let clock;

beforeEach(() => {
  fakePage();
  clock = new FakeClock();
  consent.give("1", "name");
});
afterEach(() => clock.restore());

const failure = (status, answer = {}) => new RequestError("no", { status, answer });
const sent = ({ log }) => log.filter((entry) => entry.startsWith("POST"));

test("the first line is sent, whatever its consent or itself met on the way", async () => {
  for (const faults of [[offline()], [failure(503)], [failure(500), offline(), failure(502)]]) {
    consent.give("1", "name");
    const tokens = [];
    const start = [
      ...faults.map((fault) => (data) => {
        tokens.push(data.token);
        throw fault;
      }),
      (data) => tokens.push(data.token),
    ];
    const chat = makeChat({ answers: { "POST start/": start, "POST messages/": [failure(503), stored(7, 1)] } });
    chat.sending.queue({ text: "hello" });
    await clock.pass(120_000);
    assert.deepEqual(sent(chat), [...Array(faults.length + 1).fill("POST start/"), "POST messages/", "POST messages/"]);
    assert.equal(new Set(tokens).size, 1); // the same visitor
    assert.deepEqual(chat.shown(), ["hello"]);
    assert.equal(chat.sending.hasWaiting, false);
  }
});

test("the first line is sent after a reload, too", async () => {
  makeChat({ answers: { "POST start/": [offline()] } }).sending.queue({ text: "hello" });
  await settled();
  const chat = makeChat({ answers: { "POST messages/": [stored(7, 1)] } });
  chat.sending.drawAll();
  chat.sending.send();
  await settled();
  assert.deepEqual(sent(chat), ["POST start/", "POST messages/"]);
  assert.deepEqual(chat.shown(), ["hello"]);
});

test("without a connection a line is never given up", async () => {
  const answers = { "POST messages/": [...Array.from({ length: 60 }, offline), stored(7, 1)] };
  const chat = makeChat({ answers, hasAgreed: true });
  chat.sending.queue({ text: "hello" });
  await clock.pass(3_600_000);
  assert.equal(chat.sending.hasWaiting, false);
  assert.equal(sent(chat).length, 61);
});

test("a server that fails by itself gets a line eight times, then a person decides", async () => {
  const answers = { "POST messages/": Array.from({ length: 99 }, () => failure(500)) };
  const chat = makeChat({ answers, hasAgreed: true });
  chat.sending.queue({ text: "hello" });
  await clock.pass(3_600_000);
  assert.equal(sent(chat).length, 9);
  assert.deepEqual(chat.marks(), ["failed"]);
});

test("after the notice has changed, what was written waits for the new consent", async () => {
  const notice = { version: 2, text: "new" };
  const answers = { "POST start/": [failure(400, { notice })], "POST messages/": [stored(7, 1)] };
  const chat = makeChat({ answers });
  chat.sending.queue({ text: "hello" });
  await clock.pass(60_000);
  assert.ok(chat.log.includes("ask again: 2"));
  assert.deepEqual(sent(chat), ["POST start/"]);
  assert.deepEqual(chat.sending.texts, ["hello"]);
  consent.give("2", "name");
  chat.sending.send();
  await settled();
  assert.deepEqual(sent(chat).slice(1), ["POST start/", "POST messages/"]);
});

test("where too many write from one address, the form is offered and the text is kept for it", async () => {
  const answers = { "POST messages/": [failure(429, { is_crowded: true })] };
  const chat = makeChat({ answers, hasAgreed: true });
  chat.sending.queue({ text: "hello" });
  await clock.pass(3_600_000);
  assert.deepEqual(sent(chat), ["POST messages/"]);
  assert.ok(chat.log.includes("offer no"));
  assert.deepEqual(chat.sending.texts, ["hello"]);
  assert.deepEqual(chat.marks(), ["failed"]);
  chat.sending.discardRefused();
  assert.deepEqual(chat.shown(), []);
});

test("a browser that the server does not know any more gives its text back", async () => {
  const chat = makeChat({ answers: { "POST messages/": [failure(404)] }, hasAgreed: true });
  chat.sending.queue({ text: "hello" });
  await settled();
  assert.ok(chat.log.includes("forget ended"));
  assert.deepEqual(chat.sending.texts, ["hello"]);
});
