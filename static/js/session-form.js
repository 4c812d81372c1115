// The log form on a phone with a weak signal: what needs no server happens here.
// Every button also works without this file: it is a submit button of the form.

const form = document.querySelector("#session_form, #edit_form");
const logged = document.querySelector("[data-logged]");
const storageKey = (path) => `kmcity-log:${path}`;

if (logged) sessionStorage.removeItem(storageKey(logged.dataset.logged));
if (form) start();

function start() {
  restore();
  form.addEventListener("click", press);
  form.addEventListener("input", keep);
  form.addEventListener("change", (event) => {
    if (event.target.name === "present") recount();
    keep();
  });
  document.addEventListener("htmx:afterSwap", () => {
    showDay();
    keep();
  });
  for (const failed of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failed, sayHeld);
  }
  document.getElementById("start_anew")?.addEventListener("click", () => {
    sessionStorage.removeItem(storageKey(location.pathname));
    location.reload();
  });
  startSearch();
}

function press(event) {
  const act = event.target.closest('button[name="act"]')?.value ?? "";
  const local = {
    "guest-more": () => addGuests(1),
    "guest-less": () => addGuests(-1),
    "all-came": () => tickAll(true),
    "nobody-came": () => tickAll(false),
  }[act];
  if (local) local();
  else if (act.startsWith("add-")) addRow(act.slice("add-".length))?.focus();
  else return;
  event.preventDefault();
  keep();
  form.dispatchEvent(new Event("change")); // the draft on the server follows
}

function addGuests(step) {
  const field = form.elements.guest_count;
  field.value = Math.max(0, (parseInt(field.value, 10) || 0) + step);
}

function tickAll(checked) {
  for (const box of boxes()) box.checked = checked;
  recount();
}

function addRow(prefix) {
  const total = form.elements[`${prefix}-TOTAL_FORMS`];
  const number = Number(total.value);
  if (number >= Number(form.elements[`${prefix}-MAX_NUM_FORMS`].value)) return null;
  const template = form.querySelector(`template[data-row="${prefix}"]`);
  const html = template.innerHTML.replaceAll("__prefix__", number);
  document.getElementById(prefix).insertAdjacentHTML("beforeend", html);
  total.value = number + 1;
  return form.elements[`${prefix}-${number}-text`] ?? form.elements[`${prefix}-${number}-name`];
}

function boxes() {
  return [...form.querySelectorAll('input[name="present"]')];
}

function ticked(all) {
  return all.filter((box) => box.checked).length;
}

function recount() {
  const count = document.querySelector("#came [data-count]");
  if (!count) return;
  count.textContent = ticked(boxes());
  for (const group of form.querySelectorAll("fieldset:has(.crowd)")) {
    const all = [...group.querySelectorAll('input[name="present"]')];
    group.querySelector(".crowdhead .num").textContent = `${ticked(all)} / ${all.length}`;
  }
}

function showDay() {
  const understood = form.querySelector("#held_on_field time[data-short]");
  if (understood) document.getElementById("when_day").textContent = understood.dataset.short;
}

// Above thirty people: show the names that contain what is typed.

function startSearch() {
  const search = document.getElementById("crowd_search");
  if (!search) return;
  search.hidden = false;
  const field = search.querySelector("input");
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    for (const box of boxes()) {
      const item = box.closest("li");
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
    }
  });
}

// The draft goes to the server by htmx.  Where it cannot, say where it is instead.

function sayHeld(event) {
  if (event.detail.elt?.id !== "save_state") return;
  const state = event.detail.elt;
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  const time = `${two(now.getHours())}.${two(now.getMinutes())}`;
  state.className = "savestate savestate--off";
  state.textContent = state.dataset.held.replace("{time}", time);
}

// A copy of what is typed stays in this tab until the saved page is seen, with the
// form's number: sent twice it is stored once.

function keep() {
  if (form.id !== "session_form") return; // a stored record may be newer than a copy
  const typed = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const copy = JSON.stringify({ user: form.dataset.user, typed });
  sessionStorage.setItem(storageKey(location.pathname), copy);
}

function restore() {
  const copy = JSON.parse(sessionStorage.getItem(storageKey(location.pathname)));
  if (!("fresh" in form.dataset) || copy?.user !== form.dataset.user) return;
  const typed = new Map(copy.typed);
  for (const template of form.querySelectorAll("template[data-row]")) {
    const total = `${template.dataset.row}-TOTAL_FORMS`;
    while (Number(form.elements[total].value) < Number(typed.get(total))) {
      if (!addRow(template.dataset.row)) break;
    }
  }
  const present = new Set(copy.typed.filter(([name]) => name === "present").map(([, id]) => id));
  for (const field of form.elements) {
    if (field.name === "present") field.checked = present.has(field.value);
    else if (field.type === "checkbox") field.checked = typed.has(field.name);
    else if (field.type === "radio") field.checked = typed.get(field.name) === field.value;
    else if (field.name !== "act" && typed.has(field.name)) field.value = typed.get(field.name);
  }
  for (const section of form.querySelectorAll("details.more")) section.open ||= isFilled(section);
  recount();
  document.getElementById("restored").hidden = false;
  for (const offer of form.querySelectorAll("[data-draft]")) offer.hidden = true;
  const asked = new Event("change", { bubbles: true });
  const ask = () => form.elements.held_on.dispatchEvent(asked);
  document.addEventListener("htmx:load", ask, { once: true });
}

function isFilled(section) {
  return [...section.querySelectorAll("textarea")].some((field) => field.value);
}
