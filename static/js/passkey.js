/* Passkeys: asks the server what to ask the device, and sends the device's answer as a form. Keeps nothing.
   Without it the page says that it cannot be done here, and the words remain. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential || !navigator.credentials) return;
  var button = form.querySelector("button");
  var cannot = form.querySelector("[data-passkey-cannot]");
  var stopped = form.querySelector("[data-passkey-stopped]");
  var making = form.dataset.passkey === "make";
  var busy = false;

  /* By hand, because older phones have no parse…FromJSON and toJSON. */
  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (character) { return character.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = Array.from(new Uint8Array(buffer), function (byte) { return String.fromCharCode(byte); }).join("");
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function ask(options) {
    options.challenge = bytes(options.challenge);
    if (!making) return navigator.credentials.get({ publicKey: options });
    options.user.id = bytes(options.user.id);
    return navigator.credentials.create({ publicKey: options });
  }

  function send(credential) {
    var answer = { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: {} };
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      var part = credential.response[name];
      if (part) answer.response[name] = text(part);
    });
    form.elements.answer.value = JSON.stringify(answer);
    form.submit();
  }

  function options(response) {
    if (!response.ok) throw new Error("refused");
    return response.json();
  }

  button.addEventListener("click", function () {
    if (busy) return;
    busy = true;
    stopped.hidden = true;
    fetch(form.dataset.ask, { method: "POST", body: new FormData(form), credentials: "same-origin" })
      .then(options)
      .then(ask)
      .then(send)
      .catch(function () {
        stopped.hidden = false;
        busy = false;
      });
  });

  cannot.hidden = true;
  button.hidden = false;
})();
