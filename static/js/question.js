// Each save from this page carries a higher number, so that the server can tell an older save from a newer.

function raiseSeq(form) {
  const seq = form.elements.namedItem("seq");
  if (seq) seq.value = String(Number(seq.value) + 1);
}

document.addEventListener("htmx:configRequest", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (!form) return;
  raiseSeq(form);
  event.detail.parameters.seq = form.elements.namedItem("seq").value;
});

document.addEventListener("submit", (event) => {
  if (event.target.matches?.("form[data-autosave]")) raiseSeq(event.target);
});
