// Shows how far an upload came; without it the form is sent as forms are.
"use strict";

for (const form of document.querySelectorAll("form[data-upload]")) {
  const field = form.querySelector("[data-upload-progress]");
  const bar = field.querySelector("progress");
  const words = field.querySelector("label");
  const button = form.querySelector("button[type=submit]");

  function show(percent) {
    bar.value = percent;
    words.textContent = percent < 100 ? `${words.dataset.sending} ${percent} %` : words.dataset.reading;
    if (percent === 100) bar.removeAttribute("value");
  }

  function end(request) {
    if (request.status >= 200 && request.status < 300) {
      window.location.assign(request.responseURL);
      return;
    }
    field.hidden = true;
    button.disabled = false;
    const refusals = document.getElementById("refusals");
    const answer = new DOMParser().parseFromString(request.responseText, "text/html").body;
    if (request.status && request.status < 500) refusals.replaceChildren(...answer.childNodes);
    else refusals.textContent = request.status ? refusals.dataset.broken : refusals.dataset.unreachable;
    refusals.scrollIntoView({ block: "nearest" });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (moved) => show(Math.floor((100 * moved.loaded) / moved.total)));
    request.addEventListener("loadend", () => end(request));
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true"); // a refusal then comes as the part of a page
    request.send(new FormData(form));
    field.hidden = false;
    button.disabled = true;
    show(0);
  });
}
