// Saves each field of the assessment when it is left. The page works without: its Save button sends everything.

const form = document.querySelector("form[data-saves-to]");
const status = form.querySelector("[data-said]");
const was = form.elements.namedItem("was");
let last = Promise.resolve();
let underWay = 0;
// Fields changed since, whose own save waits its turn: an earlier answer of the server does not touch them.
const changedSince = new Map();
// What could not be saved: it stands on the page until it is, whatever the server says of other fields.
const unsaved = new Set();
const waiting = [];

const sections = [...form.querySelectorAll(".fls-section")];
const small = matchMedia("(max-width: 760px)").matches;
const step = form.querySelector(".fls-step");
const saidToo = step.querySelector("[data-said-too]");

const say = (words, wrong = false) => {
  status.textContent = words;
  status.classList.toggle("fls-save__said--wrong", wrong);
  saidToo.textContent = words;
  saidToo.classList.toggle("fls-step__said--wrong", wrong);
};

// On a small screen one section is open at a time, and those that need a look.
const isMissing = (section) =>
  !("canWait" in section.dataset) && !section.querySelector(".fls-section__state").classList.contains("fls-section__state--whole");
const nextAfter = (section) => {
  const at = sections.indexOf(section);
  return [...sections.slice(at + 1), ...sections.slice(0, Math.max(at, 0))].find(isMissing);
};
let here = null;
const showNext = () => {
  const next = nextAfter(here);
  const button = step.querySelector("[data-next]");
  if (!button) return;
  button.hidden = !next;
  if (!next) return;
  button.value = next.id;
  button.textContent = `Next: ${next.querySelector("h2").textContent}`;
};
const goTo = (section) => {
  if (here && here !== section && !("looks" in here.dataset)) here.open = false;
  here = section;
  section.open = true;
  showNext();
};
if (small && !new URLSearchParams(location.search).get("open")) {
  const first = sections.find(isMissing);
  for (const section of sections) if (section !== first && !("looks" in section.dataset)) section.open = false;
  if (first) goTo(first);
} else {
  here = document.getElementById(location.hash.slice(1))?.closest(".fls-section") ?? sections.find((each) => each.open) ?? null;
  showNext();
}
step.querySelector("[data-next]")?.addEventListener("click", (event) => {
  event.preventDefault();
  const section = document.getElementById(event.currentTarget.value);
  goTo(section);
  section.scrollIntoView();
  section.querySelector("summary").focus({ preventScroll: true });
});

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
  // An error of something else's refusal may be gone with this: the server tells how it stands now.
  for (const group of form.querySelectorAll(".nhsuk-form-group--error[data-field]"))
    if (!unsaved.has(group.dataset.field)) body.append("look", group.dataset.field);
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
  if (!field || changedSince.get(name) || unsaved.has(name)) return;
  // Each by itself: the value of the whole list cannot be set to the empty one, which is “not known”.
  if (field instanceof RadioNodeList) for (const each of field) each.checked = each.value === typed;
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
    group.classList.toggle("fls-question--doubt", Boolean(group.querySelector(".fls-doubt")));
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
  showNext();
  if (told.side) form.querySelector("[data-side]").innerHTML = told.side;
};

// What was refused before and still stands on the page is not saved because something else is.
const remind = (words) => {
  const open = [...unsaved].map((name) => form.querySelector(`[data-field="${CSS.escape(name)}"] .fls-ask__words`));
  const named = open.filter(Boolean).map((each) => each.textContent.trim().replace(/\s+/g, " "));
  if (named.length) say(`${words}. Not saved yet: ${named.join("; ")}`, true);
};

const send = async (target) => {
  const names = fieldsWith(target.name);
  say("Saving…");
  try {
    const body = bodyOf(target);
    const answer = await fetch(form.dataset.savesTo, { method: "POST", body, redirect: "error", keepalive: true });
    const told = await answer.json();
    document.dispatchEvent(new Event("openfls:saved"));
    names.forEach((name) => (told.ok ? unsaved.delete(name) : unsaved.add(name)));
    takeIn(told);
    if (told.ok) remind(told.said);
    // A choice between sources that was refused is none: it is made again, and does not look as if it stood.
    else if (target.name.startsWith("choose.")) {
      target.checked = false;
      unsaved.delete(target.name);
    }
  } catch {
    names.forEach((name) => unsaved.add(name));
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
  waiting.push(target);
  last = last
    .then(() => {
      count(-1);
      waiting.shift();
      return send(target);
    })
    .finally(() => (underWay -= 1));
});

// Who leaves the page while answers wait their turn sends them on the way out.
addEventListener("pagehide", () => {
  for (const target of waiting.splice(0)) navigator.sendBeacon(form.dataset.savesTo, bodyOf(target));
});

// A button waits for what is still being saved, so that the two never meet in the database.
form.addEventListener("submit", (event) => {
  if (!underWay) return;
  event.preventDefault();
  last.then(() => form.requestSubmit(event.submitter));
});
