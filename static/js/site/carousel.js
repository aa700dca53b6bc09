/* The row of banners moves by itself, unless the visitor moves it, hovers or focuses it, or prefers no motion. */

const SLIDE_SHOWN = 6000; // milliseconds that each banner stays

export function startCarousel(box) {
  const row = box.querySelector(".carousel__slides");
  if (row.children.length < 2 || !row.scrollTo) return;

  const isStill =
    document.documentElement.classList.contains("care") ||
    (window.matchMedia && matchMedia("(prefers-reduced-motion: reduce)").matches);
  const controls = document.createElement("div");
  let timer = null;
  let isPaused = false;

  function moveBy(step, isSmooth) {
    const at = Math.round(row.scrollLeft / row.clientWidth);
    const index = (at + step + row.children.length) % row.children.length;
    row.scrollTo({ left: index * row.clientWidth, behavior: isSmooth ? "smooth" : "auto" });
  }
  function stopMoving() {
    clearInterval(timer);
    timer = null;
  }
  function startMoving() {
    if (timer || isPaused) return;
    timer = setInterval(() => {
      if (!document.hidden) moveBy(1, true);
    }, SLIDE_SHOWN);
  }
  function pause(value) {
    isPaused = value;
    playing.className = `carousel__button carousel__button--${value ? "play" : "pause"}`;
    playing.setAttribute("aria-label", value ? box.dataset.play : box.dataset.pause);
    if (value) stopMoving();
    else startMoving();
  }
  function moveByHand(step) {
    pause(true);
    moveBy(step, !isStill);
  }
  function addControl(sign, action, label) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "carousel__button";
    button.textContent = sign;
    if (label) button.setAttribute("aria-label", label);
    button.addEventListener("click", action);
    controls.appendChild(button);
    return button;
  }

  controls.className = "carousel__controls";
  addControl("‹", () => moveByHand(-1), box.dataset.previous);
  const playing = addControl("", () => pause(!isPaused));
  addControl("›", () => moveByHand(1), box.dataset.next);
  box.appendChild(controls);

  pause(isStill);
  box.addEventListener("mouseenter", stopMoving);
  box.addEventListener("mouseleave", startMoving);
  box.addEventListener("focusin", stopMoving);
  box.addEventListener("focusout", startMoving);
  row.addEventListener("touchstart", () => pause(true));
  row.addEventListener("keydown", (event) => {
    if (event.target !== row || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    event.preventDefault();
    moveByHand(event.key === "ArrowLeft" ? -1 : 1);
  });
}
