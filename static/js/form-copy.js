// What is typed into a long form is not lost by a reload, a lost signal or an empty
// battery.  A copy stays in this tab until the form was received; where the server has
// not got it, another stays on this device.  It carries the form's own number (sent
// twice it is stored once), and belongs to one account.

const form = document.querySelector("form[data-user]");
const logged = document.querySelector("[data-logged]");
const STORES = [sessionStorage, localStorage];
const NAME = "kmcity-log:";

if (logged) forget((copy) => new Map(copy.typed).get("key") === logged.dataset.logged);
if (form) start();

function name() {
  const meeting = new URLSearchParams(location.search).get("appointment") ?? "";
  return `${NAME}${location.pathname}?${meeting}`;
}

function forget(isMeant) {
  for (const store of STORES) {
    const ours = Object.keys(store).filter((key) => key.startsWith(NAME));
    for (const key of ours) if (isMeant(JSON.parse(store.getItem(key)), key)) store.removeItem(key);
  }
}

function forgetThis() {
  forget((_copy, key) => key === name());
}

function start() {
  restore();
  let isChanged = false;
  const changed = () => {
    isChanged = true;
    keep(!navigator.onLine);
  };
  for (const event of ["input", "change"]) form.addEventListener(event, changed);
  form.addEventListener("keydown", (event) => {
    const isLine = event.target.matches('input:not([type="file"], [type="checkbox"], [type="radio"])');
    if (event.key !== "Enter" || !isLine) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.addEventListener("submit", (event) => {
    isChanged = false;
    if (navigator.onLine) return;
    event.preventDefault();
    sayHeld();
  });
  addEventListener("beforeunload", (event) => {
    // A form whose drafts go to the server needs no warning while they arrive.
    if (isChanged && !("drafts" in form.dataset)) event.preventDefault();
  });
  addEventListener("online", () => form.dispatchEvent(new Event("change")));
  for (const failed of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failed, ({ detail }) => {
      if (detail.elt?.id === "save_state") sayHeld();
    });
  }
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    keep(false);
    if (detail.target?.id === "save_state") localStorage.removeItem(name());
  });
  document.getElementById("start_anew")?.addEventListener("click", () => {
    forgetThis();
    location.reload();
  });
}

// --- keeping ---------------------------------------------------------------------------

function keep(isHeld) {
  const typed = [...new FormData(form)].filter(([field]) => field !== "csrfmiddlewaretoken");
  const copy = JSON.stringify({ user: form.dataset.user, typed, isHeld });
  sessionStorage.setItem(name(), copy);
  if (isHeld) localStorage.setItem(name(), copy);
}

function sayHeld() {
  keep(true);
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  const state = document.getElementById("save_state") ?? form.appendChild(document.createElement("p"));
  state.id = "save_state";
  state.className = "savestate savestate--off";
  state.textContent = form.dataset.held.replace("{time}", `${two(now.getHours())}.${two(now.getMinutes())}`);
  state.scrollIntoView({ block: "nearest" });
}

// --- coming back -----------------------------------------------------------------------

function restore() {
  const found = STORES.map((store) => JSON.parse(store.getItem(name()))).find(Boolean);
  if (found?.user !== form.dataset.user) return;
  const typed = new Map(found.typed);
  const isSame = (field) => typed.get(field) === form.elements[field]?.value;
  // A record that was changed since, or the draft of another meeting, stays as it is.
  if (typed.has("version") && !isSame("version")) return forgetThis();
  if ("draft" in form.dataset ? !(found.isHeld && isSame("key")) : !("fresh" in form.dataset)) return;
  document.dispatchEvent(new CustomEvent("copy:rows", { detail: typed }));
  const present = new Set(found.typed.filter(([field]) => field === "present").map(([, id]) => id));
  for (const field of form.elements) {
    if (field.name === "present") field.checked = present.has(field.value);
    else if (field.type === "checkbox") field.checked = typed.has(field.name);
    else if (field.type === "radio") field.checked = typed.get(field.name) === field.value;
    else if (field.name !== "act" && typed.has(field.name)) field.value = typed.get(field.name);
  }
  for (const section of form.querySelectorAll("details.more")) section.open ||= isFilled(section);
  const told = document.getElementById("restored");
  if (told) told.hidden = false;
  for (const offer of form.querySelectorAll("[data-draft]")) offer.hidden = true;
  document.dispatchEvent(new CustomEvent("copy:restored"));
}

function isFilled(section) {
  return [...section.querySelectorAll("textarea")].some((field) => field.value);
}
