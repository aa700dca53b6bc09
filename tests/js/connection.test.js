import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Connection } from "../../static/js/chat/connection.js";
import { Presence } from "../../static/js/chat/desk/presence.js";
import { FakeClock, settled } from "./fakes.js";

let clock;
let streams;

class FakeStream extends EventTarget {
  isClosed = false;
  constructor(url) {
    super();
    this.url = url;
    streams.push(this);
  }
  close() {
    this.isClosed = true;
  }
  say(name, data = "{}") {
    this.dispatchEvent(Object.assign(new Event(name), { data }));
  }
}

beforeEach(() => {
  clock = new FakeClock();
  streams = [];
  globalThis.EventSource = FakeStream;
  globalThis.window = Object.assign(new EventTarget(), { EventSource: FakeStream });
  Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true });
  globalThis.document = Object.assign(new EventTarget(), { hidden: false });
  globalThis.setInterval = (job) => {
    clock.watch = job;
  };
});
afterEach(() => {
  clock.restore();
  for (const name of ["EventSource", "window", "document"]) delete globalThis[name];
});

/** A connection whose polls fail while `isDown`; what happens is in `log`. */
function connect(options = {}) {
  const made = { log: [], isDown: false };
  made.connection = new Connection({
    streamUrl: () => "/stream/",
    events: { update: (data) => made.log.push(`update ${data.n}`) },
    onOpen: () => made.log.push("open"),
    poll: async () => {
      made.log.push("poll");
      if (made.isDown) throw new Error("down");
    },
    onWake: () => made.log.push("wake"),
    onState: (state) => made.log.push(state),
    maxWait: 15_000,
    ...options,
  });
  return made;
}

test("an open stream brings its events, and nothing is polled", async () => {
  const { connection, log } = connect();
  connection.listen();
  streams[0].say("open", "");
  assert.deepEqual(log, []); // the browser's own event says nothing yet
  streams[0].say("open", "{}");
  streams[0].say("update", '{"n": 3}');
  streams[0].say("beat");
  await clock.pass(60_000);
  assert.deepEqual(log, ["open", "online", "online", "update 3", "online"]);
});

test("after a stream breaks one poll fetches what was missed, then a stream is tried again", async () => {
  const { connection, log } = connect();
  connection.listen();
  streams[0].say("open", "{}");
  streams[0].onerror();
  assert.equal(streams[0].isClosed, true);
  await settled();
  assert.deepEqual(log, ["open", "online", "connecting", "poll", "online"]);
  await clock.pass(2800);
  assert.equal(streams.length, 2);
});

test("where no stream opens, polling takes over, and a minute later one is tried again", async () => {
  const { connection, log } = connect();
  connection.listen();
  for (let time = 0; streams.length < 3 && time < 60; time += 1) await clock.pass(1000);
  assert.equal(streams.length, 3); // each had eight seconds
  await clock.pass(8000);
  const begun = log.length;
  await clock.pass(30_000);
  assert.equal(log.slice(begun).filter((word) => word === "poll").length, 10);
  assert.equal(streams.length, 3);
  await clock.pass(33_000);
  assert.equal(streams.length, 4);
  assert.equal(log.filter((word) => word === "connecting").length, 3);
});

test("a hidden page polls less often", async () => {
  delete window.EventSource;
  globalThis.document.hidden = true;
  const { connection, log } = connect({ hiddenPoll: 15_000 });
  connection.listen();
  await clock.pass(45_000);
  assert.equal(log.filter((word) => word === "poll").length, 4);
});

test("after failed polls the pauses grow, and the state is offline", async () => {
  delete window.EventSource;
  const made = connect();
  made.isDown = true;
  made.connection.listen();
  await clock.pass(120_000);
  const polls = made.log.filter((word) => word === "poll").length;
  assert.ok(polls >= 8 && polls <= 22, `${polls} polls`);
  assert.ok(made.log.includes("offline") && !made.log.includes("online"));
  made.isDown = false;
  await clock.pass(23_000);
  assert.ok(made.log.includes("online"));
});

test("a stream without a heartbeat is opened again", async () => {
  const { connection } = connect();
  connection.listen();
  streams[0].say("open", "{}");
  await clock.pass(34_000);
  clock.watch();
  assert.equal(streams.length, 1);
  await clock.pass(2000);
  clock.watch();
  assert.equal(streams.length, 2);
  assert.equal(streams[0].isClosed, true);
});

test("a page that becomes visible reconnects after a long silence, not after a short one", async () => {
  const { connection, log } = connect();
  connection.listen();
  streams[0].say("open", "{}");
  await clock.pass(10_000);
  window.dispatchEvent(new Event("focus"));
  assert.equal(streams.length, 1);
  await clock.pass(10_000);
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(streams.length, 1);
  document.hidden = false;
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(streams.length, 2);
  assert.deepEqual(log, ["open", "online", "wake", "wake"]);
});

test("nothing follows a stop, not even the answer to a poll on its way", async () => {
  delete window.EventSource;
  const { connection, log } = connect();
  connection.listen();
  connection.stop();
  await clock.pass(60_000);
  assert.deepEqual(log, ["poll"]);
});

test("without anything to listen to it waits", async () => {
  const { connection, log } = connect({ streamUrl: () => null });
  connection.listen();
  await clock.pass(60_000);
  assert.deepEqual([log, streams], [[], []]);
});

test("a stream that fails before it opened is told of, too", async () => {
  const { connection, log } = connect();
  connection.listen();
  streams[0].onerror();
  assert.deepEqual(log, ["connecting", "poll"]);
});

test("after a long cut the desk says once that its agent is there", async () => {
  const signs = [];
  const desk = { part: () => new EventTarget(), session: {}, ask: async (...request) => signs.push(request) };
  const presence = new Presence(desk);
  const { connection } = connect({
    onOpen: () => presence.sign(),
    onState: (state) => state === "online" && presence.signNowAndThen(),
  });
  await clock.pass(60_000);
  connection.listen();
  streams[0].say("open", "{}");
  streams[0].say("beat");
  assert.deepEqual(signs, [["POST", "presence/", {}]]);
  await clock.pass(12_000);
  streams[0].say("beat");
  assert.equal(signs.length, 2);
});
