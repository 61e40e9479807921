// Before an idle session ends, the page says so; when it has ended, the page goes away: a ward's screen is seen by all.

import { handOver, unsent } from "./leaving.js";

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

let leaving = false;
const leave = async () => {
  if (leaving) return;
  leaving = true;
  const door = `${out}&next=${encodeURIComponent(location.pathname)}`;
  const signOut = document.querySelector("form[data-sign-out]");
  const form = unsent();
  if (!signOut) return location.replace(door);
  // The server may count a little later than this page: it is told, so that nobody pages back.
  if (!form) {
    const onwards = document.createElement("input");
    Object.assign(onwards, { type: "hidden", name: "next", value: door });
    signOut.append(onwards);
    return signOut.submit();
  }
  document.body.hidden = true;
  try {
    await fetch(signOut.action, { method: "POST", body: new URLSearchParams(new FormData(signOut)), redirect: "manual" });
    handOver(form);
  } catch {
    leaving = false; // The server cannot be reached. Nothing is seen meanwhile, and it is tried again.
  }
};

const warn = () => {
  if (bar) return;
  const at = new Date(Date.now() + left()).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  bar = document.createElement("div");
  bar.className = "fls-idle";
  bar.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = `You will be signed out at ${at}, because nothing was opened or saved. Save what you have typed, or stay.${
    unsent() ? " What stands in the form then comes back to you alone, when you have signed in again; files and passwords do not." : ""
  }`;
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
  document.body.hidden = false; // it was hidden while the server could not be reached, and another window went on
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
