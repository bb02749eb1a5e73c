// One request to the server, and what became of it, told apart as far as it matters for what was typed.

const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";

const PATIENCE = 20_000; // ms: on a train a request may hang for minutes

// {outcome, html, status}; outcome: "kept", "unreachable", "signed-out", "stale" (somebody changed it meanwhile),
// "locked" (the reading is closed), "refused" (what was sent is not valid), "closed" (not open to whoever is signed in).
export async function post(url, fields, { leaving = false } = {}) {
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { "HX-Request": "true", "X-CSRFToken": cookie("csrftoken") },
      credentials: "same-origin",
      redirect: "manual",
      keepalive: leaving,
      signal: leaving ? undefined : AbortSignal.timeout(PATIENCE),
    });
  } catch {
    return { outcome: "unreachable", html: "", status: 0 };
  }
  if (answer.type === "opaqueredirect") return { outcome: "signed-out", html: "", status: 302 };
  const { status } = answer;
  if (answer.headers.get("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
  if (status >= 500 || status === 429) return { outcome: "unreachable", html: "", status };
  let html;
  try {
    html = await answer.text();
  } catch {
    return { outcome: "unreachable", html: "", status: 0 };
  }
  return { outcome: outcomeOf(status, html), html, status };
}

// Whether the site answers.
export async function answers() {
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })).ok;
  } catch {
    return false;
  }
}

// What a page of the site shows now; empty where it does not answer, or not to whoever is here.
export async function page(url) {
  try {
    const answer = await fetch(url, { credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok ? await answer.text() : "";
  } catch {
    return "";
  }
}

function outcomeOf(status, html) {
  if (status < 300) return "kept";
  if (/<form[^>]*\sdata-conflict[\s>]/.test(html)) return "stale";
  return { 409: "locked", 412: "stale", 403: "closed", 404: "closed" }[status] ?? "refused";
}
