/* The buttons of the panel: sound, the message form and back, the rating, the end of the conversation. */

import { watchRating } from "./rating.js";

export function watchTools(chat) {
  watchSound(chat);
  chat.part("[data-chat-end]").addEventListener("click", () => chat.end());
  for (const button of chat.parts("[data-chat-form]")) button.addEventListener("click", () => chat.enquiry.open());
  for (const button of chat.parts("[data-chat-back]")) {
    button.addEventListener("click", () => {
      chat.showPart(chat.composer.root);
      chat.lines.toEnd();
      chat.composer.focus();
    });
  }
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
