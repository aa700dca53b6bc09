/* What a public page does beyond being read. Every page works without it: an old WebView that knows no modules, or not
   what this folder is written in (ES2018), loses these comforts and nothing else.

   A page asks for a behaviour by a data- attribute. What most pages need is imported here and collected into one file;
   the rest is fetched where it is asked for, or when it is first used. */

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
      location.href = link.href; // the picture alone, as without script
    }
  });
}
