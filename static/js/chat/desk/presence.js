/* Reports that the agent is present, whenever something arrives from the server, at least a heartbeat. A timer would not
   do: browsers slow it down in a hidden tab. */

const SIGN = 12_000; // milliseconds between two reports

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

  /** At once: after the connection broke, a report may have been lost. */
  async sign(data = {}) {
    if (this.#desk.session.isLoggedOut && !("is_away" in data)) return;
    this.#signedAt = Date.now();
    await this.#desk.ask("POST", "presence/", data).catch(() => {});
  }

  signNowAndThen() {
    if (Date.now() - this.#signedAt >= SIGN) this.sign();
  }
}
