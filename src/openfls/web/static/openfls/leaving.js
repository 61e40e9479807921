// What was typed and not sent when the time is over: the form goes to the server, which gives it back to nobody but who
// filled it in. Nothing of it is done before that user presses a button.

const SKIP = new Set(["hidden", "password", "file", "submit", "button", "reset", "image"]);

const changed = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked ? 1 : 0;
  if (field.tagName === "SELECT") {
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.multiple || field.selectedIndex === Math.max(first, 0) ? 0 : 1;
  }
  // A page that says what is wrong holds what was typed, and nothing of it is saved.
  const saved = document.querySelector(".nhsuk-error-summary") ? "" : field.defaultValue;
  return field.value === saved ? 0 : Math.max(field.value.length, 1);
};

const typedIn = (form) => {
  // The server says of which forms it knows who fills them in; an assessment saves itself, a search is typed again.
  if (!form.elements.namedItem("filled_by") || form.dataset.savesTo || form.closest("search")) return 0;
  if ("kept" in form.dataset) return Infinity;
  return [...form.elements].reduce((sum, field) => (SKIP.has(field.type) || !field.name ? sum : sum + changed(field)), 0);
};

// The form in which most was typed; none where everything is as the server sent it.
export const unsent = () => {
  const found = [...document.querySelectorAll("form[method=post]")].map((form) => [typedIn(form), form]);
  const [most, form] = found.reduce((best, one) => (one[0] > best[0] ? one : best), [0, null]);
  return most ? form : null;
};

const add = (form, name, value) => {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  form.append(field);
};

export const handOver = (form) => {
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
    add(form, "held_way", JSON.stringify([button.textContent.trim().replace(/\s+/g, " "), button.name, button.value]));
  }
  for (const field of form.querySelectorAll("input[type=password], input[type=file]")) field.disabled = true;
  add(form, "held_unsent", "1");
  // Not form.submit: a field may be called so.
  HTMLFormElement.prototype.submit.call(form);
};
