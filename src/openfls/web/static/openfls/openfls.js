// Shortcuts. Every page works without this file; it only saves a reach for the mouse.

// A digit chooses a reason in the list that is open, and sends it; one that asks for words waits for them.
const chooseReason = (event) => {
  if (!/^[1-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return false;
  const radio = document.querySelector(`details[open] [data-digits] [data-digit="${event.key}"]`);
  if (!radio || (typing(event.target) && event.target.type !== "radio")) return false;
  event.preventDefault();
  radio.click();
  if (radio.hasAttribute("data-more")) radio.form.querySelector("input[type=text]")?.focus();
  else radio.form.querySelector("button[type=submit]")?.click();
  return true;
};

const typing = (element) => element.matches("input, textarea, select");

document.addEventListener("keydown", (event) => {
  if (chooseReason(event)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    document.getElementById("search")?.focus();
    event.preventDefault();
    return;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  target.click();
  // A reason list that was opened by its key is ready to be chosen from.
  target.closest("details")?.querySelector("input:not([type=hidden])")?.focus();
});

// What is wrong is read out first.
const summary = document.querySelector(".nhsuk-error-summary");
summary?.setAttribute("tabindex", "-1");
summary?.focus();
