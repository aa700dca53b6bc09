/* Pictures of an article, one at a time over the page: by click, keyboard and touch. */

const SWIPE = 50; // pixels

export function openLightbox(article, link) {
  if (!document.querySelector(".lightbox")) new Lightbox(article).open(link);
}

class Lightbox {
  constructor(article) {
    this.words = article.querySelector("[data-lightbox-words]").dataset;
    this.links = [...article.querySelectorAll("a.zoom")];
    this.shown = -1;
    this.box = document.createElement("div");
    this.onKey = (event) => this.answerKey(event);
  }

  open(link) {
    this.box.className = "lightbox";
    this.box.setAttribute("role", "dialog");
    this.box.setAttribute("aria-modal", "true");
    this.picture = this.box.appendChild(document.createElement("img"));
    this.picture.className = "lightbox__picture";
    this.caption = this.box.appendChild(document.createElement("p"));
    this.caption.className = "lightbox__caption";
    this.caption.id = "lightbox-caption";
    this.caption.setAttribute("aria-live", "polite");
    this.box.setAttribute("aria-labelledby", this.caption.id);
    const closing = this.addButton("close", "×", () => this.close());
    if (this.links.length > 1) {
      this.addButton("previous", "‹", () => this.show(this.shown - 1));
      this.addButton("next", "›", () => this.show(this.shown + 1));
    }
    this.box.addEventListener("click", (event) => {
      if (event.target === this.box || event.target === this.picture) this.close();
    });
    this.watchSwipes();
    document.body.appendChild(this.box);
    document.documentElement.classList.add("is-covered");
    document.addEventListener("keydown", this.onKey);
    this.show(this.links.indexOf(link));
    closing.focus();
  }

  close() {
    document.removeEventListener("keydown", this.onKey);
    this.box.remove();
    document.documentElement.classList.remove("is-covered");
    this.links[this.shown].focus();
  }

  show(index) {
    this.shown = (index + this.links.length) % this.links.length;
    const link = this.links[this.shown];
    const image = link.querySelector("img");
    const figure = link.closest("figure");
    const words = figure && figure.querySelector("figcaption");
    this.picture.src = link.href;
    this.picture.alt = image.alt;
    this.caption.textContent = words ? words.textContent : image.alt;
  }

  addButton(kind, sign, action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `lightbox__button lightbox__button--${kind}`;
    button.setAttribute("aria-label", this.words[kind]);
    button.textContent = sign;
    button.addEventListener("click", action);
    return this.box.appendChild(button);
  }

  watchSwipes() {
    let startX = 0;
    this.box.addEventListener("touchstart", (event) => {
      startX = event.changedTouches[0].clientX;
    });
    this.box.addEventListener("touchend", (event) => {
      const moved = event.changedTouches[0].clientX - startX;
      if (this.links.length < 2 || Math.abs(moved) <= SWIPE) return;
      event.preventDefault(); // no click follows, which would close
      this.show(this.shown + (moved < 0 ? 1 : -1));
    });
  }

  answerKey(event) {
    if (event.key === "Escape") this.close();
    else if (event.key === "ArrowLeft" && this.links.length > 1) this.show(this.shown - 1);
    else if (event.key === "ArrowRight" && this.links.length > 1) this.show(this.shown + 1);
    else if (event.key === "Tab") {
      // The focus stays in the box.
      const buttons = [...this.box.querySelectorAll("button")];
      const at = buttons.indexOf(document.activeElement) + (event.shiftKey ? -1 : 1);
      buttons[(at + buttons.length) % buttons.length].focus();
    } else return;
    event.preventDefault();
  }
}
