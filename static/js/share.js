// Texts that are sent home to the circle: copied, or handed to the phone's own share
// sheet.  Without this file they can still be selected, and the link to LINE works.

for (const part of document.querySelectorAll("[data-share]")) {
  const text = part.querySelector("textarea");
  const copy = part.querySelector("[data-copy]");
  const send = part.querySelector("[data-send]");
  const done = part.querySelector("[data-done]");

  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await copied(text);
    done.textContent = done.dataset.done;
  });
  if (!navigator.share) continue;
  send.hidden = false;
  send.addEventListener("click", () => {
    // Whoever closes the share sheet has changed their mind: no error.
    navigator.share({ text: text.value }).catch(() => {});
  });
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    // Only a secure page has a clipboard; a hall's own network may serve plain http.
    text.select();
    document.execCommand("copy");
  }
}
