"use strict";
// The passage that the address names (#char=begin,end) is marked whole; without scripts its first words are.
(() => {
  const pieces = [...document.querySelectorAll("#text [data-at]")].map((one) => [one, ...one.dataset.at.split(",").map(Number)]);
  const mark = () => {
    const named = /^#char=(\d+),(\d+)$/.exec(decodeURIComponent(location.hash));
    for (const [one, begin, end] of pieces) one.classList.toggle("here", Boolean(named) && begin >= named[1] && end <= named[2]);
  };
  addEventListener("hashchange", mark);
  mark();
})();
