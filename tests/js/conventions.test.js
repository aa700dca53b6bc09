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

test("a public page's own script is written in what older WebViews read", () => {
  const own = scripts.filter(({ name }) => name === "site.js" || name.startsWith("site/"));
  assert.ok(own.length > 3);
  for (const { name, code } of own)
    assert.doesNotMatch(code, /\?\.|\?\?|\bcatch \{|(?<!["'\w])#\w|\.at\(|replaceChildren/, name);
});

/* greenenergy/serving/script_modules.py joins modules into one file, and leaves out comments and the space before a line. */

test("no text spans lines", () => {
  for (const { name, code } of scripts) {
    const open = code.split("\n").filter((line) => (line.match(/`/g)?.length ?? 0) % 2);
    assert.deepEqual(open, [], name);
  }
});
