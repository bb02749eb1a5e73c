// What every page needs of a script. Pages work without it; htmx itself is configured in templates/base.html.
"use strict";

const refusals = document.getElementById("refusals");

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]");
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
});

// A search form's address names only what was asked for.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches("form[data-short-address]")) return;
  const sent = event.detail.formData;
  for (const [name, value] of [...sent.entries()]) if (value === "") sent.delete(name);
});

document.addEventListener("htmx:beforeRequest", () => refusals.replaceChildren());

function say(words) {
  const notice = document.createElement("p");
  notice.className = "notice notice--danger";
  notice.textContent = words;
  refusals.replaceChildren(notice);
}

// A refusal (4xx, 503) brings its own words and is shown by htmx; these two bring none.
document.addEventListener("htmx:sendError", () => say(refusals.dataset.unreachable));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status >= 500 && status !== 503) say(refusals.dataset.broken);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  if (button) button.closest(".notice").remove();
});
