/* The agent's requests, with the token of a login that may expire meanwhile, and the message when one fails. */

import { csrfToken } from "../../admin/csrf.js";
import { element } from "../line.js";
import { requester } from "../request.js";

export class Session {
  #root;
  #words;
  #request;
  #isUnreachable = false; // whether that is the message on the screen

  isLoggedOut = false;

  constructor({ root, words }) {
    this.#root = root;
    this.#words = words;
    this.#request = requester(root.dataset.base, words, () => ({ "X-CSRFToken": csrfToken() }));
  }

  async ask(method, path, data) {
    try {
      const answer = await this.#request(method, path, data);
      if (this.#isUnreachable) this.tell("");
      return answer;
    } catch (error) {
      if (error.status && this.#isUnreachable) this.tell("");
      if (error.isLoggedOut) this.#showLoggedOut();
      throw error;
    }
  }

  /** Resolves to the answer, or shows the failure and resolves to undefined. */
  async attempt(promise) {
    try {
      return await promise;
    } catch (error) {
      if (!this.isLoggedOut) this.tell(error.message, error.status === 0);
      return undefined;
    }
  }

  tell(text, isUnreachable = false) {
    const place = this.#root.querySelector(".desk__fault");
    this.#isUnreachable = isUnreachable;
    place.textContent = text;
    place.hidden = !text;
  }

  showLink(state) {
    const place = this.#root.querySelector(".desk__link");
    place.textContent = this.#words[state];
    place.classList.toggle("is-down", state !== "online");
  }

  /** A request that needs a login has succeeded. */
  restore() {
    if (!this.isLoggedOut) return;
    this.isLoggedOut = false;
    this.tell("");
    this.showLink("online");
  }

  #showLoggedOut() {
    this.isLoggedOut = true;
    this.tell(`${this.#words.loggedOut} `);
    const link = element("a", "desk__button", this.#words.login);
    link.href = this.#root.dataset.login;
    link.target = "_blank";
    this.#root.querySelector(".desk__fault").append(link);
    this.showLink("offline");
  }
}
