/* What comes into the editor from elsewhere: as much of it as needs no editor. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { adoptForeignHtml, withoutBlankLines } from "../../static/js/admin/editor-paste.js";

class FakeElement {
  constructor(name, attributes) {
    Object.assign(this, { name, attributes, inside: [] });
  }
  add(part) {
    this.inside.push(part);
  }
  addClass() {}
  getAscendant() {
    return null;
  }
  replaceWith(other) {
    this.replacement = other;
  }
}

beforeEach(() => {
  globalThis.location = new URL("https://site.example/admin/");
  globalThis.CKEDITOR = {
    tools: { htmlDecode: (text) => text, htmlEncode: (text) => text },
    htmlParser: {
      element: FakeElement,
      text: class {
        constructor(value) {
          this.value = value;
        }
      },
    },
  };
});
afterEach(() => {
  for (const name of ["location", "CKEDITOR"]) delete globalThis[name];
});

/** What stands in the link that a picture of another site became. */
function linkText(attributes) {
  const picture = new FakeElement("img", attributes);
  const editor = { status: "loaded", config: { pictureTexts: { foreignLink: "Picture: %1" } } };
  adoptForeignHtml(editor, { forEach: (take) => take(picture) });
  return picture.replacement.inside[0].value;
}

test("a picture of another site becomes a link with its own words, whatever signs are in them", () => {
  const src = "https://elsewhere.example/a.png?b=$&";
  assert.equal(linkText({ src, alt: "$1 $& $' $$5" }), "Picture: $1 $& $' $$5");
  assert.equal(linkText({ src }), `Picture: ${src}`);
});

test("a paragraph of many hard spaces costs no time", () => {
  const html = `<p>${"\u00a0".repeat(5000)}甲</p>`;
  assert.equal(withoutBlankLines(html), html);
  assert.equal(withoutBlankLines(`<p>${"\u00a0".repeat(50)}</p>`), "");
});
