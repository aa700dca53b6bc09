/* What Word and WPS put on the clipboard, before the editor's own filter for it, which knows no Chinese numbers. */

import { buildList, readMarker, writtenNumber } from "./word-lists.js";

const LIST_LEVEL = /mso-list:[^;]*?\blevel(\d+)/i;
const IGNORED = /mso-list:\s*ignore/i;
const SYMBOL_FONT = /\b(?:wingdings|webdings|(?<!ui )symbol)\b/i;

/** The HTML with real lists, with numbered headings as headings, and with Word's title as <h1>. */
export function withWordLists(html) {
  if (!/mso-list:|MsoTitle/i.test(html)) return html;
  const page = new DOMParser().parseFromString(html, "text/html");
  const title = page.querySelector("p.MsoTitle");
  for (const item of page.querySelectorAll("ol li, ul li")) item.style.cssText = ""; // a list already
  for (const heading of page.querySelectorAll("h1, h2, h3, h4, h5, h6")) numberHeading(heading);
  if (title) {
    for (const heading of page.querySelectorAll("h1")) rename(heading, "h2");
    rename(title, "h1");
  }
  const taken = new Set();
  for (const first of page.querySelectorAll("p, div")) {
    if (!taken.has(first) && levelOf(first)) replaceRun(followingItems(first, taken));
  }
  return page.documentElement.outerHTML;
}

function rename(element, name) {
  const other = element.ownerDocument.createElement(name);
  for (const { name: key, value } of element.attributes) other.setAttribute(key, value);
  other.append(...element.childNodes);
  element.replaceWith(other);
}

function levelOf(element) {
  const match = LIST_LEVEL.exec(element.getAttribute("style") ?? "");
  return match ? Number(match[1]) : 0;
}

/* The paragraphs of one list: nothing but white space between them. */
function followingItems(first, taken) {
  const items = [];
  for (let node = first; node; node = node.nextSibling) {
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (!/^(?:P|DIV)$/.test(node.tagName) || !levelOf(node)) break;
      taken.add(node);
      items.push(node);
    } else if (node.nodeType === Node.TEXT_NODE && node.data.trim()) break;
  }
  return items;
}

function replaceRun(elements) {
  const last = []; // the marker before, by level
  const items = elements.map((element) => {
    const level = levelOf(element);
    const marker = takeMarker(element, last[level]);
    last[level] = marker;
    last.length = level + 1;
    return { level, marker, html: element.innerHTML };
  });
  if (items.length === 1 && items[0].marker.kind === "written") {
    // A numbered paragraph among others, as in an official document, is no list.
    elements[0].prepend(writtenNumber(items[0].marker.text));
    withoutListStyle(elements[0]);
    return;
  }
  const list = elements[0].ownerDocument.createElement("div");
  list.innerHTML = buildList(items);
  elements[0].replaceWith(...list.childNodes);
  for (const element of elements.slice(1)) element.remove();
}

function numberHeading(heading) {
  if (!levelOf(heading)) return;
  const marker = takeMarker(heading);
  if (marker.kind !== "bullet") heading.prepend(writtenNumber(marker.text));
  withoutListStyle(heading);
}

function withoutListStyle(element) {
  element.setAttribute("style", element.getAttribute("style").replace(/mso-list:[^;]*;?/i, ""));
}

/* Removes the marker from its paragraph, and reads it. It has a style, or stands between the comments
   "[if !supportLists]" and "[endif]"; where there is none, the item had no number. */
function takeMarker(element, previous) {
  const comment = supportComment(element);
  const ignored = [...element.querySelectorAll("[style]")].find((inner) => IGNORED.test(inner.getAttribute("style")));
  const nodes = ignored ? [ignored] : nodesUntilComment(comment);
  const text = nodes.map((node) => node.textContent).join("");
  const isSymbol = nodes.some((node) => SYMBOL_FONT.test(fontsAround(node, element)));
  for (const node of [...nodes, comment]) node?.remove(); // by the comment the editor's filter would take it for an item
  return readMarker(text, isSymbol, previous);
}

function supportComment(element) {
  const comments = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_COMMENT);
  while (comments.nextNode()) if (/!supportLists/i.test(comments.currentNode.data)) return comments.currentNode;
  return null;
}

function nodesUntilComment(comment) {
  const nodes = [];
  for (let node = comment?.nextSibling; node && node.nodeType !== Node.COMMENT_NODE; node = node.nextSibling)
    nodes.push(node);
  return nodes;
}

function fontsAround(node, end) {
  let fonts = node.nodeType === Node.ELEMENT_NODE ? node.innerHTML.replace(/>[^<]*/g, ">") : "";
  for (let around = node; around !== end; around = around.parentNode) {
    if (around.getAttribute) fonts += ` ${around.getAttribute("style")} ${around.getAttribute("face")}`;
  }
  return fonts;
}
