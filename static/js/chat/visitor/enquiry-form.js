/* The message form in the panel: sends the visitor's question, with a phone number or WeChat id for the answer. */

import { newId } from "../id.js";
import { readJson, writeJson, writeText } from "../storage.js";
import { cutText } from "../text.js";

const DRAFT_KEY = "chat-form";
const TYPED = ["name", "phone", "wechat", "company", "text"];

/** Rejects where the form cannot be fetched. */
export async function loadEnquiryForm(chat) {
  const { html } = await chat.ask("GET", "form/");
  chat.form.innerHTML = html; // from our own template
  return new EnquiryForm(chat);
}

class EnquiryForm {
  constructor(chat) {
    this._chat = chat;
    this._form = chat.part(".chat__form");
    const draft = readJson(DRAFT_KEY, {});
    for (const name of TYPED) this._form.elements[name].value = draft[name] || "";
    this._form.addEventListener("input", () => this._keepDraft());
    this._form.addEventListener("submit", (event) => {
      event.preventDefault();
      this._submit();
    });
  }

  /** Opens the form, filled with what the visitor has written in the chat unless it holds a text already. */
  open() {
    const { composer, conversation, sending } = this._chat;
    const { elements } = this._form;
    const said = [...conversation.unanswered(), ...sending.texts, composer.said].filter(Boolean).join("\n");
    elements.text.value = elements.text.value || said;
    elements.name.value = elements.name.value || composer.visitorName;
    elements.page_url.value = location.href.split("#")[0];
    elements.page_title.value = cutText(document.title, 200);
    elements.client_id.value = elements.client_id.value || newId();
    this._chat.showPart(this._form);
    elements.name.focus();
  }

  /* What was typed survives a reload of the page, in this tab. */
  _keepDraft() {
    const draft = {};
    for (const name of TYPED) draft[name] = this._form.elements[name].value;
    writeJson(DRAFT_KEY, draft);
  }

  async _submit() {
    const { elements } = this._form;
    const button = this._form.querySelector("[type=submit]");
    const data = {};
    for (const field of elements) {
      if (field.name && (field.type !== "checkbox" || field.checked)) data[field.name] = field.value;
    }
    button.disabled = true;
    this._showFaults({});
    try {
      const answer = await this._chat.ask("POST", "enquiry/", data);
      elements.text.value = elements.client_id.value = "";
      writeText(DRAFT_KEY, "");
      this._showReceipt(answer.receipt);
    } catch (error) {
      this._chat.tell(error.message);
      this._showFaults(error.fields || {});
    } finally {
      button.disabled = false;
    }
  }

  _showReceipt(number) {
    const { composer, receipt, sending } = this._chat;
    this._chat.part(".chat__number").textContent = number;
    this._chat.part("[data-chat-copy]").dataset.copy = number;
    composer.clear();
    sending.discardRefused();
    this._chat.isCrowded = false;
    this._chat.tell("");
    this._chat.showPart(receipt);
    receipt.focus();
  }

  _showFaults(fields) {
    let first = null;
    for (const place of this._form.querySelectorAll("[data-fault]")) {
      const name = place.dataset.fault;
      const field = this._form.elements[name];
      place.textContent = fields[name] || "";
      field.setAttribute("aria-invalid", String(Boolean(fields[name])));
      if (fields[name] && !first) first = field;
    }
    if (first) first.focus();
  }
}
