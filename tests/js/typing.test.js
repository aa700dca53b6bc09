import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Throttle } from "../../static/js/chat/typing.js";
import { FakeClock } from "./fakes.js";

let clock;

beforeEach(() => {
  clock = new FakeClock();
});
afterEach(() => clock.restore());

test("a throttle lets something happen at once, then not before the pause is over", async () => {
  const throttle = new Throttle(1000);
  const log = [];
  for (const name of ["a", "b"]) throttle.before(() => log.push(name));
  assert.deepEqual(log, ["a"]);
  await clock.pass(999);
  throttle.before(() => log.push("c"));
  await clock.pass(1);
  throttle.before(() => log.push("d"));
  assert.deepEqual(log, ["a", "d"]);
});

test("a throttle lets something happen once at the end of a pause", async () => {
  const throttle = new Throttle(1000);
  const log = [];
  for (const name of ["a", "b"]) throttle.after(() => log.push(name));
  await clock.pass(999);
  assert.deepEqual(log, []);
  await clock.pass(5000);
  assert.deepEqual(log, ["a"]);
});
