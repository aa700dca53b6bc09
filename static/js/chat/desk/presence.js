/* Whether the agent is there. A beat comes only where nothing else does, so whatever comes is a reason to say it again: no
   timer, which a browser slows down in a tab that nobody sees. */

const SIGN = 12_000; // milliseconds between two signs

export class Presence {
  #desk;
  #signedAt = 0;
  #isAway = false;

  constructor(desk) {
    this.#desk = desk;
    this.button = desk.part("[data-away]");
    this.button.addEventListener("click", async () => {
      await this.sign({ is_away: !this.#isAway });
      await desk.tryRefresh();
    });
  }

  show(isAway) {
    const { words } = this.#desk;
    this.#isAway = isAway;
    this.button.textContent = isAway ? words.back : words.away;
    this.button.setAttribute("aria-pressed", String(isAway));
  }

  /** At once: after a cut, in which a sign may have been lost. */
  async sign(data = {}) {
    if (this.#desk.session.isLoggedOut && !("is_away" in data)) return;
    this.#signedAt = Date.now();
    await this.#desk.ask("POST", "presence/", data).catch(() => {});
  }

  signNowAndThen() {
    if (Date.now() - this.#signedAt >= SIGN) this.sign();
  }
}
