import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { afterEach, beforeEach, test } from "node:test";
import { newId } from "../../static/js/chat/id.js";
import { FakeClock, FakeStorage, makeOutbox, offline, refusal, settled } from "./fakes.js";

globalThis.crypto ??= webcrypto; // node 18
let clock;

beforeEach(() => {
  globalThis.window = { sessionStorage: new FakeStorage() };
  clock = new FakeClock();
});
afterEach(() => clock.restore());

test("a reload keeps what waits, in order and with its reason, but no file", async () => {
  const { outbox } = makeOutbox({ answers: { a: [refusal()], "b 🙂": [offline()] } });
  outbox.add({ id: "1", text: "a" });
  outbox.add({ id: "2", text: "b 🙂" });
  outbox.add({ id: "3", file: true, name: "roof.png" }, "picture");
  outbox.send();
  await settled();
  const { outbox: reloaded, log } = makeOutbox();
  assert.deepEqual(reloaded.entries, [
    { id: "1", text: "a", error: "no" },
    { id: "2", text: "b 🙂" },
  ]);
  reloaded.send();
  await settled();
  assert.deepEqual(log, ["post b 🙂", "posted b 🙂"]);
  assert.deepEqual(makeOutbox().outbox.entries, [{ id: "1", text: "a", error: "no" }]);
});

test("a storage that refuses or holds nonsense costs nothing but the memory", async () => {
  window.sessionStorage.setItem("box", "{not json");
  assert.deepEqual(makeOutbox().outbox.entries, []);
  window.sessionStorage = {
    getItem: () => null,
    setItem: () => {
      throw new Error("full");
    },
  };
  const { outbox, log } = makeOutbox();
  outbox.add({ id: "1", text: "a" });
  outbox.send();
  await settled();
  assert.deepEqual(log, ["post a", "posted a"]);
});

test("an id is a random UUID, with and without https", () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const own = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  const { crypto } = globalThis;
  Object.defineProperty(globalThis, "crypto", {
    value: { getRandomValues: (bytes) => crypto.getRandomValues(bytes) },
    configurable: true,
  });
  try {
    assert.match(newId(), uuid);
    assert.notEqual(newId(), newId());
  } finally {
    Object.defineProperty(globalThis, "crypto", own);
  }
  assert.match(newId(), uuid);
});
