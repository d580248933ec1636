"use strict";
// The data of the page, the reader's choices, and what follows from both. No drawing here.
const maille = {};
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const data = read("maille-data");
  const labels = new Map(Object.entries(read("maille-labels")).map(([language, found]) => [language, {
    terms: new Map(Object.entries(found.terms)), words: new Map(Object.entries(found.words)),
  }]));
  const { nodes, edges, claims, sentences, articles, themes } = data;
  nodes.forEach((node, i) => { node.i = i; });
  edges.forEach((edge, i) => { edge.i = i; edge.s = Number(edge.from.slice(1)); edge.t = Number(edge.to.slice(1)); });
  claims.forEach((claim, i) => { claim.i = i; claim.period = claim.period || "Current"; });

  // The reader's choices. `view.kind` is home, theme, around or path; `plus` holds nodes added to it one by one.
  const state = {
    language: document.documentElement.lang, theme: "", table: false, events: false,
    view: { kind: "home", a: -1, b: -1, steps: 1 }, plus: [], selected: null,
    off: { kinds: new Set(), relations: new Set(), modalities: new Set() }, from: "", to: "", sure: 0,
  };
  const QUIET = "Statement"; // nearly every sentence of an article is one: drawn on demand only
  const quietAtFirst = () => new Set(nodes.some((node) => node.kind === QUIET) ? [QUIET] : []);
  const resetFilters = () => {
    state.off = { kinds: quietAtFirst(), relations: new Set(), modalities: new Set() };
    Object.assign(state, { from: "", to: "", sure: 0 });
  };
  resetFilters();

  // Words
  const word = (key, values = {}) => {
    const text = labels.get(state.language).words.get(key) ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => Object.hasOwn(values, name) ? String(values[name]) : whole);
  };
  const term = (name) => labels.get(state.language).terms.get(name) ?? name;
  const number = (n) => new Intl.NumberFormat(state.language).format(n);
  const count = (key, n) => word(`${key}.${n === 1 || (n === 0 && state.language === "fr") ? "one" : "many"}`, { n: number(n) });
  const date = (iso) => {
    const found = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(iso);
    if (!found || !found[2]) return iso;
    const options = { year: "numeric", month: "short", timeZone: "UTC" };
    if (found[3]) options.day = "numeric";
    const day = new Date(`${found[1]}-${found[2]}-${found[3] || "01"}T00:00:00Z`);
    return Number.isNaN(day.getTime()) ? iso : new Intl.DateTimeFormat(state.language, options).format(day);
  };
  const percent = (share) => new Intl.NumberFormat(state.language, { style: "percent" }).format(share);
  const BIDI = /[\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;
  const bare = (text) => text.replace(BIDI, "").replace(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]+/g, " ");
  const fold = (text) => bare(text.slice(0, 4000)).normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[’‘]/g, "'");

  // Indexes
  const claimsOf = nodes.map(() => []); // as subject or object, or as speaker by way of its own claims
  const rolesOf = nodes.map(() => []); // event -> its claims
  const edgesOf = nodes.map(() => []);
  const byKey = new Map(nodes.map((node) => [node.key, node.i]));
  for (const claim of claims) {
    claimsOf[claim.s].push(claim.i);
    if (claim.o !== undefined && claim.o !== claim.s) claimsOf[claim.o].push(claim.i);
    if (nodes[claim.s].event) rolesOf[claim.s].push(claim.i);
  }
  for (const edge of edges) { edgesOf[edge.s].push(edge.i); if (edge.t !== edge.s) edgesOf[edge.t].push(edge.i); }
  const participants = nodes.map((node) => node.event
    ? [...new Set(rolesOf[node.i].map((i) => claims[i].o).filter((o) => o !== undefined))] : []);

  // What an event is called: its type and the amount, count or name it comes with.
  const eventLabel = (i) => {
    const telling = rolesOf[i].map((c) => claims[c]).filter((c) => c.o === undefined && c.p !== "date");
    const best = ["amount", "count", "name", "series", "position"].map((p) => telling.find((c) => c.p === p)).find(Boolean);
    return term(nodes[i].kind) + (best ? ` · ${best.value}` : "");
  };
  const nameOf = (i) => nodes[i].event ? eventLabel(i) : nodes[i].name.trim() ? nodes[i].name : "?";
  const cut = (text, length = 28) => { const all = Array.from(text); return all.length > length ? `${all.slice(0, length - 1).join("").trimEnd()}…` : text; };
  const canvasLabel = (i) => cut(bare(nodes[i].event ? eventLabel(i) : nodes[i].label), 28);
  const relationKey = (claim) => nodes[claim.s].event ? nodes[claim.s].kind : claim.p;
  const dateOf = (claim) => claim.article === undefined ? "" : articles[claim.article].date;

  // Filters
  const passes = (claim) => {
    const { kinds, relations, modalities } = state.off;
    if (modalities.has(claim.modality) || relations.has(relationKey(claim)) || claim.sure < state.sure) return false;
    if (!nodes[claim.s].event && kinds.has(nodes[claim.s].kind)) return false;
    if (claim.o !== undefined && kinds.has(nodes[claim.o].kind)) return false;
    if (!state.from && !state.to) return true;
    const day = dateOf(claim);
    return day !== "" && (!state.from || day >= state.from) && (!state.to || day <= state.to);
  };
  const filtering = () => {
    const first = quietAtFirst();
    const kinds = [...state.off.kinds].filter((kind) => !first.has(kind));
    return kinds.length + state.off.relations.size + state.off.modalities.size > 0 || state.from !== "" || state.to !== "" || state.sure > 0;
  };

  let live = new Set(); // claims that pass
  let shown = new Set(); // nodes to draw
  let inView = new Set(); // claims of what is drawn: table, counters, exports
  let links = []; // edges to draw
  let cutFrom = 0; // how many there were before the limit

  const entityOn = (i) => !nodes[i].event && !state.off.kinds.has(nodes[i].kind);
  const edgeLive = (edge) => edge.claims.some((c) => live.has(c));
  const neighbours = (i) => {
    const found = new Set();
    for (const e of edgesOf[i]) {
      const edge = edges[e];
      const other = edge.s === i ? edge.t : edge.s;
      if (edge.sort !== "role" && other !== i && entityOn(other) && edgeLive(edge)) found.add(other);
    }
    return [...found];
  };
  const mostCited = (ids) => [...ids].sort((a, b) => nodes[b].cited - nodes[a].cited || a - b);

  const within = (start, steps) => {
    const seen = new Map([[start, 0]]);
    let front = [start];
    for (let step = 1; step <= steps && front.length; step += 1) {
      const next = [];
      for (const i of front) for (const j of neighbours(i)) if (!seen.has(j)) { seen.set(j, step); next.push(j); }
      front = mostCited(next);
    }
    return seen;
  };
  const path = (a, b) => {
    const from = new Map([[a, -1]]);
    let front = [a];
    while (front.length && !from.has(b)) {
      const next = [];
      for (const i of front) for (const j of mostCited(neighbours(i))) if (!from.has(j)) { from.set(j, i); next.push(j); }
      front = next;
    }
    if (!from.has(b)) return [];
    const steps = [];
    for (let i = b; i !== -1; i = from.get(i)) steps.unshift(i);
    return steps;
  };

  // Themes: entities with many ties among them, known by the most cited one.
  const themeOf = (i) => themes.find((theme) => theme[0] === i) || [];
  const entitiesInView = () => {
    const { kind, a, b, steps } = state.view;
    let found = [];
    cutFrom = 0;
    if (kind === "around") {
      const near = [...within(a, steps).keys()];
      found = near.slice(0, data.limit);
      if (near.length > found.length) cutFrom = found.length;
    } else if (kind === "path") {
      found = path(a, b);
      if (!found.length) found = [a, b];
    } else if (kind === "theme") {
      found = themeOf(a).filter(entityOn);
    } else {
      found = data.first.filter(entityOn);
    }
    const all = new Set(found);
    for (const { i, open } of state.plus) {
      all.add(i);
      if (open) for (const j of mostCited(neighbours(i)).slice(0, data.limit)) all.add(j);
    }
    return all;
  };
  const eventInView = (i, entities) => {
    const node = nodes[i];
    if (state.off.kinds.has(node.kind) || state.off.relations.has(node.kind)) return false;
    const inside = participants[i].filter((p) => entities.has(p)).length;
    return inside >= Math.max(1, Math.min(2, participants[i].length)) && rolesOf[i].some((c) => live.has(c));
  };

  // Works out what is shown; to be called after every change of the choices.
  const refresh = () => {
    live = new Set(claims.filter(passes).map((claim) => claim.i));
    const entities = entitiesInView();
    if (state.selected && state.selected.kind === "node" && !nodes[state.selected.i].event) entities.add(state.selected.i);
    const events = nodes.filter((node) => node.event && eventInView(node.i, entities)).map((node) => node.i);
    const members = new Set([...entities, ...events]);
    inView = new Set([...live].filter((c) => members.has(claims[c].s) && (claims[c].o === undefined || members.has(claims[c].o))));
    shown = state.events ? members : entities;
    links = edges.filter((edge) => shown.has(edge.s) && shown.has(edge.t) && (edge.sort !== (state.events ? "event" : "role"))
      && edge.claims.some((c) => inView.has(c)) && !(edge.sort === "event" && state.off.kinds.has(edge.property)));
  };

  // Overviews
  const pairs = () => {
    const found = new Map();
    for (const edge of edges) {
      if (edge.sort === "role" || !shown.has(edge.s) || !shown.has(edge.t) || edge.s === edge.t) continue;
      const key = edge.s < edge.t ? `${edge.s} ${edge.t}` : `${edge.t} ${edge.s}`;
      const said = edge.claims.filter((c) => live.has(c));
      if (!said.length) continue;
      if (!found.has(key)) found.set(key, { edge: edge.i, s: edge.s, t: edge.t, names: new Set(), sentences: new Set() });
      const pair = found.get(key);
      pair.names.add(edge.property);
      for (const c of said) pair.sentences.add(claims[c].q);
    }
    return [...found.values()].sort((a, b) => b.sentences.size - a.sentences.size || b.names.size - a.names.size
      || nodes[b.s].cited + nodes[b.t].cited - nodes[a.s].cited - nodes[a.t].cited || a.edge - b.edge);
  };

  // Search: every word must stand in the name (or the sentence); the best known first.
  const folded = { names: null, sentences: null };
  const search = (text) => {
    folded.names ??= nodes.map((node) => node.event ? "" : fold([node.name, ...node.aliases].join(" \n ")));
    folded.sentences ??= sentences.map(fold);
    const wanted = fold(text).split(/\s+/).filter(Boolean);
    if (!wanted.length) return { names: [], claims: [] };
    const fits = (whole) => wanted.every((part) => whole.includes(part));
    const starts = (i) => { // 0 where the name begins with the word, 1 where a word of it does, else 2
      const at = folded.names[i].indexOf(wanted[0]);
      return at <= 0 ? at === 0 ? 0 : 2 : /[\p{L}\p{N}]/u.test(folded.names[i][at - 1]) ? 2 : 1;
    };
    const names = nodes.filter((node) => !node.event && fits(folded.names[node.i])).map((node) => node.i)
      .sort((a, b) => starts(a) - starts(b) || nodes[b].cited - nodes[a].cited || a - b);
    const seen = new Set();
    const found = [];
    for (const claim of claims) {
      if (found.length >= 12) break;
      if (!seen.has(claim.q) && sentences[claim.q] && fits(folded.sentences[claim.q])) { seen.add(claim.q); found.push(claim.i); }
    }
    return { names, claims: found };
  };

  // The choices as a #hash, and back.
  const toHash = () => {
    const parts = new URLSearchParams();
    const { kind, a, b, steps } = state.view;
    if (kind === "around") { parts.set("around", nodes[a].key); if (steps !== 1) parts.set("steps", steps); }
    if (kind === "theme") parts.set("theme-of", nodes[a].key);
    if (kind === "path") { parts.set("path", nodes[a].key); parts.set("to", nodes[b].key); }
    for (const { i, open } of state.plus) parts.append(open ? "open" : "add", nodes[i].key);
    if (state.selected) {
      const { kind: what, i } = state.selected;
      if (what === "node") parts.set("select", nodes[i].key);
      else parts.set("tie", [nodes[edges[i].s].key, edges[i].property, nodes[edges[i].t].key, edges[i].modality, edges[i].period].join("|"));
    }
    const first = quietAtFirst();
    for (const name of [...state.off.kinds].filter((name) => !first.has(name)).sort()) parts.append("hide", name);
    for (const name of [...first].filter((name) => !state.off.kinds.has(name))) parts.append("draw", name);
    for (const name of [...state.off.relations].sort()) parts.append("without", name);
    for (const name of [...state.off.modalities].sort()) parts.append("not", name);
    if (state.from) parts.set("from", state.from);
    if (state.to) parts.set("until", state.to);
    if (state.sure) parts.set("sure", state.sure);
    if (state.events) parts.set("events", "1");
    if (state.table) parts.set("table", "1");
    if (state.language !== document.documentElement.dataset.first) parts.set("lang", state.language);
    if (state.theme) parts.set("theme", state.theme);
    return parts.toString();
  };
  const fromHash = (hash) => {
    const parts = new URLSearchParams(hash.replace(/^#/, ""));
    const node = (name) => byKey.get(parts.get(name)) ?? -1;
    const day = (name) => /^\d{4}-\d\d-\d\d$/.test(parts.get(name) || "") ? parts.get(name) : "";
    resetFilters();
    state.view = { kind: "home", a: -1, b: -1, steps: 1 };
    if (node("around") >= 0) state.view = { kind: "around", a: node("around"), b: -1, steps: Math.min(6, Math.max(1, Number.parseInt(parts.get("steps") || "1", 10) || 1)) };
    if (themeOf(node("theme-of")).length) state.view = { kind: "theme", a: node("theme-of"), b: -1, steps: 1 };
    if (node("path") >= 0 && node("to") >= 0) state.view = { kind: "path", a: node("path"), b: node("to"), steps: 1 };
    const keys = (name, open) => parts.getAll(name).map((key) => byKey.get(key)).filter((i) => i !== undefined).map((i) => ({ i, open }));
    state.plus = [...keys("add", false), ...keys("open", true)];
    state.selected = node("select") >= 0 ? { kind: "node", i: node("select") } : null;
    if (parts.has("tie")) {
      const found = edges.find((edge) => [nodes[edge.s].key, edge.property, nodes[edge.t].key, edge.modality, edge.period].join("|") === parts.get("tie"));
      if (found) state.selected = { kind: "edge", i: found.i };
    }
    for (const name of parts.getAll("hide")) state.off.kinds.add(name);
    for (const name of parts.getAll("draw")) state.off.kinds.delete(name);
    for (const name of parts.getAll("without")) state.off.relations.add(name);
    for (const name of parts.getAll("not")) state.off.modalities.add(name);
    Object.assign(state, { from: day("from"), to: day("until"), table: parts.get("table") === "1" });
    state.sure = Math.min(1, Math.max(0, Number(parts.get("sure")) || 0));
    state.events = parts.get("events") === "1";
    state.language = labels.has(parts.get("lang")) ? parts.get("lang") : document.documentElement.dataset.first;
    state.theme = ["light", "dark"].includes(parts.get("theme")) ? parts.get("theme") : "";
  };

  Object.assign(maille, {
    data, nodes, edges, claims, sentences, articles, themes, themeOf, state, claimsOf, rolesOf, edgesOf, participants,
    word, term, number, count, date, percent, bare, fold, cut, nameOf, canvasLabel, eventLabel, relationKey, dateOf,
    passes, filtering, resetFilters, refresh, neighbours, within, path, mostCited, pairs, search, toHash, fromHash, entityOn,
    shown: () => shown, links: () => links, inView: () => inView, live: () => live, cutFrom: () => cutFrom,
  });
})();
