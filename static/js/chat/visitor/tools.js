/* The buttons of the panel: sound, the message form and back, the rating, the end of the conversation. */

import { watchRating } from "./rating.js";

let form = null; // once it is loaded

/** The message form and its module are loaded when it is first opened. */
export async function openForm(chat) {
  try {
    const { loadEnquiryForm } = await import("./enquiry-form.js");
    form = form || (await loadEnquiryForm(chat));
  } catch (_error) {
    chat.tell(chat.words.unreachable);
    return;
  }
  form.open();
}

export function watchTools(chat) {
  watchSound(chat);
  chat.part("[data-chat-end]").addEventListener("click", () => endChat(chat));
  chat.root.addEventListener("click", ({ target }) => {
    if (target.closest("[data-chat-form]")) openForm(chat);
    if (!target.closest("[data-chat-back]")) return;
    chat.showPart(chat.composer.root);
    chat.lines.toEnd();
    chat.composer.focus();
  });
  watchRating(chat.part(".chat__rating"), chat.ask, {
    onRated: (stars) => {
      chat.conversation.setRating(stars);
      chat.tell(chat.words.thanks);
      chat.composer.focus();
    },
    onError: (error) => chat.tell(error.message),
  });
}

function watchSound({ root, unread, words }) {
  const button = root.querySelector("[data-chat-sound]");
  const showSound = () => {
    button.textContent = unread.isLoud ? words.sound_on : words.sound_off;
  };
  showSound();
  button.addEventListener("click", () => {
    unread.toggleSound();
    showSound();
  });
}

async function endChat(chat) {
  if (!window.confirm(chat.words.confirm)) return;
  try {
    await chat.ask("POST", "end/", { forget: true });
  } catch (error) {
    chat.tell(error.message);
    return;
  }
  chat.sending.clear();
  chat.forget();
  chat.composer.clear();
  chat.panel.toggle(false);
}
