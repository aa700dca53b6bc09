/* Old conversations, by words in them or by the visitor's name. */

import { element } from "../line.js";

/** makeEntry(chat) makes a row of the list. */
export function watchSearch(desk, makeEntry) {
  const { words, session } = desk;
  const found = desk.part(".desk__found");
  desk.part(".desk__search").addEventListener("submit", async (event) => {
    event.preventDefault();
    const q = event.target.elements.q.value;
    const answer = await session.attempt(desk.ask("POST", "search/", { q }));
    if (!answer) return;
    const rows = answer.conversations.map(makeEntry);
    if (!rows.length) rows.push(element("li", "desk__none", words.nothingFound));
    if (answer.has_more) rows.push(element("li", "desk__none", words.more));
    found.hidden = false;
    found.querySelector(".desk__list-title").textContent = words.found;
    found.querySelector(".desk__list").replaceChildren(...rows);
  });
  desk.part("[data-clear]").addEventListener("click", () => {
    found.hidden = true;
  });
}
