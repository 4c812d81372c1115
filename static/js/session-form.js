// The log form on a phone with a weak signal: what needs no server happens here.
// Every button also works without this file: it is a submit button of the form.

const form = document.getElementById("session_form");
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
  document.getElementById("start_anew").addEventListener("click", () => {
    sessionStorage.removeItem(storageKey(location.pathname));
    location.reload();
  });
}

function press(event) {
  const act = event.target.closest('button[name="act"]')?.value;
  const local = {
    "guest-more": () => addGuests(1),
    "guest-less": () => addGuests(-1),
    "all-came": () => tickAll(true),
    "nobody-came": () => tickAll(false),
    "add-lesson": () => addLesson()?.focus(),
  }[act];
  if (!local) return;
  event.preventDefault();
  local();
  keep();
}

function addGuests(step) {
  const field = form.elements.guest_count;
  field.value = Math.max(0, (parseInt(field.value, 10) || 0) + step);
}

function tickAll(checked) {
  for (const box of boxes()) box.checked = checked;
  recount();
}

function addLesson() {
  const total = form.elements["lessons-TOTAL_FORMS"];
  const number = Number(total.value);
  if (number >= Number(form.elements["lessons-MAX_NUM_FORMS"].value)) return null;
  const template = document.getElementById("lesson_template");
  const html = template.innerHTML.replaceAll("__prefix__", number);
  document.getElementById("lessons").insertAdjacentHTML("beforeend", html);
  total.value = number + 1;
  return form.elements[`lessons-${number}-text`];
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

// A copy of what is typed stays in this tab until the saved page is seen, with the
// form's number: sent twice it is stored once.

function keep() {
  const typed = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const copy = JSON.stringify({ user: form.dataset.user, typed });
  sessionStorage.setItem(storageKey(location.pathname), copy);
}

function restore() {
  const copy = JSON.parse(sessionStorage.getItem(storageKey(location.pathname)));
  if (!("fresh" in form.dataset) || copy?.user !== form.dataset.user) return;
  const typed = new Map(copy.typed);
  const lessons = Number(typed.get("lessons-TOTAL_FORMS"));
  while (Number(form.elements["lessons-TOTAL_FORMS"].value) < lessons) {
    if (!addLesson()) break;
  }
  const present = new Set(copy.typed.filter(([name]) => name === "present").map(([, id]) => id));
  for (const field of form.elements) {
    if (field.name === "present") field.checked = present.has(field.value);
    else if (field.type === "checkbox") field.checked = typed.has(field.name);
    else if (field.name !== "act" && typed.has(field.name)) field.value = typed.get(field.name);
  }
  recount();
  document.getElementById("restored").hidden = false;
  const asked = new Event("change", { bubbles: true });
  addEventListener("load", () => form.elements.held_on.dispatchEvent(asked));
}
