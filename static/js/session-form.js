// The live count of who came. Everything else on the form is plain HTML.
// The form may be replaced by htmx, so listen on the document and look anew.

function recount() {
  const came = document.getElementById("came");
  if (!came) return;
  const boxes = [...document.querySelectorAll('#session_form input[name="present"]')];
  came.querySelector("[data-count]").textContent = boxes.filter((box) => box.checked).length;
  for (const group of document.querySelectorAll("#session_form fieldset:has(.crowd)")) {
    const all = [...group.querySelectorAll('input[name="present"]')];
    const taken = all.filter((box) => box.checked).length;
    group.querySelector(".crowdhead .num").textContent = `${taken} / ${all.length}`;
  }
}

document.addEventListener("change", (event) => {
  if (event.target.name === "present") recount();
});
