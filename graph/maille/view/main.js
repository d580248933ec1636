"use strict";
// Starts the page and ties the reader's hands to it.
(() => {
  const { nodes, edges, articles, claims, state, word, count, el } = maille;
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;
  root.dataset.first = root.lang;
  let choosing = -1; // the entity that a path starts from, while its end is being chosen

  const speak = () => {
    root.lang = state.language;
    for (const one of document.querySelectorAll("[data-word]")) one.textContent = word(one.dataset.word);
    for (const one of document.querySelectorAll("[data-title]")) { one.title = word(one.dataset.title); one.setAttribute("aria-label", one.title); }
    $("network").setAttribute("aria-label", word("canvasLabel"));
    $("results").setAttribute("aria-label", word("results"));
    $("search").setAttribute("aria-label", choosing >= 0 ? word("choose") : word("searchLabel"));
    $("search").placeholder = choosing >= 0 ? `${word("pathTo", { a: maille.cut(maille.nameOf(choosing), 24) })}…` : word("search");
  };
  const paint = () => {
    if (state.theme) root.dataset.theme = state.theme;
    else delete root.dataset.theme;
    maille.readPalette();
  };

  const tell = () => {
    const shown = [...maille.shown()].filter((i) => !nodes[i].event).length;
    const all = nodes.filter((node) => !node.event).length;
    const said = maille.inView();
    const from = new Set([...said].map((c) => claims[c].article).filter((a) => a !== undefined)).size;
    $("summary").textContent = word(shown < all ? "shown" : "shownAll", { entities: maille.number(shown) === maille.number(all) ? count("entities", shown) : maille.number(shown),
      allEntities: count("entities", all), ties: count("ties", maille.links().length), claims: count("claims", said.size), articles: count("articles", from) });
    const { kind, a, b, steps } = state.view;
    const label = (i) => word("quoted", { a: maille.cut(maille.bare(maille.nameOf(i)), 48) });
    const parts = [];
    if (kind === "home") {
      const first = maille.data.first.filter((i) => !nodes[i].event).length;
      parts.push(word(first >= all ? "homeAll" : nodes.filter((node) => !node.event && node.cited).length <= maille.data.limit ? "homeSaid" : "homeCut", { count: maille.number(first) }));
    }
    if (kind === "theme") parts.push(word("themeShown", { a: label(a) }));
    if (kind === "around") parts.push(word(steps === 1 ? "around1" : "aroundN", { a: label(a), steps }));
    if (kind === "around" && maille.cutFrom()) parts.push(word("aroundCut", { count: maille.cutFrom() }));
    if (kind === "path") { const line = maille.path(a, b); parts.push(word(line.length ? "pathShown" : "pathNone", { a: label(a), b: label(b), steps: line.length - 1 })); }
    if (maille.filtering()) parts.push(word("filtered"));
    $("caption").textContent = parts.join(" ");
  };

  let written = "";
  const render = ({ fit = false } = {}) => {
    maille.refresh();
    speak();
    tell();
    $("stage").hidden = state.table;
    $("table").hidden = !state.table;
    document.body.classList.toggle("tabled", state.table);
    $("show-network").setAttribute("aria-pressed", String(!state.table));
    $("show-table").setAttribute("aria-pressed", String(state.table));
    maille.draw(fit);
    maille.drawPanel();
    maille.legend();
    maille.drawTable();
    const hash = maille.toHash();
    if (hash !== written) { written = hash; history.replaceState(null, "", `#${hash}`); }
  };

  // What the other scripts call
  Object.assign(maille, {
    changed: () => render(),
    select: (what) => {
      state.selected = what;
      maille.focusOn(what && what.kind === "node" ? what.i : -1);
      if (what && what.kind === "node" && !maille.shown().has(what.i) && !nodes[what.i].event) state.plus.push({ i: what.i, open: false });
      if (what && what.kind === "edge") for (const i of [edges[what.i].s, edges[what.i].t]) if (!maille.shown().has(i) && !nodes[i].event) state.plus.push({ i, open: false });
      render();
      if (what && !state.table) {
        const seen = what.kind === "node" ? [what.i] : [edges[what.i].s];
        for (const i of seen) if (maille.places.has(i) && maille.shown().has(i)) maille.show(i);
      }
      if (what) $("said").textContent = what.kind === "node" ? word("selectedNode", { a: maille.nameOf(what.i), kind: maille.term(nodes[what.i].kind), n: count("claims", maille.claimsOf[what.i].length) }) : maille.tieLabel(edges[what.i]);
    },
    go: (view) => { state.view = view; state.plus = []; if (view.kind === "path" || view.kind === "home") state.selected = null; maille.focusOn(-1); render({ fit: true }); },
    open: (i) => { state.plus = [...state.plus.filter((p) => p.i !== i), { i, open: true }]; render({ fit: true }); },
    askPath: (i) => { choosing = i; speak(); $("search").value = ""; $("search").focus(); offer(); },
  });

  // Search: a list under the box; arrows, Enter, Escape.
  const input = $("search");
  const list = $("results");
  let active = -1;
  const shut = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); active = -1; };
  const pick = (i) => {
    const from = choosing;
    choosing = -1;
    input.value = "";
    shut();
    if (from >= 0 && i !== from) maille.go({ kind: "path", a: from, b: i, steps: 1 });
    else maille.select({ kind: "node", i });
    speak();
  };
  const pickClaim = (c) => {
    input.value = "";
    shut();
    const found = edges.find((edge) => edge.sort !== "role" && edge.claims.includes(c));
    maille.select(found ? { kind: "edge", i: found.i } : { kind: "node", i: claims[c].s });
  };
  const excerpt = (claim) => {
    const text = maille.bare(maille.sentences[claim.q]);
    const at = Math.max(0, maille.fold(text).indexOf(maille.fold(input.value).trim().split(" ")[0]) - 40);
    return (at ? "…" : "") + maille.cut(text.slice(at), 130);
  };
  const offer = () => {
    const found = maille.search(input.value);
    const names = found.names.slice(0, 8);
    const said = choosing >= 0 ? [] : found.claims.slice(0, 5);
    list.replaceChildren(
      ...names.map((i) => { const item = el("li", { role: "option", onclick: () => pick(i) }, maille.icon(nodes[i].top), el("span", { class: "grow" }, maille.name(maille.nameOf(i), 60)), el("small", {}, maille.term(nodes[i].kind))); return item; }),
      ...said.map((c) => el("li", { role: "option", class: "said", onclick: () => pickClaim(c) }, el("bdi", {}, excerpt(claims[c])))),
    );
    [...list.children].forEach((item, k) => { item.id = `result-${k}`; });
    active = -1;
    const open = input.value.trim() !== "";
    if (open && !list.children.length) list.append(el("li", { class: "none" }, word("noResult")));
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
  };
  const mark = (k) => {
    const items = [...list.querySelectorAll("[role=option]")];
    if (!items.length) return;
    active = (k + items.length) % items.length;
    items.forEach((item, n) => { item.setAttribute("aria-selected", String(n === active)); });
    items[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[active].id);
  };
  input.addEventListener("input", offer);
  input.addEventListener("keydown", (event) => {
    const items = [...list.querySelectorAll("[role=option]")];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); if (list.hidden) offer(); mark(event.key === "ArrowDown" ? active + 1 : active < 0 ? items.length - 1 : active - 1); }
    if (event.key === "Enter" && items.length) { event.preventDefault(); items[Math.max(0, active)].click(); }
    if (event.key === "Escape") { event.preventDefault(); input.value = ""; choosing = -1; shut(); speak(); }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".search")) { shut(); if (choosing >= 0 && !event.target.closest("#path")) { choosing = -1; speak(); } }
    const menu = $("export");
    if (!menu.contains(event.target)) menu.open = false;
  });

  // The drawing
  maille.network.on("click", ({ nodes: hit, edges: near }) => {
    if (hit.length) maille.select({ kind: "node", i: Number(hit[0].slice(1)) });
    else if (near.length) maille.select({ kind: "edge", i: Number(near[0].slice(1)) });
    else if (state.selected) maille.select(null);
  });
  maille.network.on("doubleClick", ({ nodes: hit }) => { if (hit.length && !nodes[Number(hit[0].slice(1))].event) maille.open(Number(hit[0].slice(1))); });
  const zoom = (factor) => {
    const scale = Math.min(4, Math.max(0.02, maille.network.getScale() * factor));
    maille.sizeFor(scale);
    maille.network.moveTo({ scale });
  };
  const ARROWS = new Map([["ArrowRight", [1, 0]], ["ArrowLeft", [-1, 0]], ["ArrowDown", [0, 1]], ["ArrowUp", [0, -1]]]);
  $("network").addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = state.selected && state.selected.kind === "node" ? state.selected.i : -1;
    if (ARROWS.has(event.key)) {
      event.preventDefault();
      const first = maille.mostCited([...maille.shown()].filter((i) => !nodes[i].event))[0];
      const to = at < 0 ? first : maille.towards(at, ...ARROWS.get(event.key));
      if (to !== undefined && to >= 0) maille.select({ kind: "node", i: to });
    } else if (event.key === "Enter" && state.selected) { event.preventDefault(); $("panel").focus(); }
    else if (event.key === "Escape") back();
    else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "0") maille.fitAll(true);
  });
  const back = () => {
    if (state.selected) maille.select(null);
    else if (state.view.kind !== "home" || state.plus.length) maille.go({ kind: "home", a: -1, b: -1, steps: 1 });
  };
  $("panel").addEventListener("keydown", (event) => { if (event.key === "Escape") { maille.select(null); $(state.table ? "table" : "network").focus(); } });
  document.addEventListener("keydown", (event) => { if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) { event.preventDefault(); input.focus(); } });

  // Buttons
  const on = (id, action) => $(id).addEventListener("click", action);
  on("home", () => maille.go({ kind: "home", a: -1, b: -1, steps: 1 }));
  on("show-network", () => { state.table = false; render({ fit: true }); });
  on("show-table", () => { state.table = true; render(); });
  on("skip", (event) => { event.preventDefault(); state.table = true; render(); $("table").focus(); });
  on("zoom-in", () => zoom(1.3));
  on("zoom-out", () => zoom(1 / 1.3));
  on("fit", () => maille.fitAll(true));
  on("language", () => { state.language = state.language === "fr" ? "en" : "fr"; render(); });
  on("theme", () => {
    const dark = state.theme ? state.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    state.theme = dark ? "light" : "dark";
    paint();
    render();
  });
  on("svg", () => maille.save("maille.svg", maille.svgText(), "image/svg+xml"));
  on("csv", () => maille.save("maille.csv", maille.csv(), "text/csv;charset=utf-8"));
  on("png", async () => maille.save("maille.png", await maille.png(), "image/png"));
  on("copy", async () => {
    try { await navigator.clipboard.writeText(location.href); $("said").textContent = word("copied"); $("copy").textContent = word("copied"); } catch { $("copy").textContent = word("linkShown"); }
  });
  for (const id of ["png", "svg", "csv"]) on(id, () => { $("export").open = false; });

  // The world outside: dark at night, windows that change, links that are pasted, printing.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { paint(); render(); });
  addEventListener("hashchange", () => { if (location.hash.slice(1) !== written) { maille.fromHash(location.hash); paint(); render({ fit: true }); } });
  addEventListener("beforeprint", () => { // on white, the network as lines rather than points
    root.dataset.theme = "light";
    maille.readPalette();
    $("paper").replaceChildren(maille.drawing({ headed: false }).root);
    maille.drawTable(1500);
    $("table").hidden = false;
  });
  addEventListener("afterprint", () => { $("paper").replaceChildren(); paint(); render(); });
  let width = 0;
  new ResizeObserver(() => { if (!state.table && Math.abs($("network").clientWidth - width) > 40) { width = $("network").clientWidth; maille.fitAll(false); } }).observe($("network"));

  // Start
  for (const id of ["tools", "main", "skip"]) $(id).hidden = false;
  if (matchMedia("(min-width: 900px) and (min-height: 640px)").matches) $("legend").open = true;
  maille.fromHash(location.hash);
  paint();
  render({ fit: true });
  if (articles.length && !claims.length) $("empty").hidden = false;
  root.dataset.ready = "1";
})();
