/* Behaviour of the public pages. Every page works without it: a browser without modules or import() loses these extras
   and nothing else, and its chat button is a link to the message form. Chrome 63, Safari 11.1 and Firefox 67 know both, so
   what a public page may load is written in ES2018 and import(): this script, site/, and the chat except its desk.

   A page requests a behaviour with a data- attribute. What most pages need is imported here and joined into one file by
   collectstatic; the rest is loaded on the pages that request it, or when it is first used. */

import { startChatButton } from "./site/chat-button.js";
import { startCopyButton } from "./site/copy-button.js";
import { startContactBar, startMenu } from "./site/navigation.js";
import { startTextSize } from "./site/text-size.js";

const behaviours = {
  "[data-text-size]": startTextSize,
  "[data-copy]": startCopyButton,
  "[data-lightbox]": openLightboxOnClick,
  "[data-carousel]": async (box) => (await import("./site/carousel.js")).startCarousel(box),
  "[data-menu]": startMenu,
  "[data-contact-bar]": startContactBar,
  "[data-chat]": startChatButton,
};

for (const [selector, start] of Object.entries(behaviours)) {
  for (const root of document.querySelectorAll(selector)) start(root);
}

function openLightboxOnClick(article) {
  article.addEventListener("click", async (event) => {
    const link = event.target.closest("a.zoom");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      (await import("./site/lightbox.js")).openLightbox(article, link);
    } catch (_error) {
      location.href = link.href; // opens the picture file, as without scripts
    }
  });
}
