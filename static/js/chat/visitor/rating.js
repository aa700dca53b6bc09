/* Stars and a comment for a conversation that has ended. */

export function watchRating(form, ask, { onRated, onError }) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const stars = form.querySelector("[name=stars]:checked");
    if (!stars) return;
    try {
      await ask("POST", "rating/", { stars: stars.value, comment: form.elements.comment.value });
    } catch (error) {
      onError(error);
      return;
    }
    form.reset();
    onRated(Number(stars.value));
  });
}
