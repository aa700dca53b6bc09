/* The message form in the panel: sends the visitor's question, with a phone number or WeChat id for the answer. */

import { newId } from "../outbox.js";
import { cutText } from "../text.js";

export class EnquiryForm {
  #chat;
  #form;

  constructor(chat) {
    this.#chat = chat;
    this.#form = chat.part(".chat__form");
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  /** Opens the form, filled with what the visitor has written in the chat unless it holds a text already. */
  open() {
    const { composer, conversation } = this.#chat;
    const { elements } = this.#form;
    const said = [...conversation.unanswered(), composer.said].filter(Boolean).join("\n");
    elements.text.value = elements.text.value || said;
    elements.name.value = elements.name.value || composer.visitorName;
    elements.page_url.value = location.href.split("#")[0];
    elements.page_title.value = cutText(document.title, 200);
    elements.client_id.value = elements.client_id.value || newId();
    this.#chat.showPart(this.#form);
    elements.name.focus();
  }

  async #submit() {
    const { elements } = this.#form;
    const button = this.#form.querySelector("[type=submit]");
    const data = {};
    for (const field of elements) {
      if (field.name && (field.type !== "checkbox" || field.checked)) data[field.name] = field.value;
    }
    button.disabled = true;
    this.#showFaults({});
    try {
      const answer = await this.#chat.ask("POST", "enquiry/", data);
      elements.text.value = elements.client_id.value = "";
      this.#showReceipt(answer.receipt);
    } catch (error) {
      this.#chat.tell(error.message);
      this.#showFaults(error.fields ?? {});
    } finally {
      button.disabled = false;
    }
  }

  #showReceipt(number) {
    const { composer, receipt } = this.#chat;
    this.#chat.part(".chat__number").textContent = number;
    this.#chat.part("[data-chat-copy]").dataset.copy = number;
    composer.clear();
    this.#chat.tell("");
    this.#chat.showPart(receipt);
    receipt.focus();
  }

  #showFaults(fields) {
    let first = null;
    for (const place of this.#form.querySelectorAll("[data-fault]")) {
      const name = place.dataset.fault;
      const field = this.#form.elements[name];
      place.textContent = fields[name] || "";
      field.setAttribute("aria-invalid", String(Boolean(fields[name])));
      if (fields[name] && !first) first = field;
    }
    first?.focus();
  }
}
