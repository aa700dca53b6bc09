/* The reasons why a form was refused, put into the form as it is: a browser would forget the chosen files of another. */

/** Whether it could be done: the answer has errors and is the same form. `html` is the page that the site answered. */
export function showErrors(form, html) {
  const answered = new DOMParser().parseFromString(html, "text/html").getElementById(form.id);
  const lists = answered ? [...answered.querySelectorAll(".errorlist")] : [];
  if (!lists.length || !isSameForm(form, answered)) return false;
  for (const old of form.querySelectorAll(".errornote, .errorlist")) old.remove();
  const notes = [answered.querySelector(".errornote"), ...lists.filter((list) => !place(form, list))];
  form.querySelector("fieldset").before(...notes.filter(Boolean));
  form.scrollIntoView();
  return true;
}

/* Not that of a new row, which a deleted one becomes, and not with a field to tick that this one lacks. */
function isSameForm(form, answered) {
  const shown = (element) => element.querySelector("#id_overwrite")?.type;
  return form.getAttribute("action") === answered.getAttribute("action") && shown(form) === shown(answered);
}

/* The list names its field; one that does not is of the whole form. */
function place(form, list) {
  const id = list.id.replace(/_error$/, "");
  const field = id && (form.querySelector(`#${CSS.escape(id)}`) ?? form.querySelector(`#${CSS.escape(id)}_0`));
  field?.closest("td, .fieldBox, .form-row")?.prepend(list);
  return Boolean(field);
}
