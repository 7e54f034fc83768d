/* Small helps for pages that already work without: leaving fast, no page out of the back cache, counting
   characters, no double sending, focus on errors, live conversations. Keeps nothing on the device. */
(function () {
  "use strict";
  var root = document.documentElement;

  /* Leave now: hide and blank in the same frame, then let the server end the session. replace() drops this
     page from the history; Back then meets an ended session. */
  function hide() {
    root.dataset.left = ""; // session.js uncovers nothing from now on
    root.hidden = true;
    document.title = "\u00a0";
  }

  function leave() {
    var link = document.querySelector("[data-leave]");
    if (!link) return;
    hide();
    location.replace(link.href);
  }

  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("[data-leave]")) {
      event.preventDefault();
      leave();
    }
  });

  /* Shift alone, three times within five seconds; a Shift used for a capital letter does not count. */
  var presses = [];
  var alone = false;
  document.addEventListener("keydown", function (event) {
    alone = event.key === "Shift";
    if (!alone) presses = [];
  }, true);
  document.addEventListener("keyup", function (event) {
    if (event.key !== "Shift" || !alone) return;
    alone = false;
    presses = presses.concat(event.timeStamp).slice(-3);
    if (presses.length === 3 && presses[2] - presses[0] <= 5000) leave();
  }, true);

  /* A page may come back from the back cache in spite of no-store: never show it, ask the server. */
  addEventListener("pageshow", function (event) {
    if (event.persisted) {
      hide();
      location.reload();
    }
  });

  /* Characters left, said politely after a pause. The server counts code points; so do we. */
  function count(field) {
    var output = document.getElementById(field.dataset.count);
    if (!output) return;
    var left = Number(field.dataset.limit) - Array.from(field.value).length;
    var words = left < 0 ? output.dataset.over : output.dataset.left;
    output.textContent = words.replace("{n}", Math.abs(left).toLocaleString(root.lang));
  }

  var pause = new WeakMap();
  document.addEventListener("input", function (event) {
    var field = event.target;
    if (!field.dataset || !field.dataset.count) return;
    clearTimeout(pause.get(field));
    pause.set(field, setTimeout(function () { count(field); }, 700));
  });

  /* Send once: a second press while the first is on its way does nothing. The button stays focusable, and a
     request that was stopped or got no new page frees the form again. */
  function free(form) {
    delete form.dataset.sending;
    form.querySelectorAll("button[aria-disabled]").forEach(function (button) {
      button.removeAttribute("aria-disabled");
    });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sending !== undefined) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sending = "";
    form.querySelectorAll("button[type=submit]").forEach(function (button) {
      button.setAttribute("aria-disabled", "true");
    });
    setTimeout(function () { free(form); }, 10000);
  }, true);

  function freeAll() {
    document.querySelectorAll("form[data-sending]").forEach(free);
  }
  addEventListener("pageshow", freeAll);
  document.addEventListener("htmx:finally:request", freeAll);

  /* Errors: focus the summary; a link in it brings the label into view, then the field into focus. */
  function focusErrors() {
    var summary = document.querySelector("[data-errors]");
    if (summary) summary.focus();
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("[data-errors] a");
    var field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest("fieldset, .field") || field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", focusErrors);
  else focusErrors();

  /* A code that came after the hash sign of a scanned address: into its field, and out of the address at once. */
  function takeCode() {
    var field = document.querySelector("[data-from-hash] input");
    var code = /^#([0-9]{8})$/.exec(location.hash);
    if (!field || !code) return;
    field.value = code[1].replace(/^(...)(...)/, "$1 $2 ");
    history.replaceState(null, "", location.pathname);
  }
  addEventListener("hashchange", takeCode);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", takeCode);
  else takeCode();

  /* Live: ask every data-live-every seconds while somebody looks, slower (to 60 s) while nothing changes.
     htmx listens with data-hx-trigger="live"; its swap is the sign that something changed. */
  var timer;
  var wait = 0;

  function pace() {
    var element = document.querySelector("[data-live]");
    return element ? Number(element.dataset.liveEvery || 20) * 1000 : 0;
  }

  function schedule() {
    clearTimeout(timer);
    if (wait && !document.hidden) timer = setTimeout(ask, wait);
  }

  function ask() {
    document.querySelectorAll("[data-live]").forEach(function (element) {
      element.dispatchEvent(new CustomEvent("live"));
    });
    wait = Math.min(wait * 1.5, Math.max(60000, pace()));
    schedule();
  }

  function restart() {
    wait = pace();
    schedule();
  }

  document.addEventListener("visibilitychange", restart);
  document.addEventListener("htmx:after:swap", restart);
  restart();
})();
