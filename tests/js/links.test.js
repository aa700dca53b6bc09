import assert from "node:assert/strict";
import { test } from "node:test";
import { findLinks } from "../../static/js/chat/links.js";

const links = (text) =>
  findLinks(text)
    .filter(({ href }) => href)
    .map(({ text: shown, href }) => (href === shown ? shown : `${shown} → ${href}`));

test("addresses are links that end before the sentence's marks", () => {
  for (const [text, ...expected] of [
    ["请看 https://www.example.com/a?b=1&c=2#d。谢谢", "https://www.example.com/a?b=1&c=2#d"],
    ["（https://example.com/a），还有", "https://example.com/a"],
    ["看https://example.com/a就可以", "https://example.com/a"],
    ["see (https://example.com/a_(b)).", "https://example.com/a_(b)"],
    ["https://example.com/, http://x.cn!", "https://example.com/", "http://x.cn"],
    ["www.example.com/x，", "www.example.com/x → http://www.example.com/x"],
    ["官网example.com.cn/about。", "example.com.cn/about → http://example.com.cn/about"],
    ["发到 info@example.com.cn，谢谢", "info@example.com.cn → mailto:info@example.com.cn"],
    ["“https://example.com/”", "https://example.com/"],
    ['"https://example.com/"<b>', "https://example.com/"],
    ["javascript:alert(1) data:text/html,x file:///etc ftp://example.invalid"],
    ["node.js 3.5.1 a.b 12:30"],
  ])
    assert.deepEqual(links(text), expected, text);
});

test("phone numbers are links to dial", () => {
  for (const [text, ...expected] of [
    ["我的电话13860100641，", "13860100641 → tel:13860100641"],
    ["138 6010 0641 或 138-6010-0641", "138 6010 0641 → tel:13860100641", "138-6010-0641 → tel:13860100641"],
    ["+86 13860100641", "+86 13860100641 → tel:+8613860100641"],
    ["13860100641 13900000000", "13860100641 → tel:13860100641", "13900000000 → tel:13900000000"],
    ["0592-1234567。", "0592-1234567 → tel:05921234567"],
    ["010-88886666转801", "010-88886666转801 → tel:01088886666,801"],
    ["0592-1234567-801", "0592-1234567-801 → tel:05921234567,801"],
    ["400-123-4567 转 2", "400-123-4567 转 2 → tel:4001234567,2"],
    ["4001234567", "4001234567 → tel:4001234567"],
    ["订单 2026112813860100641 号，110108199001011234，A13860100641"],
    ["2026-11-28 09:30，100000 元"],
  ])
    assert.deepEqual(links(text), expected, text);
});

test("nothing of a text is lost or doubled", () => {
  for (const text of [
    "",
    "无",
    "a@b.cn 和 https://x.cn/。\n13860100641",
    "  x  ",
    "https://",
    "www.",
    "😀https://x.cn😀",
  ])
    assert.equal(
      findLinks(text)
        .map((piece) => piece.text)
        .join(""),
      text,
    );
});
