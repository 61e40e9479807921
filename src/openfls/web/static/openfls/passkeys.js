// Passkeys. The browser's own words for them are bytes; the server's are base64url in JSON.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

const listed = (keys = []) => keys.map((key) => ({ ...key, id: bytes(key.id) }));

const toMake = ({ publicKey }) => ({
  publicKey: {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    excludeCredentials: listed(publicKey.excludeCredentials),
    // The key itself knows whose it is, so that it signs in without a user name.
    authenticatorSelection: {
      ...publicKey.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    },
  },
});

const toUse = ({ publicKey }) => ({
  publicKey: {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    allowCredentials: listed(publicKey.allowCredentials ?? []),
  },
});

const told = (credential) => {
  const { response } = credential;
  const fields = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const sent = Object.fromEntries(fields.filter((name) => response[name]).map((name) => [name, text(response[name])]));
  if (response.getTransports) sent.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: sent,
  });
};

const optionsOf = async (form) => {
  if (form.dataset.options) {
    const given = JSON.parse(form.dataset.options);
    return given.creation_options ?? given.request_options;
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no answer");
  return (await answer.json()).request_options;
};

const ask = async (form) => {
  const options = await optionsOf(form);
  return form.dataset.passkey === "make"
    ? navigator.credentials.create(toMake(options))
    : navigator.credentials.get(toUse(options));
};

// A passkey belongs to a name: browsers make none for an address of digits.
const named = !/^[\d.]+$|:/.test(location.hostname);

if (window.PublicKeyCredential && window.isSecureContext && named) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const said = form.querySelector("[data-passkey-said]");
      said.textContent = "";
      try {
        form.elements.credential.value = told(await ask(form));
        form.submit();
      } catch {
        said.textContent = "No passkey was used. Try again, or choose another way.";
      }
    });
  }
  document.querySelector("[data-passkey-not]")?.remove();
}
