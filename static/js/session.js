/* The end of a session, for a page that lies open: asks the server (which asking does not prolong), warns two minutes
   before, and at the end keeps what is half written and covers the page. Keeps nothing on the device. */
(function () {
  "use strict";
  var WARN = 120;
  var KEEP = 5; // seconds before the end: while the session still lives, half-written words can be kept
  var dialog = document.getElementById("session");
  if (!dialog || !dialog.showModal) return;
  var stay = dialog.querySelector("form[data-stay]");
  var timer;
  var ends = 0;

  /* Uncovers nothing that somebody has left: portal.js has said so, and the next page is on its way. */
  function cover(covered) {
    if (!("left" in document.documentElement.dataset)) document.documentElement.hidden = covered;
  }

  function after(seconds, what) {
    clearTimeout(timer);
    timer = setTimeout(what, Math.max(seconds, 0) * 1000);
  }

  function left() {
    return (ends - Date.now()) / 1000;
  }

  /* What the server has said: warn, wait, or end. */
  function plan(seconds, canStay) {
    ends = Date.now() + seconds * 1000;
    if (seconds > WARN) {
      cover(false);
      if (dialog.open) dialog.close();
      return after(seconds - WARN, ask);
    }
    if (seconds <= KEEP) return end();
    cover(false);
    dialog.querySelectorAll("[data-can-stay]").forEach(function (part) { part.hidden = !canStay; });
    dialog.querySelectorAll("[data-must-end]").forEach(function (part) { part.hidden = canStay; });
    if (!dialog.open) dialog.showModal();
    after(seconds - KEEP, ask);
  }

  /* Another tab may have prolonged the session, so the server decides. Without an answer the local clock does. */
  function ask() {
    fetch(dialog.dataset.left, { headers: { Accept: "application/json" }, redirect: "error" }).then(function (answer) {
      if (answer.status === 401) { // ended already, here or elsewhere: nothing is left to wait for
        ends = Date.now();
        return end();
      }
      if (!answer.ok) throw new Error("no answer");
      return answer.json().then(function (told) { plan(told.seconds, told.can_stay); });
    }).catch(function () {
      if (left() <= KEEP) end();
      else after(Math.min(left() - KEEP, 20), ask);
    });
  }

  function keep(form) {
    var begun = Array.from(form.querySelectorAll("textarea")).some(function (box) {
      return box.value.trim() && box.value !== box.defaultValue;
    });
    if (!begun) return null;
    var body = new URLSearchParams(new FormData(form));
    body.set("keep_for_later", "1");
    return fetch(form.action, { method: "POST", body: body, redirect: "manual" }).then(function (answer) {
      return answer.status === 204;
    }, function () { return false; });
  }

  var over = false;
  function end() {
    if (over) return;
    over = true;
    clearTimeout(timer);
    var begun = Array.from(document.querySelectorAll("main form[method=post]")).map(keep).filter(Boolean);
    cover(true);
    document.title = "\u00a0";
    Promise.all(begun).then(function (kept) {
      var words = kept.length ? "?words=" + (kept.every(Boolean) ? "kept" : "lost") : "";
      setTimeout(function () { location.replace(dialog.dataset.ended + words); }, (Math.max(left(), 0) + 2) * 1000);
    });
  }

  stay.addEventListener("submit", function (event) {
    event.preventDefault();
    fetch(stay.action, { method: "POST", body: new URLSearchParams(new FormData(stay)) }).then(function () {
      dialog.close();
      ask();
    }, ask);
  });

  /* Escape is an answer, too: somebody is there. */
  dialog.addEventListener("cancel", function (event) {
    event.preventDefault();
    if (!stay.querySelector("button").hidden) stay.requestSubmit();
  });

  /* A phone that slept has run no timers: what should be closed is covered before anything else happens. */
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) return;
    if (over) return;
    cover(left() <= 0);
    ask();
  });

  plan(Number(dialog.dataset.seconds), true);
})();
