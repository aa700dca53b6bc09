/* Lists of Word and WPS, and lines of plain text: what becomes of them in the editor. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { splitTitle } from "../../static/js/admin/editor-title.js";
import { paragraphsOf } from "../../static/js/admin/plain-text.js";
import { buildList, readMarker, writtenNumber } from "../../static/js/admin/word-lists.js";

/** A list of lines like "2 （一） text": level, marker, words. Without a marker: "1 - text" is a bullet. */
function listOf(...lines) {
  const last = [];
  const items = lines.map((line) => {
    const [, level, sign, html] = /^(\d) (\S+) (.*)$/.exec(line);
    const marker = readMarker(sign, false, last[level]);
    last[level] = marker;
    return { level: Number(level), marker, html };
  });
  return buildList(items);
}

test("letters of a symbol font, signs, and letters without a sign after them are bullets", () => {
  for (const sign of ["l", "n", "u", "Ø", "o", "·", "§", "•", "–", "\uf06c", "", "v", "ü"]) {
    assert.equal(readMarker(sign, false).kind, "bullet", sign);
  }
  assert.equal(readMarker("1.", true).kind, "bullet");
});

test("digits, letters and Roman numbers with one sign after them have a style of HTML", () => {
  assert.deepEqual(
    ["1、", "12.", "3)", "4）", "5"].map((sign) => readMarker(sign, false).number),
    [1, 12, 3, 4, 5],
  );
  assert.deepEqual(
    ["a)", "C.", "i.", "IV、"].map((sign) => readMarker(sign, false).type),
    ["a", "A", "i", "I"],
  );
  assert.deepEqual(
    ["c)", "iv.", "xii."].map((sign) => readMarker(sign, false).number),
    [3, 4, 12],
  );
});

test("i after h is a letter, and i at the beginning is a Roman number", () => {
  assert.equal(readMarker("i)", false, readMarker("h)", false)).type, "a");
  assert.equal(readMarker("i)", false).type, "i");
});

test("all other numbers stay as they are written", () => {
  for (const sign of ["一、", "（一）", "(1)", "第一条", "第二章", "①", "1.1", "1.1.2", "A.1", "⑴", "㈠", "甲、"]) {
    assert.deepEqual(readMarker(sign, false), { kind: "written", text: sign });
  }
  assert.equal(writtenNumber("（一）"), "（一）");
  assert.equal(writtenNumber("①"), "①");
  assert.equal(writtenNumber("第一条"), "第一条 ");
  assert.equal(writtenNumber("1.1"), "1.1 ");
});

test("levels stay, and each list has its own kind", () => {
  assert.equal(
    listOf("1 1、 甲", "2 a) 子", "2 b) 丑", "1 2、 乙", "2 · 点"),
    '<ol><li>甲<ol type="a"><li>子</li><li>丑</li></ol></li><li>乙<ul><li>点</li></ul></li></ol>',
  );
  assert.equal(
    listOf("1 一、 甲", "2 （一） 子", "3 1. 一", "1 二、 乙"),
    '<ul class="written-numbers"><li>一、甲<ul class="written-numbers"><li>（一）子<ol><li>一</li></ol></li></ul></li><li>二、乙</li></ul>',
  );
});

test("a list that goes on, or that is another one, begins with its own number", () => {
  assert.equal(listOf("1 3. 丙", "1 4. 丁"), '<ol start="3"><li>丙</li><li>丁</li></ol>');
  assert.equal(listOf("1 1. 甲", "1 1. 子"), "<ol><li>甲</li></ol><ol><li>子</li></ol>");
  assert.equal(listOf("1 · 甲", "1 1. 子"), "<ul><li>甲</li></ul><ol><li>子</li></ol>");
});

test("a list may begin on a deeper level, or leave one out", () => {
  assert.equal(listOf("2 · 子", "1 · 甲"), "<ul><li>子</li></ul><ul><li>甲</li></ul>");
  assert.equal(listOf("1 · 甲", "3 · 孙", "2 · 子"), "<ul><li>甲<ul><li>孙</li></ul><ul><li>子</li></ul></li></ul>");
});

test("a line of plain text is a paragraph, without its indent", () => {
  const encode = (text) => text.replace(/</g, "&lt;");
  assert.equal(paragraphsOf("　　第一段\r\n\r\n  \t第二段 <b>\n", encode), "<p>第一段</p><p>第二段 &lt;b></p>");
  assert.equal(paragraphsOf("一行", encode), null);
  assert.equal(paragraphsOf("\n\n", encode), null);
});

test("a document's title is its only first heading", () => {
  const words = (html) => html.replace(/<[^>]*>/g, "").trim();
  assert.equal(splitTitle("<div> <h1>题</h1></div><p>文</p>", words).title, "题");
  for (const html of ["<p>文</p><h1>题</h1>", "<h1>一</h1><p>文</p><h1>二</h1>", "<h1> </h1>", "<p>文</p>"]) {
    assert.equal(splitTitle(html, words), null, html);
  }
});
