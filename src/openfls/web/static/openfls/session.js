// Before an idle session ends, the page says so; when it has ended, the page goes away: a ward's screen is seen by all.

const { idle, stay, out } = document.body.dataset;
const LIMIT = Number(idle) * 60_000;
const NOTICE = Math.min(5 * 60_000, LIMIT / 2);
const KEY = "openfls-last";

// Windows of one browser share their session, so they share when something last happened: a time, and nothing else.
let last = Date.now();
const happened = () => {
  last = Date.now();
  try {
    localStorage.setItem(KEY, String(last));
  } catch {
    // A browser that keeps nothing: each window counts for itself.
  }
};
const left = () => {
  try {
    last = Math.max(last, Number(localStorage.getItem(KEY) ?? 0));
  } catch {
    // as above
  }
  return last + LIMIT - Date.now();
};
let bar = null;

const stayHere = async () => {
  let answer;
  try {
    answer = await fetch(stay, { redirect: "manual" });
  } catch {
    bar.querySelector("p").textContent = "The server cannot be reached. Try again; nothing on this page is lost yet.";
    return;
  }
  if (!answer.ok) return leave(); // it leads to the door: the session is over already
  happened();
  look();
};

const leave = () => {
  const door = `${out}&next=${encodeURIComponent(location.pathname)}`;
  const form = document.querySelector("form[data-sign-out]");
  if (!form) return location.replace(door);
  // The server may count a little later than this page: it is told, so that nobody pages back.
  const onwards = document.createElement("input");
  Object.assign(onwards, { type: "hidden", name: "next", value: door });
  form.append(onwards);
  return form.submit();
};

const warn = () => {
  if (bar) return;
  const at = new Date(Date.now() + left()).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  bar = document.createElement("div");
  bar.className = "fls-idle";
  bar.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = `You will be signed out at ${at}, because nothing was opened or saved. Save what you have typed, or stay.`;
  const button = document.createElement("button");
  button.className = "nhsuk-button nhsuk-button--small";
  button.type = "button";
  button.textContent = "Stay signed in";
  button.addEventListener("click", stayHere);
  bar.append(words, button);
  document.body.append(bar);
};

const look = () => {
  if (left() <= 0) return leave();
  if (left() <= NOTICE) warn();
  else if (bar) {
    bar.remove();
    bar = null;
  }
};

happened();
// What saves by itself tells it by this event.
document.addEventListener("openfls:saved", happened);
setInterval(look, 5_000);
