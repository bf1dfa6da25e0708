// After a swap that moves the person, the focus follows; a request that failed is told in words.

document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.elt;
  const place = target.matches?.("[data-focus]") ? target : target.querySelector?.("[data-focus]");
  place?.focus();
});

function tell(words) {
  const status = document.getElementById("status");
  if (status) status.textContent = words;
}

document.addEventListener("htmx:sendError", () => {
  tell("Not saved: there is no connection. What you typed is still here; try again in a moment.");
});

document.addEventListener("htmx:responseError", (event) => {
  const busy = [429, 503].includes(event.detail.xhr.status);
  tell(busy ? "Not saved: the service is busy. Try again in a moment." : "Not saved. Reload the page and try again.");
});
