// Saves each field of the assessment when it is left. The page works without: its Save button sends everything.

const form = document.querySelector("form[data-saves-to]");
const status = form.querySelector("[data-said]");
const was = form.elements.namedItem("was");
let last = Promise.resolve();
let underWay = 0;
// Fields changed since, whose own save waits its turn: an earlier answer of the server does not touch them.
const changedSince = new Map();

const say = (words, wrong = false) => {
  status.textContent = words;
  status.classList.toggle("fls-save__said--wrong", wrong);
};

// A FRAX result is kept whole, so its fields travel together.
const fieldsWith = (name) => {
  if (!name.startsWith("frax.")) return [name];
  return [...new Set([...form.elements].map((each) => each.name).filter((each) => each.startsWith("frax.")))];
};

const bodyOf = (target) => {
  const all = new FormData(form);
  const body = new FormData();
  body.append("csrfmiddlewaretoken", all.get("csrfmiddlewaretoken"));
  body.append("was", was.value);
  for (const name of ["accepted", "over"]) for (const value of all.getAll(name)) body.append(name, value);
  if (target.name === "rest_no") {
    body.append("rest_no", target.value);
    const section = target.closest("details");
    for (const input of section.querySelectorAll("input[type=radio]:checked")) body.append(input.name, input.value);
  } else {
    for (const name of fieldsWith(target.name)) body.append(name, all.get(name) ?? "");
  }
  return body;
};

const show = (name, typed) => {
  const field = form.elements.namedItem(name);
  if (!field || changedSince.get(name)) return;
  if (field instanceof RadioNodeList) field.value = typed;
  // What somebody is typing just now is not taken from under her hands.
  else if (field !== document.activeElement || field.tagName === "SELECT") field.value = typed;
};

const takeIn = (told) => {
  say(told.said, !told.ok);
  for (const [name, html] of Object.entries(told.notes)) {
    const group = form.querySelector(`[data-field="${CSS.escape(name)}"]`);
    if (!group) continue;
    group.querySelector(".fls-notes").innerHTML = html;
    group.classList.toggle("nhsuk-form-group--error", !told.ok);
    group.classList.remove("fls-question--doubt");
    const input = group.querySelector(".fls-ask input, .fls-ask select");
    if (told.ok) input?.removeAttribute("aria-invalid");
    else input?.setAttribute("aria-invalid", "true");
  }
  if (!told.ok) return;
  const shown = JSON.parse(was.value);
  for (const [name, typed] of Object.entries(told.was)) {
    shown[name] = typed;
    show(name, typed);
  }
  was.value = JSON.stringify(shown);
  for (const [key, [words, whole]] of Object.entries(told.sections ?? {})) {
    const state = document.querySelector(`#${CSS.escape(key)} [data-state]`);
    if (!state) continue;
    state.textContent = words;
    state.classList.toggle("fls-section__state--whole", whole);
  }
  if (told.side) form.querySelector("[data-side]").innerHTML = told.side;
};

const send = async (target) => {
  say("Saving…");
  try {
    const answer = await fetch(form.dataset.savesTo, { method: "POST", body: bodyOf(target), redirect: "error" });
    takeIn(await answer.json());
  } catch {
    say("Not saved. Press Save to try again; nothing that you typed is lost.", true);
  }
};

// One after the other, so that each is saved over what the one before has left.
form.addEventListener("change", (event) => {
  const target = event.target;
  if (!target.name || target.name === "assessed_on" || target.name === "was") return;
  underWay += 1;
  const names = fieldsWith(target.name);
  const count = (step) => names.forEach((name) => changedSince.set(name, (changedSince.get(name) ?? 0) + step));
  count(1);
  last = last
    .then(() => {
      count(-1);
      return send(target);
    })
    .finally(() => (underWay -= 1));
});

// A button waits for what is still being saved, so that the two never meet in the database.
form.addEventListener("submit", (event) => {
  if (!underWay) return;
  event.preventDefault();
  last.then(() => form.requestSubmit(event.submitter));
});
