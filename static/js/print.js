// A button that prints the page.  Without this file it stays hidden: the browser's
// own menu prints as well.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
