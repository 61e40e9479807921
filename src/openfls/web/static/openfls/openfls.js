// Shortcuts. Every page works without this file; it only saves a reach for the mouse.

const typing = (element) => element.matches("input, textarea, select");

document.addEventListener("keydown", (event) => {
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
