// Enter in a type-ahead chooses the only thing found, or nothing; it never sends the
// form.  What is found appears by itself while somebody types.

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (event.key !== "Enter" || !input.matches?.(".picker input[type=search]")) return;
  event.preventDefault();
  const found = input.closest(".picker").querySelectorAll(".picker__found input");
  if (found.length === 1) found[0].checked = true;
});
