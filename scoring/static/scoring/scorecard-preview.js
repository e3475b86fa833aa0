// While somebody edits the scorecard: asks what leads would score, and shows the answer.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const box = document.getElementById("scorecard-preview");
  if (!box) return;
  const form = box.closest("form");
  let waiting = null;
  let asked = 0;

  async function ask() {
    const number = ++asked;
    let text;
    try {
      const answer = await fetch(box.dataset.address, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Requested-With": "XMLHttpRequest" },
      });
      text = answer.ok ? await answer.text() : null;
    } catch {
      text = null;
    }
    if (number !== asked) return; // a later question is on its way
    if (text === null) box.textContent = "The preview cannot be had just now.";
    else box.innerHTML = text;
  }

  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 300);
  }

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  document.addEventListener("formset:added", soon);
  document.addEventListener("formset:removed", soon);
  ask();
});
