import assert from "node:assert/strict";
import { test } from "node:test";
import { cutText, fillText, shortTime, splitText } from "../../static/js/chat/text.js";

test("a cut leaves no half of a character", () => {
  assert.equal(cutText("光伏🙂", 3), "光伏");
  assert.equal(cutText("光伏🙂", 4), "光伏🙂");
  assert.equal(cutText("🙂🙂🙂", 5), "🙂🙂");
  assert.equal(cutText("abc", 2), "ab");
  assert.equal(cutText("", 2), "");
  for (let length = 0; length < 12; length += 1) {
    assert.doesNotMatch(cutText("a🙂b🙂c🙂", length), /[\ud800-\udbff]$/);
  }
});

test("half a character that somebody typed is not taken for a cut", () => {
  assert.equal(cutText("a\ud83d", 5), "a\ud83d");
});

test("values fill a template, and are no templates themselves", () => {
  assert.equal(fillText("%1（%2）", "%2", 3), "%2（3）");
  assert.equal(fillText("%1：%3", "a"), "a：%3");
  assert.equal(fillText("$&%1", "$&"), "$&$&");
});

test("a time of today has no day", () => {
  const now = new Date(2026, 2, 27, 18, 0);
  assert.equal(shortTime(new Date(2026, 2, 27, 9, 5).getTime(), 1, now), "9:05");
  assert.equal(shortTime(new Date(2026, 2, 27, 9, 5).getTime(), 2, now), "09:05");
  assert.equal(shortTime(new Date(2026, 2, 26, 23, 59).getTime(), 1, now), "3-26 23:59");
  assert.equal(shortTime(new Date(2025, 2, 27, 9, 5).getTime(), 1, now), "3-27 9:05");
});

test("a long text is cut into pieces behind a sentence or a line, and nothing of it is lost", () => {
  const sentence = `${"a".repeat(8)}。`;
  assert.deepEqual(splitText(sentence.repeat(10), 20), Array(5).fill(sentence.repeat(2)));
  assert.deepEqual(splitText("short", 20), ["short"]);
  assert.deepEqual(splitText(" \n", 20), []);
  assert.deepEqual(splitText(`${"b".repeat(15)}\n${"c".repeat(15)}`, 20), ["b".repeat(15), "c".repeat(15)]);
  const emoji = "🙂".repeat(30);
  const pieces = splitText(emoji, 21);
  assert.equal(pieces.join(""), emoji);
  assert.ok(pieces.every((piece) => piece.length <= 21 && piece.length % 2 === 0));
});
