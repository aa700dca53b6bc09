/* What the desk shows about the visitor. */

import { element } from "../line.js";
import { shortTime } from "../text.js";

export class AboutVisitor {
  #desk;
  #labelsOf = 0; // the conversation that the boxes are of

  constructor(desk) {
    this.#desk = desk;
  }

  show(summary, about) {
    const { words } = this.#desk;
    this.#fill("page", summary.page.url ? [pageLink(summary.page.url, summary.page.title)] : []);
    this.#fill("device", summary.device ? [summary.device] : []);
    this.#fill("referrer", [about.referrer ? pageLink(about.referrer) : words.direct]);
    this.#fill(
      "pages",
      listOf(about.pages, ({ url, title }) => (url ? pageLink(url, title) : title)),
    );
    this.#fill(
      "earlier",
      listOf(about.earlier, (row) => this.#earlierButton(row)),
    );
    this.#fill(
      "enquiries",
      listOf(about.enquiries, (row) => this.#enquiryLink(row)),
    );
    this.#fill("rating", summary.rating ? [`${stars(summary.rating)} ${about.rating_comment}`] : []);
    this.#showLabels(summary.id, about.labels);
  }

  /* Boxes that the agent is ticking stay as they are, those of another conversation never. */
  #showLabels(id, chosen) {
    const isChoosing = this.#place("labels").contains(document.activeElement);
    if (isChoosing && this.#labelsOf === id) return;
    this.#labelsOf = id;
    this.#fill(
      "labels",
      listOf(this.#desk.lists.labels, (label) => this.#labelChoice(label, id, chosen)),
    );
  }

  #place(name) {
    return this.#desk.part(`[data-about=${name}]`);
  }

  #fill(name, parts) {
    this.#place(name).replaceChildren(...(parts.length ? parts : [this.#desk.words.noPages]));
  }

  #labelChoice(label, id, chosen) {
    const { ask, session } = this.#desk;
    const choice = element("label");
    const box = choice.appendChild(element("input"));
    box.type = "checkbox";
    box.value = label.id;
    box.checked = chosen.includes(label.id);
    box.addEventListener("change", () => {
      const boxes = [...this.#place("labels").querySelectorAll("input:checked")];
      session.attempt(ask("POST", `${id}/labels/`, { labels: boxes.map((other) => Number(other.value)) }));
    });
    choice.append(` ${label.name}`);
    return choice;
  }

  #earlierButton(row) {
    const rating = row.rating ? ` ${stars(row.rating)}` : "";
    const button = element("button", "desk__button", `${shortTime(row.at, 2)} ${row.status}${rating}`);
    button.type = "button";
    button.addEventListener("click", () => this.#desk.openChat.select(row.id));
    return button;
  }

  #enquiryLink(row) {
    const admin = this.#desk.root.dataset.base.replace(/chat\/$/, "");
    return pageLink(`${admin}contact/enquiry/${row.id}/change/`, `${row.receipt} ${row.status}`);
  }
}

/* These URLs come from visitors' browsers: only http, https and paths of this site become links. */
function pageLink(url, text) {
  if (!/^(https?:\/\/|\/(?!\/))/.test(url)) return element("span", "", text || url);
  const link = element("a", "", text || url);
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

function listOf(rows, make) {
  if (!rows.length) return [];
  const list = element("ul");
  for (const row of rows) list.appendChild(element("li")).append(make(row));
  return [list];
}

function stars(count) {
  return "★".repeat(count);
}
