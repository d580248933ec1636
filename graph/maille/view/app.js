"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = new Map(Object.entries(data.labels[data.language] || {}));
  const t = (key) => words.has(key) ? words.get(key) : key.replace(/([a-z])([A-Z])/g, "$1 $2");
  const byId = (id) => document.getElementById(id);
  const nodes = new Map(data.nodes.map((n) => [n.id, n]));
  const claimsOf = new Map();
  data.claims.forEach((c, i) => {
    for (const end of new Set([c.s, c.o])) {
      if (!end) continue;
      if (!claimsOf.has(end)) claimsOf.set(end, []);
      claimsOf.get(end).push(i);
    }
  });
  const colours = { Person: "#b5532a", Organization: "#2f6690", Place: "#4f7d3a", Product: "#8a5a9e", Event: "#b08900" };
  const state = { hidden: new Set(), relation: "", modality: "", only: null, selected: null };

  for (const el of document.querySelectorAll("[data-t]")) el.textContent = t(el.dataset.t);
  const articles = new Set(data.claims.map((c) => c.d + "\n" + c.a));
  byId("counts").textContent = t("counts").replace("{n}", nodes.size).replace("{c}", data.claims.length).replace("{a}", articles.size);

  function make(tag, text, cls) {
    const el = document.createElement(tag);
    if (text !== undefined) el.textContent = text;
    if (cls) el.className = cls;
    return el;
  }
  function fill(select, values) {
    for (const v of values) {
      const option = make("option", t(v));
      option.value = v;
      select.append(option);
    }
  }
  fill(byId("relation"), [...new Set(data.claims.map((c) => c.p))].sort((a, b) => t(a).localeCompare(t(b))));
  fill(byId("modality"), [...new Set(data.claims.map((c) => c.m))]);
  for (const n of data.nodes) {
    if (n.group === "Event") continue;
    const option = make("option");
    option.value = n.full;
    byId("names").append(option);
  }
  for (const group of Object.keys(colours)) {
    const count = data.nodes.filter((n) => n.group === group).length;
    if (!count) continue;
    const button = make("button");
    const swatch = make("span", "", "swatch");
    swatch.style.background = colours[group];
    button.type = "button";
    button.setAttribute("aria-pressed", "true");
    button.append(swatch, t(group) + " " + count);
    button.addEventListener("click", () => {
      const hide = !state.hidden.has(group);
      hide ? state.hidden.add(group) : state.hidden.delete(group);
      button.setAttribute("aria-pressed", String(!hide));
      draw();
    });
    byId("legend").append(button);
  }

  const fits = (c) => (!state.relation || c.p === state.relation) && (!state.modality || c.m === state.modality);
  const style = getComputedStyle(document.documentElement);
  const ink = () => style.getPropertyValue("--fg").trim() || "#222";
  const dim = () => style.getPropertyValue("--line").trim() || "#ccc";
  const drawnNodes = new vis.DataSet(), drawnEdges = new vis.DataSet();
  const network = new vis.Network(byId("canvas"), { nodes: drawnNodes, edges: drawnEdges }, {
    physics: false, autoResize: true,
    interaction: { hover: true, hideEdgesOnDrag: true, keyboard: false, tooltipDelay: 1e9 },
    edges: { smooth: { enabled: true, type: "curvedCW", roundness: 0.12 }, arrows: { to: { enabled: true, scaleFactor: 0.5 } } },
  });

  function draw() {
    const edges = data.edges.filter((e) => e.claims.some((i) => fits(data.claims[i])));
    const tied = new Set(edges.flatMap((e) => [e.from, e.to]));
    const filtered = state.relation || state.modality;
    const shown = data.nodes.filter((n) => !state.hidden.has(n.group) && (state.only ? state.only.has(n.id) : n.first) && (!filtered || tied.has(n.id)));
    const ids = new Set(shown.map((n) => n.id));
    const near = new Set();
    if (state.selected) for (const e of edges) { if (e.from === state.selected) near.add(e.to); if (e.to === state.selected) near.add(e.from); }
    drawnEdges.clear();
    drawnNodes.clear();
    drawnNodes.add(shown.map((n) => ({
      id: n.id, label: n.group === "Event" ? t(n.kind) : n.label, shape: n.shape, size: n.size, x: n.x, y: n.y,
      color: { background: colours[n.group], border: n.id === state.selected ? ink() : colours[n.group] }, borderWidth: n.id === state.selected ? 3 : 1,
      opacity: state.selected && n.id !== state.selected && !near.has(n.id) ? 0.35 : 1,
      font: { color: ink(), size: n.group === "Event" ? 11 : 14, face: "system-ui, sans-serif", strokeWidth: 3, strokeColor: style.getPropertyValue("--bg").trim() },
    })));
    const small = edges.length <= 40;
    drawnEdges.add(edges.filter((e) => ids.has(e.from) && ids.has(e.to)).map((e) => {
      const close = state.selected && (e.from === state.selected || e.to === state.selected);
      const claim = data.claims[e.claims[0]];
      return {
        id: e.id, from: e.from, to: e.to, dashes: e.dashes ? [6, 5] : false, width: close ? 2.2 : 1.2,
        color: { color: e.denied ? "#b3261e" : close ? ink() : "#8b93a0", opacity: state.selected && !close ? 0.2 : 0.9 },
        label: close || small ? t(claim.p) + (claim.m !== "Asserted" ? " (" + t(claim.m) + ")" : "") : undefined,
        font: { size: 10, color: ink(), strokeWidth: 3, strokeColor: style.getPropertyValue("--bg").trim(), align: "middle" },
      };
    }));
  }

  function marked(quote, names) {
    const p = make("blockquote");
    const low = quote.toLocaleLowerCase("fr");
    const hits = [];
    for (const name of names) {
      const at = name ? low.indexOf(name.toLocaleLowerCase("fr")) : -1;
      if (at >= 0 && !hits.some(([a, b]) => at < b && a < at + name.length)) hits.push([at, at + name.length]);
    }
    hits.sort((a, b) => a[0] - b[0]);
    let pos = 0;
    for (const [a, b] of hits) {
      p.append(quote.slice(pos, a), make("mark", quote.slice(a, b)));
      pos = b;
    }
    p.append(quote.slice(pos));
    return p;
  }
  const namesOf = (id, value) => { const n = nodes.get(id); return n ? [n.full, ...n.aliases] : [value]; };

  function link(id, text) {
    if (!id || !nodes.has(id)) return make("span", text);
    const a = make("a", nodes.get(id).group === "Event" ? t(nodes.get(id).kind) : text);
    a.href = "#" + encodeURIComponent(id);
    a.addEventListener("click", (event) => { event.preventDefault(); select(id, true); });
    return a;
  }

  function show(title, note, rows) {
    const panel = byId("panel");
    panel.replaceChildren(make("h2", title), make("div", note, "dim"));
    const groups = new Map();
    for (const i of rows) {
      const c = data.claims[i];
      if (!fits(c)) continue;
      if (!groups.has(c.p)) groups.set(c.p, []);
      groups.get(c.p).push(c);
    }
    for (const [property, list] of groups) {
      panel.append(make("h3", t(property)));
      for (const c of list) {
        const line = make("div");
        line.append(link(c.s, (nodes.get(c.s) || { full: "" }).full), " → ", link(c.o, c.v));
        const tags = make("div");
        if (c.m !== "Asserted") tags.append(make("span", t(c.m), "tag warn"));
        if (c.t !== "Current") tags.append(make("span", t(c.t), "tag warn"));
        if (c.by) tags.append(make("span", t("said") + " " + c.by, "tag"));
        tags.append(make("span", t("confidence") + " " + c.c.toLocaleString(data.language), "tag"), make("span", [c.d, c.a].filter(Boolean).join(" · ").slice(0, 60), "dim"));
        panel.append(line, tags, marked(c.q, [...namesOf(c.s, ""), ...namesOf(c.o, c.v)]));
      }
    }
  }

  function select(id, move) {
    const n = nodes.get(id);
    if (!n) return;
    state.selected = id;
    if (state.only === null && !n.first) state.only = new Set([...data.nodes.filter((x) => x.first).map((x) => x.id), id]);
    const rows = claimsOf.get(id) || [];
    show(n.group === "Event" ? t(n.kind) : n.full, t(n.kind) + (n.aliases.length ? " · " + n.aliases.join(", ") : ""), rows);
    draw();
    if (move) network.focus(id, { scale: Math.max(0.9, network.getScale()), animation: false });
    history.replaceState(null, "", "#" + encodeURIComponent(id));
  }

  function home() {
    state.selected = null;
    state.only = null;
    const panel = byId("panel");
    panel.replaceChildren(make("p", t("hint"), "dim"), make("h3", t("strongest")));
    const ranked = data.nodes.filter((n) => n.group !== "Event").map((n) => [n, (claimsOf.get(n.id) || []).length]).sort((a, b) => b[1] - a[1]).slice(0, 12);
    for (const [n, count] of ranked) {
      const line = make("div");
      line.append(link(n.id, n.full), " ", make("span", String(count), "dim"));
      panel.append(line);
    }
    draw();
    history.replaceState(null, "", location.pathname + location.search);
  }

  network.on("click", (event) => {
    if (event.nodes.length) select(event.nodes[0], false);
    else if (event.edges.length) {
      const e = data.edges.find((x) => x.id === event.edges[0]);
      if (e) show(nodes.get(e.from).full + " — " + nodes.get(e.to).full, "", e.claims);
    } else home();
  });
  network.on("doubleClick", (event) => {
    if (!event.nodes.length) return;
    const id = event.nodes[0];
    state.only = new Set([id]);
    for (const e of data.edges) { if (e.from === id) state.only.add(e.to); if (e.to === id) state.only.add(e.from); }
    select(id, false);
    network.fit();
  });
  byId("search").addEventListener("change", (event) => {
    const want = event.target.value.trim().toLocaleLowerCase("fr");
    if (!want) return;
    const all = data.nodes.filter((n) => n.group !== "Event");
    const hit = all.find((n) => [n.full, ...n.aliases].some((x) => x.toLocaleLowerCase("fr") === want)) || all.find((n) => n.full.toLocaleLowerCase("fr").includes(want));
    if (hit) { select(hit.id, true); return; }
    const rows = data.claims.map((c, i) => [c, i]).filter(([c]) => c.q.toLocaleLowerCase("fr").includes(want)).map(([, i]) => i);
    show("« " + event.target.value + " »", String(rows.length), rows);
  });
  for (const name of ["relation", "modality"]) byId(name).addEventListener("change", (event) => { state[name] = event.target.value; draw(); });
  byId("all").addEventListener("click", () => { state.relation = state.modality = byId("relation").value = byId("modality").value = ""; home(); network.fit(); });
  byId("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    draw();
  });
  function save(name, blob) {
    const a = make("a");
    a.href = URL.createObjectURL(blob);
    a.download = name;
    a.click();
    setTimeout(() => URL.revokeObjectURL(a.href), 1000);
  }
  byId("png").addEventListener("click", () => document.querySelector("#canvas canvas").toBlob((blob) => save("maille.png", blob)));
  byId("csv").addEventListener("click", () => {
    const cell = (x) => { const s = String(x); const safe = /^[=+\-@\t\r]/.test(s) ? "'" + s : s; return "\"" + safe.replace(/"/g, "\"\"") + "\""; };
    const rows = data.claims.filter(fits).map((c) => [(nodes.get(c.s) || { full: "" }).full, c.p, c.v, c.m, c.t, c.by, c.c, c.q, c.a, c.d].map(cell).join(","));
    save("maille.csv", new Blob(["\ufeffsubject,property,object,modality,period,source,confidence,sentence,article,date\n" + rows.join("\n") + "\n"], { type: "text/csv" }));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { home(); return; }
    if (document.activeElement !== byId("canvas")) return;
    const shown = data.nodes.filter((n) => drawnNodes.get(n.id));
    if (!shown.length) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      const at = shown.findIndex((n) => n.id === state.selected);
      select(shown[(at + step + shown.length) % shown.length].id, true);
      event.preventDefault();
    } else if (event.key === "Enter" && state.selected) byId("panel").focus();
  });
  home();
  network.fit();
  const asked = decodeURIComponent(location.hash.slice(1));
  if (nodes.has(asked)) select(asked, true);
  window.mailleReady = true;
})();
