// Asks the device for a passkey and sends its answer with the form it stands in.
// Needs mfa/js/webauthn-json.js; without either the form stays hidden.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button");
  const failure = form.querySelector("[role=alert]");
  const data = JSON.parse(document.getElementById("passkey_data").textContent);
  form.hidden = !(window.webauthnJSON && window.PublicKeyCredential);
  button.addEventListener("click", async () => {
    failure.hidden = true;
    button.disabled = true;
    try {
      const credential =
        form.dataset.passkey === "create"
          ? await window.webauthnJSON.create(data.creation_options)
          : await window.webauthnJSON.get(data.request_options);
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      failure.hidden = false;
      button.disabled = false;
    }
  });
}
