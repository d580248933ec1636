"use strict";
// The words beside the drawing: overview, entity, tie, legend, table. Text goes in by textContent alone.
(() => {
  const { nodes, edges, claims, sentences, articles, state, word, term, count } = maille;
  const el = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "class") made.className = value;
      else if (key === "onclick") made.addEventListener("click", value);
      else if (value === true) made.setAttribute(key, "");
      else if (value !== false && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  };
  const name = (text, limit = 160) => el("bdi", text.length > limit ? { title: text.slice(0, 2000) } : {}, maille.cut(text, limit));
  const button = (text, onclick, more = {}) => el("button", { type: "button", onclick, ...more }, text);

  // Small drawings of the shapes and lines that the network uses.
  const SVG = "http://www.w3.org/2000/svg";
  const svg = (tag, attributes, ...children) => {
    const made = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const SHAPES = new Map([
    ["Person", () => svg("circle", { cx: 7, cy: 7, r: 5.5 })], ["Organization", () => svg("rect", { x: 2, y: 2, width: 10, height: 10 })],
    ["Place", () => svg("path", { d: "M7 1.5 13 12H1z" })], ["Product", () => svg("path", { d: "M4 2h6l3 5-3 5H4L1 7z" })],
    ["Event", () => svg("path", { d: "M7 1.5 12.5 7 7 12.5 1.5 7z" })],
    ["Other", () => svg("path", { d: "M7 1l1.6 4.2 4.4.3-3.4 2.8 1.1 4.3L7 10.2l-3.7 2.4 1.1-4.3L1 5.5l4.4-.3z" })],
  ]);
  const icon = (top) => svg("svg", { viewBox: "0 0 14 14", class: `icon ${top}`, "aria-hidden": "true" }, (SHAPES.get(top) || SHAPES.get("Event"))());
  const line = (modality) => svg("svg", { viewBox: "0 0 34 10", class: `line ${modality}`, "aria-hidden": "true" },
    svg("path", { d: "M1 5h32", "stroke-dasharray": (maille.DASHES.get(modality) || []).join(" ") }));

  // Pieces
  const link = (i, limit) => button(name(maille.nameOf(i), limit), () => maille.select({ kind: "node", i }), { class: `name ${nodes[i].top}` });
  const party = (claim) => claim.o === undefined ? el("span", { class: "value" }, name(maille.date(claim.value), 240)) : link(claim.o);
  const badges = (claim) => [
    claim.modality === "Asserted" ? null : el("span", { class: `badge ${claim.modality}` }, word(`${claim.modality}.long`)),
    claim.period === "Former" ? el("span", { class: "badge Former" }, word("Former.long")) : null,
  ];
  const quote = (claim) => {
    const text = Array.from(sentences[claim.q]); // marks count characters, not UTF-16 units
    const made = el("blockquote", { dir: "auto" });
    let at = 0;
    for (const [start, end, role] of claim.marks) {
      if (start > at) made.append(text.slice(at, start).join(""));
      made.append(el("mark", { class: role === "s" ? "subject" : "object" }, text.slice(start, end).join("")));
      at = end;
    }
    made.append(text.slice(at).join(""));
    return made;
  };
  const source = (claim) => {
    const article = claim.article === undefined ? null : articles[claim.article];
    const parts = [];
    if (article) {
      const web = /^https?:\/\//i.test(article.url);
      const title = maille.cut(maille.bare(article.title), 110);
      parts.push(web ? el("a", { href: article.url, target: "_blank", rel: "noopener noreferrer" }, el("bdi", {}, title)) : el("cite", {}, el("bdi", {}, title)));
      if (article.publisher) parts.push(name(article.publisher, 60));
      parts.push(article.date ? el("time", { datetime: article.date }, maille.date(article.date)) : word("undated"));
    }
    if (claim.by) parts.push(el("span", { class: "by" }, name(word("according", { who: claim.by }), 120)));
    parts.push(el("span", { class: "sure", title: claim.rule ? `${word("rule")} : ${claim.rule}` : undefined }, `${word("confidence")} ${maille.percent(claim.sure)}`));
    const made = el("p", { class: "source" });
    parts.forEach((part, i) => made.append(...(i ? [" · ", part] : [part])));
    return made;
  };
  // Claims of one sentence share it: the quotation is shown once, under all they say.
  const card = (lead, said) => {
    const surest = [...said].sort((a, b) => nodes[a.s].event - nodes[b.s].event || b.marks.length - a.marks.length || b.sure - a.sure)[0];
    return el("li", { class: `claim ${surest.modality}` }, lead, sentences[surest.q] ? quote(surest) : null, source(surest));
  };
  const grow = (list, items, make, size = 40) => {
    let at = 0;
    const more = button("", () => next(), { class: "more" });
    const next = () => {
      list.append(...items.slice(at, at + size).map(make));
      at += size;
      more.textContent = word("more", { n: maille.number(items.length - at) });
      if (at >= items.length) more.remove();
    };
    next();
    return at < items.length ? [list, more] : [list];
  };
  const byModality = (a, b) => maille.data.modalities.indexOf(a.modality) - maille.data.modalities.indexOf(b.modality);
  const section = (title, ...children) => el("section", {}, el("h3", {}, title), ...children);

  // Overview
  const tieRow = (pair) => el("li", {}, button(el("span", { class: "pair" },
    el("b", {}, name(maille.nameOf(pair.s), 40)), " — ", el("b", {}, name(maille.nameOf(pair.t), 40)),
    el("small", {}, `${[...pair.names].slice(0, 3).map(term).join(", ")} · ${count("sentences", pair.sentences.size)}`)),
  () => maille.select({ kind: "edge", i: pair.edge }), { class: "row" }));
  const themeRow = (theme) => el("li", {}, button(el("span", { class: "theme" },
    el("i", { class: `swatch swatch-${maille.themes.indexOf(theme) % 12}`, "aria-hidden": "true" }),
    el("span", { class: "grow" }, ...theme.slice(0, 3).flatMap((i, k) => [k ? ", " : null, name(maille.nameOf(i), 34)])), el("small", {}, maille.number(theme.length))),
  () => maille.go({ kind: "theme", a: theme[0], b: -1, steps: 1 }), { class: "row", title: word("themeHint") }));
  const pathSteps = () => {
    const { a, b } = state.view;
    const line_ = maille.path(a, b);
    return line_.slice(1).map((to, k) => {
      const from = line_[k];
      const tie = edges.filter((e) => e.sort !== "role" && ((e.s === from && e.t === to) || (e.s === to && e.t === from)) && e.claims.some((c) => maille.live().has(c))).sort(byModality)[0];
      const said = tie.claims.map((c) => claims[c]).filter((c) => maille.live().has(c.i));
      const lead = el("p", { class: "says" }, link(tie.s, 60), " ", el("em", {}, term(tie.property)), " ", link(tie.t, 60), " ", ...badges(said[0]).filter(Boolean));
      return card(lead, said);
    });
  };
  const overview = () => {
    const made = el("div", {}, el("h2", { class: "reader-only" }, word("home")));
    if (state.view.kind === "path") made.append(section(word("pathTo", { a: maille.cut(maille.nameOf(state.view.a), 40) }) + ` ${maille.cut(maille.nameOf(state.view.b), 40)}`, el("ol", { class: "claims" }, ...pathSteps())));
    const themes = state.view.kind === "home" && maille.shown().size >= 30 ? maille.themes.filter((theme) => theme.some((i) => maille.shown().has(i))) : [];
    if (themes.length > 1) made.append(section(word("themes"), ...grow(el("ol", { class: "rows" }), themes, themeRow, 8)));
    const pairs = maille.pairs();
    if (pairs.length && state.view.kind !== "path") made.append(section(word("strongest"), el("ol", { class: "rows" }, ...pairs.slice(0, 6).map(tieRow))));
    const here = [...maille.inView()].map((c) => claims[c]);
    const doubtful = (wanted) => {
      const seen = new Set();
      return here.filter((c) => wanted.includes(c.modality) && c.o !== undefined && !nodes[c.s].event && !seen.has(c.q) && seen.add(c.q));
    };
    const told = (title, found) => {
      if (found.length) made.append(section(title, ...grow(el("ul", { class: "claims" }), found, (c) => card(says(c), [c]), 4)));
    };
    told(word("contested"), doubtful(["Denied"]));
    const cited = maille.mostCited([...maille.shown()].filter((i) => !nodes[i].event)).slice(0, 10);
    if (cited.length) made.append(section(word("cited"), el("ol", { class: "rows" }, ...cited.map((i) => el("li", {}, button(el("span", { class: "cited" },
      icon(nodes[i].top), name(maille.nameOf(i), 60), el("small", {}, count("claims", maille.claimsOf[i].length))), () => maille.select({ kind: "node", i }), { class: "row" }))))));
    told(word("notSure"), doubtful(["Planned", "Possible", "Conditional"]));
    return made;
  };
  const says = (c) => el("p", { class: "says" }, link(c.s, 60), " ", el("em", {}, term(c.p)), " ", party(c), " ", ...badges(c).filter(Boolean));

  // One entity or event
  const valued = (group) => Number(group.claims.every((c) => c.o === undefined));
  const groups = (i) => {
    const found = new Map();
    for (const c of maille.claimsOf[i].map((k) => claims[k]).filter((c) => maille.live().has(c.i) && !nodes[c.s].event)) {
      const incoming = c.s !== i && !maille.SYMMETRIC.has(c.p);
      const key = `${incoming ? 1 : 0} ${c.p}`;
      if (!found.has(key)) found.set(key, { incoming, property: c.p, claims: [] });
      found.get(key).claims.push(c);
    }
    return [...found.values()].sort((a, b) => valued(a) - valued(b) || a.incoming - b.incoming || b.claims.length - a.claims.length || (a.property < b.property ? -1 : 1));
  };
  const eventCard = (e) => {
    const said = maille.rolesOf[e].map((k) => claims[k]).filter((c) => maille.live().has(c.i)).sort(byModality);
    const roles = el("dl", { class: "roles" });
    for (const c of said) roles.append(el("dt", {}, term(c.p)), el("dd", {}, party(c)));
    return card(el("div", {}, el("p", { class: "says" }, link(e, 80), " ", ...badges(said[0]).filter(Boolean)), roles), said);
  };
  const entity = (i) => {
    const node = nodes[i];
    const made = el("div", {});
    const aliases = node.aliases.slice(0, 12).map((alias) => maille.cut(alias, 60));
    made.append(el("header", { class: "who" },
      button("✕", () => maille.select(null), { class: "close", "aria-label": word("close"), title: word("close") }),
      el("p", { class: "kind" }, icon(node.top), term(node.kind)),
      el("h2", { id: "panel-title" }, name(maille.nameOf(i), 220)),
      aliases.length && !node.event ? el("p", { class: "aliases" }, word("aliases", { names: aliases.join(", ") })) : null,
      node.event ? null : el("div", { class: "actions" }, ...actions(i))));
    if (node.event) {
      made.append(el("ul", { class: "claims" }, eventCard(i)));
      return made;
    }
    const events = [...new Set(maille.claimsOf[i].map((k) => claims[k]).filter((c) => nodes[c.s].event && maille.live().has(c.i)).map((c) => c.s))];
    for (const group of groups(i)) {
      const bySaid = new Map(); // one card for each other party, one sentence each
      for (const c of group.claims.sort(byModality)) {
        const key = `${c.o === undefined ? `=${c.value}` : group.incoming ? c.s : c.s === i ? c.o : c.s} ${c.q} ${c.modality} ${c.period}`;
        if (!bySaid.has(key)) bySaid.set(key, []);
        bySaid.get(key).push(c);
      }
      const heading = group.incoming ? el("span", {}, "… ", term(group.property), " ", el("bdi", {}, maille.cut(node.name, 30)))
        : el("span", {}, term(group.property), " …");
      made.append(section(heading, ...grow(el("ul", { class: "claims" }), [...bySaid.values()], (said) => {
        const c = said[0];
        const other = c.o === undefined ? party(c) : link(c.s === i ? c.o : c.s);
        return card(el("p", { class: "says" }, other, " ", ...badges(c).filter(Boolean)), said);
      })));
    }
    if (events.length) made.append(section(word("eventsIn"), ...grow(el("ul", { class: "claims" }), events, eventCard, 20)));
    if (!made.querySelector(".claims")) made.append(el("p", { class: "note" }, maille.claimsOf[i].length ? word("empty") : word("noClaims")));
    return made;
  };
  const actions = (i) => {
    const { view } = state;
    const here = view.kind === "around" && view.a === i;
    const made = [];
    if (!here) made.push(button(word("isolate"), () => maille.go({ kind: "around", a: i, b: -1, steps: 1 }), { title: word("isolateHint"), id: "isolate" }));
    if (here && view.steps < 6) made.push(button(word("wider"), () => maille.go({ ...view, steps: view.steps + 1 }), { id: "wider" }));
    if (here && view.steps > 1) made.push(button(word("narrower"), () => maille.go({ ...view, steps: view.steps - 1 }), { id: "narrower" }));
    if (maille.neighbours(i).some((j) => !maille.shown().has(j))) made.push(button(word("expand"), () => maille.open(i), { title: word("expandHint"), id: "expand" }));
    made.push(button(word("path"), () => maille.askPath(i), { id: "path" }));
    return made;
  };

  // One tie
  const tie = (e) => {
    const edge = edges[e];
    const said = edge.claims.map((k) => claims[k]).filter((c) => maille.live().has(c.i));
    const plain = said.filter((c) => !nodes[c.s].event);
    const events = [...new Set(said.filter((c) => nodes[c.s].event).map((c) => c.s))];
    const made = el("div", {}, el("header", { class: "who" },
      button("✕", () => maille.select(null), { class: "close", "aria-label": word("close"), title: word("close") }),
      el("p", { class: "kind" }, line(edge.modality), term(edge.modality)),
      el("h2", { class: "tie", id: "panel-title" }, link(edge.s, 80), el("em", {}, ` ${maille.tieLabel(edge)} `), link(edge.t, 80))));
    if (plain.length) made.append(...grow(el("ul", { class: "claims" }), plain, (c) => card(null, [c])));
    if (events.length) made.append(section(word("eventsIn"), el("ul", { class: "claims" }, ...events.map(eventCard))));
    const others = edges.filter((o) => o.i !== e && o.sort !== "role" && ((o.s === edge.s && o.t === edge.t) || (o.s === edge.t && o.t === edge.s)) && o.claims.some((c) => maille.live().has(c)));
    if (others.length) made.append(section(`${maille.cut(maille.nameOf(edge.s), 40)} — ${maille.cut(maille.nameOf(edge.t), 40)}`, el("ul", { class: "rows" }, ...others.map((o) =>
      el("li", {}, button(el("span", { class: "pair" }, line(o.modality), ` ${maille.tieLabel(o)}`), () => maille.select({ kind: "edge", i: o.i }), { class: "row" }))))));
    return made;
  };

  const panel = document.getElementById("panel");
  const drawPanel = () => {
    const { selected } = state;
    panel.replaceChildren(!selected ? overview() : selected.kind === "node" ? entity(selected.i) : tie(selected.i));
    panel.classList.toggle("open", Boolean(selected));
    if (selected) panel.setAttribute("aria-labelledby", "panel-title");
    else panel.removeAttribute("aria-labelledby");
    panel.scrollTop = 0;
  };

  // Legend and filters
  const tally = (items, key) => { const found = new Map(); for (const item of items) found.set(key(item), (found.get(key(item)) || 0) + 1); return found; };
  const box = (id, checked, children, onchange) => {
    const input = el("input", { type: "checkbox", id });
    input.checked = checked;
    input.addEventListener("change", () => onchange(input.checked));
    return el("li", {}, el("label", {}, input, ...children));
  };
  const toggle = (set, name_, on) => { if (on) set.delete(name_); else set.add(name_); maille.changed(); };
  const kindCounts = tally(nodes.filter((node) => node.event || node.cited), (node) => node.kind);
  const relationCounts = tally(claims, maille.relationKey);
  const modalityCounts = tally(claims, (claim) => claim.modality);
  const dated = articles.some((article) => article.date);
  const legend = () => {
    const { off } = state;
    const tops = ["Person", "Organization", "Place", "Product", "Event", "Other"].map((top) => ({ top, kinds: [...kindCounts.keys()].filter((kind) => nodes.find((node) => node.kind === kind).top === top).sort((a, b) => kindCounts.get(b) - kindCounts.get(a) || (a < b ? -1 : 1)) })).filter((row) => row.kinds.length);
    const types = el("ul", { class: "boxes" });
    for (const { top, kinds } of tops) {
      const all = kinds.reduce((sum, kind) => sum + kindCounts.get(kind), 0);
      const item = box(`type-${top}`, kinds.some((kind) => !off.kinds.has(kind)), [icon(top), term(top), el("small", {}, maille.number(all))], (on) => {
        for (const kind of kinds) if (on) off.kinds.delete(kind); else off.kinds.add(kind);
        maille.changed();
      });
      const input = item.querySelector("input");
      input.indeterminate = input.checked && kinds.some((kind) => off.kinds.has(kind));
      if (kinds.length > 1 || kinds[0] !== top) item.append(el("details", { id: `kinds-${top}` }, el("summary", { "aria-label": term(top) }, "…"), el("ul", { class: "boxes" }, ...kinds.map((kind) =>
        box(`kind-${kind}`, !off.kinds.has(kind), [term(kind), el("small", {}, maille.number(kindCounts.get(kind)))], (on) => toggle(off.kinds, kind, on))))));
      types.append(item);
    }
    const sure = el("ul", { class: "boxes" }, ...maille.data.modalities.filter((m) => modalityCounts.has(m)).map((m) =>
      box(`modality-${m}`, !off.modalities.has(m), [line(m), term(m), el("small", {}, maille.number(modalityCounts.get(m)))], (on) => toggle(off.modalities, m, on))));
    const relations = [...relationCounts.keys()].sort((a, b) => relationCounts.get(b) - relationCounts.get(a) || (a < b ? -1 : 1));
    const everything = (on) => { off.relations = new Set(on ? [] : relations); maille.changed(); };
    const made = [el("h2", { class: "reader-only" }, word("legend")), el("h3", {}, word("types")), types];
    if (tops.some(({ top }) => top === "Event")) made.push(el("ul", { class: "boxes" }, box("events", state.events, [word("showEvents")], (on) => { state.events = on; maille.changed(); })));
    made.push(el("h3", {}, word("certainty")), sure);
    made.push(el("details", { id: "relations" }, el("summary", {}, word("relations"), off.relations.size ? ` (${relations.length - off.relations.size}/${relations.length})` : ""),
      el("p", { class: "pick" }, button(word("all"), () => everything(true)), button(word("none"), () => everything(false))),
      el("ul", { class: "boxes" }, ...relations.map((r) => box(`relation-${r}`, !off.relations.has(r), [el("span", { class: "grow" }, term(r)), el("small", {}, maille.number(relationCounts.get(r)))], (on) => toggle(off.relations, r, on))))));
    if (dated) {
      const day = (id, key) => { const input = el("input", { type: "date", id, value: state[key] || undefined }); input.addEventListener("change", () => { state[key] = input.value; maille.changed(); }); return el("label", {}, word(key), input); };
      made.push(el("h3", {}, word("articleDate")), el("p", { class: "dates" }, day("from", "from"), day("to", "to")));
    }
    const range = el("input", { type: "range", id: "sure", min: 0, max: 1, step: 0.05, value: state.sure });
    const told = el("output", {}, maille.percent(state.sure));
    range.addEventListener("input", () => { told.textContent = maille.percent(Number(range.value)); });
    range.addEventListener("change", () => { state.sure = Number(range.value); maille.changed(); });
    made.push(el("label", { class: "range" }, word("atLeast"), " ", told, range));
    if (maille.filtering()) made.push(button(word("reset"), () => { maille.resetFilters(); maille.changed(); }, { id: "reset" }));
    const body = document.getElementById("legend-body");
    const open = [...body.querySelectorAll("details[open]")].map((one) => one.id); // stay open, and keep the focus
    const focused = body.contains(document.activeElement) ? document.activeElement.id : "";
    body.replaceChildren(...made);
    for (const id of open) { const one = document.getElementById(id); if (one) one.open = true; }
    if (focused) document.getElementById(focused)?.focus();
  };

  // Table
  const COLUMNS = ["subject", "relation", "object", "modality", "sentence", "article", "date", "who", "confidence"];
  const row = (c) => {
    const article = c.article === undefined ? { title: "", date: "" } : articles[c.article];
    const cells = [link(c.s, 60), term(c.p), c.o === undefined ? name(maille.date(c.value), 120) : link(c.o, 60),
      el("span", {}, c.modality === "Asserted" ? term(c.modality) : badges(c)[0], c.period === "Former" ? " " : null, badges(c)[1]), quote(c),
      article.title ? name(article.title, 90) : "", maille.date(article.date), c.by ? name(c.by, 80) : "", maille.percent(c.sure)];
    return el("tr", {}, ...cells.map((cell, k) => el("td", { "data-label": word(COLUMNS[k]), class: COLUMNS[k] }, cell)));
  };
  const table = document.getElementById("table");
  const drawTable = (size = 150) => {
    if (!state.table && size === 150) { table.replaceChildren(); return; }
    const body = el("tbody", {});
    const shown = [...maille.inView()].sort((a, b) => a - b).map((c) => claims[c]);
    const parts = grow(body, shown, row, size);
    table.replaceChildren(el("table", { class: "claims" }, el("caption", {}, `${word("tableCaption")} (${count("claims", shown.length)})`),
      el("thead", {}, el("tr", {}, ...COLUMNS.map((column) => el("th", { scope: "col" }, word(column))))), body), ...parts.slice(1));
  };

  Object.assign(maille, { el, svg, link, name, icon, line, drawPanel, legend, drawTable, COLUMNS });
})();
