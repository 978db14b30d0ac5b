"use strict";
// The page reads whole without this: it adds the filter, and opens what a link leads to.
(() => {
  const filter = document.getElementById("filter");
  const field = document.getElementById("search");
  const count = document.getElementById("count");
  const rows = [...document.querySelectorAll(".req")];
  const buttons = [...filter.querySelectorAll("button")];
  let outcome = "";

  const apply = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let seen = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = Boolean(outcome && row.dataset.outcome !== outcome) || !words.every((word) => text.includes(word));
      seen += row.hidden ? 0 : 1;
    }
    for (const level of document.querySelectorAll(".level")) {
      level.hidden = !level.querySelector(".req:not([hidden])");
    }
    count.textContent = `${seen} of ${rows.length} shown`;
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      outcome = button.dataset.outcome;
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
      apply();
    });
  }
  field.addEventListener("input", apply);

  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener("hashchange", open);
  addEventListener("beforeprint", () => document.querySelectorAll(".req[data-outcome=fail]").forEach((row) => { row.open = true; }));
  filter.hidden = false;
  apply();
  open();
})();
