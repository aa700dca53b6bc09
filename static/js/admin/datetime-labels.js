/* The label of a date with a time belongs to no field of its own: it names the group of both. */

export function nameDateTimes(form) {
  for (const group of form.querySelectorAll("p.datetime")) {
    const label = group.closest(".flex-container")?.querySelector("label:not(.datetime__label)");
    if (!label) continue;
    label.id ||= `${group.querySelector("input").id}_group`;
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", label.id);
  }
}
