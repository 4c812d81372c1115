// The log form on a phone with a weak signal: what needs no server happens here.
// Every button also works without this file: it is a submit button of the form.

const form = document.querySelector("form[data-user]");

form.addEventListener("click", press);
form.addEventListener("change", (event) => {
  if (event.target.name === "present") recount();
});
document.addEventListener("htmx:afterSwap", showDay);
document.addEventListener("copy:rows", ({ detail }) => addRows(detail));
document.addEventListener("copy:restored", () => {
  recount();
  // What the restored day means is asked of the server, once htmx is there.
  const ask = () => form.elements.held_on?.dispatchEvent(new Event("change", { bubbles: true }));
  document.addEventListener("htmx:load", ask, { once: true });
});
startSearch();

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
  form.dispatchEvent(new Event("change")); // the copy and the draft follow
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

function addRows(typed) {
  for (const template of form.querySelectorAll("template[data-row]")) {
    const total = `${template.dataset.row}-TOTAL_FORMS`;
    while (Number(form.elements[total].value) < Number(typed.get(total))) {
      if (!addRow(template.dataset.row)) break;
    }
  }
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
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    for (const box of boxes()) {
      const item = box.closest("li");
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
    }
  });
}
