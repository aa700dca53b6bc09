/* Rules of the scripts that no linter checks. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const FOLDER = new URL("../../static/js/", import.meta.url);
const MAX_LINES = 200;

const scripts = listScripts("").map((name) => {
  const source = readFileSync(new URL(name, FOLDER), "utf8");
  return {
    name,
    source,
    code: source.replace(/^[ \t]*\/\*[\s\S]*?\*\/|(^|[ \t])\/\/ .*$/gm, (comment) => comment.replace(/.+/g, "")),
  };
});

function listScripts(folder) {
  return readdirSync(new URL(folder, FOLDER), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return listScripts(`${folder}${entry.name}/`);
    return entry.name.endsWith(".js") ? [`${folder}${entry.name}`] : [];
  });
}

/** Names of functions, at the top level and within others; methods belong to their class. */
function functionNames(code) {
  const found = code.matchAll(
    /\bfunction\s*\*?\s*(\w+)\s*\(|\b(?:const|let|var)\s+(\w+)\s*=\s*(?:async\s*)?(?:function\b|\([^()]*\)\s*=>|\w+\s*=>)/g,
  );
  return [...new Set([...found].map(([, declared, assigned]) => declared ?? assigned))];
}

test("the rules see the scripts", () => {
  const names = scripts.map(({ name }) => name);
  for (const name of ["site.js", "chat/visitor.js", "chat/desk/lists.js", "admin/editor.js"])
    assert.ok(names.includes(name));
  assert.deepEqual(
    functionNames("function one() {} const two = async (a, b) => 1; let three = x => x; const no = f(() => 1);"),
    ["one", "two", "three"],
  );
});

test("no function has the name of one in another script", () => {
  const owners = {};
  for (const { name, code } of scripts) {
    for (const found of functionNames(code)) owners[found] = [...(owners[found] ?? []), name];
  }
  assert.deepEqual(
    Object.entries(owners).filter(([, names]) => names.length > 1),
    [],
  );
});

test(`no script is longer than ${MAX_LINES} lines`, () => {
  const long = scripts.filter(({ source }) => source.split("\n").length - 1 > MAX_LINES);
  assert.deepEqual(
    long.map(({ name }) => name),
    [],
  );
});

test("no function object holds state", () => {
  for (const { name, code } of scripts) {
    for (const found of functionNames(code)) {
      assert.doesNotMatch(
        code,
        new RegExp(`(?<![.\\w])${found}\\.\\w+\\s*(?:[-+?|&*]*=(?!=)|\\+\\+|--)`),
        `${name}: ${found}`,
      );
    }
  }
});

test("texts for people come from the server", () => {
  for (const { name, code } of scripts) assert.doesNotMatch(code, /[\p{Script=Han}（）：。！？]/u, name);
});

const ofPublicPages = scripts.filter(({ name }) => !/^admin\/|^chat\/desk(?:\/|\.js)/.test(name));

/* What a browser of ES2018 with import() does not have: each rule with something that it finds. */
const TOO_NEW = [
  [/(?<!["'`\w])#[a-z_]/i, "this.#timer = 0;"],
  [/\?\.(?!\d)/, "state?.agent"],
  [/\?\?/, "state ?? null"],
  [/(?:\|\||&&)=/, "state ||= null"],
  [/\bcatch \{/, "} catch {"],
  [/\b\d+_\d/, "35_000"],
  [/\b\d+n\b/, "1n"],
  [/\bstatic \{/, "static {"],
  [/^(?:\w.* = )?await\b|^for await\b/m, "const answer = await ask();"],
  [/\(\?<[=!]/, "/(?<=a)b/"],
  [/\bimport\.meta\b/, "import.meta.url"],
  [/\.(?:at|flat|flatMap|replaceAll|matchAll|findLast|findLastIndex|trimStart|trimEnd)\(/, "rows.at(-1)"],
  [/\.(?:fromEntries|hasOwn|groupBy|allSettled|any|timeout)\(/, "Object.fromEntries(rows)"],
  [/\.(?:replaceChildren|requestSubmit|toggleAttribute|scrollIntoViewIfNeeded)\(/, "list.replaceChildren()"],
  [/(?<!if \(crypto\.randomUUID\) return )\bcrypto\.randomUUID\(/, "const id = crypto.randomUUID();"],
  [/\b(?:globalThis|structuredClone|queueMicrotask|AbortController|WeakRef)\b/, "globalThis.EventSource"],
  [/\b(?:ResizeObserver|IntersectionObserver|BigInt)\b/, "new ResizeObserver(fit)"],
];

/** Members of classes that are no methods. */
function classFields(code) {
  const classes = code.match(/^(?:export )?class [\s\S]*?^\}$/gm) ?? [];
  return classes.flatMap((body) => body.match(/^ {2}(?:static )?[\w#]+(?: = .*|;)$/gm) ?? []);
}

test("what a public page may load is written in ES2018", () => {
  for (const [rule, example] of TOO_NEW) assert.match(example, rule);
  assert.deepEqual(classFields("class A {\n  #a;\n  b = 1;\n\n  c(d = 1) {\n    e = 1;\n  }\n}\nf = 1;\n"), [
    "  #a;",
    "  b = 1;",
  ]);
  for (const name of ["site.js", "site/lightbox.js", "chat/line.js", "chat/visitor/panel.js"])
    assert.ok(ofPublicPages.some((script) => script.name === name));
  for (const { name, code } of ofPublicPages) {
    for (const [rule] of TOO_NEW) assert.doesNotMatch(code, rule, `${name}: ${rule}`);
    assert.deepEqual(classFields(code), [], name);
  }
});

test("what a public page may load imports nothing of the desk or the admin", () => {
  for (const { name, code } of ofPublicPages)
    assert.doesNotMatch(code, /\b(?:from |import\()"[^"]*\/(?:admin|desk)\b/, name);
});

/* greenenergy/serving/script_modules.py joins modules into one file, and leaves out comments and the space before a line. */

test("no text spans lines", () => {
  for (const { name, code } of scripts) {
    const open = code.split("\n").filter((line) => (line.match(/`/g)?.length ?? 0) % 2);
    assert.deepEqual(open, [], name);
  }
});
