"use strict";
const controls = document.querySelector(".scripted");
const words = document.getElementById("words");
const fold = document.getElementById("fold");
const events = document.querySelectorAll(".event");
controls.hidden = false;
let waiting = 0;
words.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const sought = words.value.trim().toLowerCase();
    for (const event of events) {
      event.classList.toggle("out", sought !== "" && !event.textContent.toLowerCase().includes(sought));
    }
  }, 150);
});
fold.addEventListener("click", () => {
  const open = fold.dataset.open !== "yes";
  for (const details of document.querySelectorAll("main details")) details.open = open;
  fold.dataset.open = open ? "yes" : "no";
  fold.textContent = open ? "Fold everything" : "Unfold everything";
});
const reveal = () => {
  const target = document.getElementById(location.hash.slice(1));
  for (let at = target && target.querySelector("details"); at; at = null) at.open = true;
};
addEventListener("hashchange", reveal);
reveal();
