"use strict";
// The drawing: vis-network for shapes and edges, a sheet above it for labels that never cover one another.
(() => {
  const { nodes, edges, claims, state } = maille;
  const box = document.getElementById("network");
  const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif';
  const DASHES = new Map([["Planned", [9, 5]], ["Possible", [2, 5]], ["Conditional", [9, 4, 2, 4]], ["Denied", [4, 4]]]);
  const FEW_TIES = 40; // up to so many ties each carries its name
  const MANY_TIES = 500; // beyond so many they are faint, and without arrows until something is selected
  const crowd = () => maille.links().length <= 150 ? 1 : Math.max(0.4, Math.sqrt(150 / maille.links().length));

  const vertices = new vis.DataSet();
  const ties = new vis.DataSet();
  const network = new vis.Network(box, { nodes: vertices, edges: ties }, {
    autoResize: true, physics: false, layout: { improvedLayout: false },
    interaction: { hover: true, hoverConnectedEdges: false, tooltipDelay: 1e9, multiselect: false, keyboard: false, selectConnectedEdges: false },
    nodes: { chosen: false, borderWidth: 1.5, font: { size: 0 }, shapeProperties: { interpolation: false } },
    edges: { chosen: false, selectionWidth: 0, hoverWidth: 0, arrows: { to: { enabled: true, scaleFactor: 0.45 } }, font: { size: 0 } },
  });
  const sheet = document.createElement("canvas");
  sheet.className = "labels";
  box.append(sheet);
  const pen = sheet.getContext("2d");

  const places = new Map(); // node -> {x, y}, in this view
  let placedFor = "";
  let hovered = null;
  let focus = -1; // where the keyboard stands

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  let palette = new Map();
  const readPalette = () => {
    palette = new Map(["Person", "Organization", "Place", "Product", "Event", "Other", "Asserted", "Planned", "Possible", "Conditional", "Denied",
      "paper", "ink", "muted", "accent"].map((name) => [name, colour(name)]));
  };

  // Places: those of the file for the overview; around somebody in rings; a path in a line; the rest where there is room.
  const viewName = () => JSON.stringify([state.view.kind, state.view.a, state.view.b, state.view.steps, state.view.kind !== "home" && state.events]);
  const free = (x, y, room) => { for (const p of places.values()) if (Math.hypot(p.x - x, (p.y - y) * 1.25) < room) return false; return true; };
  const putNear = (i, x, y, room = 62, start = 1) => {
    for (let turn = start; ; turn += 1) {
      const reach = turn === 0 ? 0 : room * 0.75 * Math.sqrt(turn);
      const angle = turn * 2.399963;
      const px = x + reach * Math.cos(angle) * 1.25;
      const py = y + reach * Math.sin(angle);
      if (turn > 4000 || free(px, py, room)) { places.set(i, { x: Math.round(px), y: Math.round(py) }); return; }
    }
  };
  const ring = (a, entities, steps) => {
    const depth = maille.within(a, steps);
    const children = new Map();
    const parent = new Map();
    const order = [...depth.keys()].filter((i) => entities.has(i));
    for (const i of order) {
      if (i === a) continue;
      const up = maille.neighbours(i).filter((j) => depth.get(j) === depth.get(i) - 1 && entities.has(j)).sort((x, y) => nodes[y].cited - nodes[x].cited || x - y)[0] ?? a;
      parent.set(i, up);
      if (!children.has(up)) children.set(up, []);
      children.get(up).push(i);
    }
    const size = new Map();
    for (const i of [...order].reverse()) size.set(i, Math.max(1, (children.get(i) || []).reduce((sum, j) => sum + size.get(j), 0)));
    const total = size.get(a) || 1;
    const rows = Math.min(4, Math.ceil(total / 26)); // staggered, where one row would be too dense
    const step = Math.max(170, (total * 46) / (2 * Math.PI * Math.max(1, steps) * Math.sqrt(rows)));
    const kindOf = (i) => { const edge = maille.edgesOf[i].map((e) => edges[e]).find((e) => e.s === a || e.t === a); return edge ? edge.property : ""; };
    places.set(a, { x: 0, y: 0 });
    const lay = (i, from, to) => {
      let angle = from;
      const inner = (children.get(i) || []).sort((x, y) => (kindOf(x) < kindOf(y) ? -1 : kindOf(x) > kindOf(y) ? 1 : x - y));
      inner.forEach((j, k) => {
        const share = ((to - from) * size.get(j)) / size.get(i);
        const middle = angle + share / 2;
        const many = inner.length > 14 ? ((k % rows) / rows) * 0.8 : 0;
        const reach = step * (depth.get(j) + many);
        places.set(j, { x: Math.round(reach * 1.35 * Math.cos(middle)), y: Math.round(reach * Math.sin(middle)) });
        lay(j, angle, angle + share);
        angle += share;
      });
    };
    lay(a, -Math.PI / 2, 1.5 * Math.PI);
  };
  const place = () => {
    const shown = maille.shown();
    const { kind, a, b, steps } = state.view;
    if (placedFor !== viewName()) {
      placedFor = viewName();
      places.clear();
      if (kind === "home" || kind === "theme") for (const node of nodes) if (node.x !== undefined) places.set(node.i, { x: node.x, y: node.y });
      if (kind === "around") ring(a, shown, steps);
      if (kind === "path") {
        const line = maille.path(a, b);
        (line.length ? line : [a, b]).forEach((i, k, all) => places.set(i, { x: Math.round((k - (all.length - 1) / 2) * 230), y: k % 2 ? 46 : -46 }));
      }
    }
    const missing = [...shown].filter((i) => !places.has(i));
    for (const i of [...missing.filter((j) => !nodes[j].event), ...missing.filter((j) => nodes[j].event)]) {
      const near = (nodes[i].event ? maille.participants[i] : maille.neighbours(i)).map((j) => places.get(j)).filter(Boolean);
      const x = near.reduce((sum, p) => sum + p.x, 0) / (near.length || 1);
      const y = near.reduce((sum, p) => sum + p.y, 0) / (near.length || 1);
      putNear(i, x, y, nodes[i].event ? 44 : 62, near.length > 1 ? 0 : 1);
    }
  };

  // What stands out: the selected node with its neighbours, the selected edge with its ends.
  const lit = () => {
    const { selected } = state;
    if (!selected) return null;
    const found = { nodes: new Set(), edges: new Set() };
    if (selected.kind === "edge") {
      found.edges.add(selected.i); found.nodes.add(edges[selected.i].s); found.nodes.add(edges[selected.i].t);
      return found;
    }
    found.nodes.add(selected.i);
    for (const edge of maille.links()) if (edge.s === selected.i || edge.t === selected.i) {
      found.edges.add(edge.i); found.nodes.add(edge.s); found.nodes.add(edge.t);
    }
    return found;
  };
  // Shapes never become specks: far away they are drawn larger than they are.
  let boost = 1;
  const boostAt = (scale) => Math.min(4, Math.max(1, 0.34 / scale));
  const vertex = (i, bright) => {
    const node = nodes[i];
    const on = !bright || bright.nodes.has(i);
    const own = palette.get(node.top);
    const chosen = (state.selected && state.selected.kind === "node" && state.selected.i === i) || i === focus;
    return {
      id: node.id, shape: node.shape, size: node.size * boost, ...places.get(i), opacity: on ? 1 : 0.22,
      borderWidth: chosen ? 4 : 1.5, color: { background: own, border: chosen ? palette.get("ink") : palette.get("paper"), hover: { background: own, border: palette.get("ink") } },
    };
  };
  const edgeShape = (lane, of) => {
    if (of === 1) return false;
    const step = lane - (of - 1) / 2;
    const bend = Math.min(0.9, Math.abs(step) * (of > 5 ? 0.14 : 0.32));
    return bend < 0.01 ? false : { enabled: true, type: step > 0 ? "curvedCW" : "curvedCCW", roundness: bend };
  };
  const tie = (edge, lane, of, bright) => {
    const on = !bright || bright.edges.has(edge.i);
    const said = new Set(edge.claims.filter((c) => maille.inView().has(c)).map((c) => claims[c].q)).size; // sentences
    const reversed = edge.s > edge.t; // lanes of a pair are counted from the same end
    const smooth = edgeShape(lane, of);
    if (smooth && reversed) smooth.type = smooth.type === "curvedCW" ? "curvedCCW" : "curvedCW";
    const strong = state.selected && state.selected.kind === "edge" && state.selected.i === edge.i;
    return {
      id: edge.id, from: edge.from, to: edge.to, smooth, dashes: DASHES.get(edge.modality) || false,
      width: (Math.min(4.5, 1.2 + Math.log2(said || 1) * 0.8) + (strong ? 1.6 : 0)) * boost,
      arrows: { to: { enabled: !SYMMETRIC.has(edge.property) && (maille.links().length <= MANY_TIES || (bright !== null && on)) } },
      color: { color: palette.get(edge.modality) || palette.get("Asserted"), inherit: false, opacity: !on ? 0.08 : (edge.period === "Former" ? 0.45 : 0.9) * (bright ? 1 : crowd()) },
    };
  };
  const SYMMETRIC = new Set(["mergesWith", "partnersWith", "competesWith", "spouse", "relative", "Merger", "Partnership", "Gathering"]);

  const drawn = new Map(); // edge -> lane
  const update = (set, items) => {
    const ids = new Set(items.map((item) => item.id));
    set.remove(set.getIds().filter((id) => !ids.has(id)));
    set.update(items);
  };
  const draw = (fit) => {
    place();
    const bright = lit();
    const lanes = new Map();
    for (const edge of maille.links()) {
      const key = edge.s < edge.t ? `${edge.s} ${edge.t}` : `${edge.t} ${edge.s}`;
      if (!lanes.has(key)) lanes.set(key, []);
      lanes.get(key).push(edge);
    }
    drawn.clear();
    const lines = [];
    for (const all of lanes.values()) all.forEach((edge, lane) => { drawn.set(edge.i, lane); lines.push(tie(edge, lane, all.length, bright)); });
    update(vertices, [...maille.shown()].sort((a, b) => a - b).map((i) => vertex(i, bright)));
    update(ties, lines);
    document.getElementById("empty").hidden = maille.shown().size > 0;
    if (fit) fitAll(false);
  };
  const sizeFor = (scale) => {
    const wanted = boostAt(scale);
    if (Math.abs(wanted / boost - 1) < 0.08) return;
    ties.update(ties.get().map((one) => ({ id: one.id, width: (one.width * wanted) / boost })));
    boost = wanted;
    vertices.update([...maille.shown()].map((i) => ({ id: nodes[i].id, size: nodes[i].size * boost })));
  };
  const fitAll = (animated) => {
    if (!maille.shown().size) return;
    const animation = animated && !matchMedia("(prefers-reduced-motion: reduce)").matches ? { duration: 350, easingFunction: "easeInOutQuad" } : false;
    const all = [...maille.shown()].map((i) => places.get(i));
    const [left, right] = [Math.min(...all.map((p) => p.x)) - 70, Math.max(...all.map((p) => p.x)) + 70];
    const [top, bottom] = [Math.min(...all.map((p) => p.y)) - 40, Math.max(...all.map((p) => p.y)) + 60];
    const legend = document.getElementById("legend");
    const aside = legend.open && box.clientWidth > 620 ? legend.offsetWidth + 20 : 0; // the drawing stands beside the legend
    const above = 30; // and under the caption
    const scale = Math.max(0.02, Math.min(1.5, (box.clientWidth - aside) / (right - left), (box.clientHeight - above) / (bottom - top)));
    sizeFor(scale);
    network.moveTo({ position: { x: (left + right) / 2 - aside / 2 / scale, y: (top + bottom) / 2 - above / 2 / scale }, scale, animation });
  };
  const show = (i) => {
    const p = places.get(i);
    const at = network.canvasToDOM(p);
    const margin = 60;
    const phone = matchMedia("(max-width: 819px)").matches; // a sheet covers the lower half there
    if (phone) document.getElementById("stage").scrollIntoView({ block: "start" });
    const bright = lit();
    const now = network.getScale();
    if (bright && now < 0.55) { // from far away: near enough to tell the neighbours apart
      const all = [...bright.nodes].filter((j) => places.has(j)).map((j) => places.get(j));
      const room = (size, key) => size / (2 * Math.max(...all.map((q) => Math.abs(q[key] - p[key]))) + 160);
      const scale = Math.max(now, Math.min(0.9, room(box.clientWidth, "x"), room(box.clientHeight, "y")));
      sizeFor(scale);
      network.moveTo({ position: p, scale, animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 400, easingFunction: "easeInOutQuad" } });
      return;
    }
    if (!phone && at.x > margin && at.y > margin && at.x < box.clientWidth - margin && at.y < box.clientHeight - margin) return;
    network.moveTo({ position: p, animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 300, easingFunction: "easeInOutQuad" } });
  };

  // Labels
  const amountOf = (edge) => { // what the folded event came with: "investit dans · 40 millions d'euros"
    const told = edge.claims.map((c) => claims[c]).find((c) => nodes[c.s].event && c.o === undefined && (c.p === "amount" || c.p === "count"));
    return told ? ` · ${maille.cut(maille.bare(told.value), 24)}` : "";
  };
  const tieLabel = (edge) => maille.bare(maille.term(edge.property)) + amountOf(edge)
    + (edge.modality === "Asserted" ? "" : ` (${maille.word(`${edge.modality}.long`)})`)
    + (edge.period === "Former" ? ` (${maille.word("Former.long")})` : "");
  const middle = (edge, t = 0.5) => { const drawnEdge = network.body.edges[edge.id]; return drawnEdge && drawnEdge.connected ? drawnEdge.edgeType.getPoint(t) : null; };

  // Labels with their places, most important first; `toScreen` maps places, `measure` gives a width in pixels.
  const chooseLabels = (toScreen, scale, measure, width, height, { grown = 1, obstacles = [] } = {}) => {
    const bright = lit();
    const taken = [...obstacles];
    const inside = (b) => b.x0 >= 0 && b.x1 <= width && b.y0 >= 0 && b.y1 <= height;
    const clear = (b) => taken.every((t) => b.x1 <= t.x0 || b.x0 >= t.x1 || b.y1 <= t.y0 || b.y0 >= t.y1);
    const rank = (i) => (state.selected && state.selected.kind === "node" && state.selected.i === i ? 0 : i === focus || i === hovered?.node ? 1 : bright && bright.nodes.has(i) ? 2 : 3);
    const order = [...maille.shown()].sort((a, b) => rank(a) - rank(b) || (nodes[a].event ? 1 : 0) - (nodes[b].event ? 1 : 0) || nodes[b].cited - nodes[a].cited || a - b);
    const found = [];
    const spots = order.map((i) => ({ i, at: toScreen(places.get(i)), r: nodes[i].size * scale * grown }));
    spots.forEach(({ i, at, r }, k) => {
      // The first dozen names may cover lesser shapes; the others go where no shape is.
      if (k === 14) for (const other of spots.slice(0, 250)) taken.push({ x0: other.at.x - other.r * 0.75, x1: other.at.x + other.r * 0.75, y0: other.at.y - other.r * 0.75, y1: other.at.y + other.r * 0.75 });
      if (at.x < -150 || at.y < -40 || at.x > width + 150 || at.y > height + 40) return;
      const dim = Boolean(bright) && !bright.nodes.has(i);
      if (dim && i !== hovered?.node) return;
      const strong = rank(i) < 2 || (!nodes[i].event && nodes[i].cited >= 8);
      const text = maille.canvasLabel(i);
      const size = nodes[i].event ? 11 : strong ? 13.5 : 12.5;
      const w = measure(text, size, strong) + 4;
      const h = size + 4;
      const boxes = [[at.x, at.y + r + 3 + h / 2], [at.x, at.y - r - 3 - h / 2], [at.x + r + 4 + w / 2, at.y], [at.x - r - 4 - w / 2, at.y]]
        .map(([x, y]) => ({ x, y, x0: x - w / 2, x1: x + w / 2, y0: y - h / 2, y1: y + h / 2 }));
      const put = boxes.find((b) => inside(b) && clear(b)) || boxes.find(clear) || (rank(i) < 2 ? boxes[0] : null);
      if (!put) return;
      taken.push(put);
      found.push({ text, size, strong, x: put.x, y: put.y, colour: nodes[i].event ? "muted" : "ink", node: i });
    });
    if (spots.length <= 14) for (const { at, r } of spots) taken.push({ x0: at.x - r, x1: at.x + r, y0: at.y - r, y1: at.y + r });
    const named = maille.links().filter((edge) => bright ? bright.edges.has(edge.i) : edge.i === hovered?.edge || maille.links().length <= FEW_TIES);
    if (hovered && hovered.edge !== undefined && !named.includes(edges[hovered.edge])) named.unshift(edges[hovered.edge]);
    for (const edge of named) {
      if (!drawn.has(edge.i)) continue;
      const sure = edge.i === hovered?.edge || (state.selected && state.selected.kind === "edge" && state.selected.i === edge.i);
      const text = tieLabel(edge);
      const w = measure(text, 11, false) + 2;
      const from = (drawn.get(edge.i) % 2 === 1) === edge.s > edge.t ? 0.56 : 0.44; // neighbours in lanes do not meet
      const tries = (sure ? [0.5] : [from, 1 - from, 0.5, 0.34, 0.66]).map((t) => middle(edge, t)).filter(Boolean).map(toScreen)
        .map(({ x, y }) => ({ x, y, x0: x - w / 2, x1: x + w / 2, y0: y - 6, y1: y + 6 }));
      const put = sure ? tries[0] : tries.find(clear);
      if (!put) continue;
      taken.push(put);
      found.push({ text, size: 11, strong: false, italic: true, x: put.x, y: put.y, colour: edge.modality === "Asserted" ? "muted" : edge.modality, edge: edge.i });
    }
    return found;
  };
  const fontOf = (size, strong, italic) => `${italic ? "italic " : ""}${strong ? "600 " : ""}${size}px ${FONT}`;
  const widths = new Map();
  const measure = (text, size, strong) => {
    const key = `${size}${strong}${text}`;
    if (!widths.has(key)) { pen.font = fontOf(size, strong); widths.set(key, pen.measureText(text).width); }
    return widths.get(key);
  };
  const covered = () => { // where the legend and the buttons stand
    const origin = box.getBoundingClientRect();
    return [".legend", ".zoom"].map((name) => document.querySelector(name).getBoundingClientRect()).filter((r) => r.width)
      .map((r) => ({ x0: r.left - origin.left - 4, x1: r.right - origin.left + 4, y0: r.top - origin.top - 4, y1: r.bottom - origin.top + 4 }));
  };
  const drawLabels = () => {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [box.clientWidth, box.clientHeight];
    if (sheet.width !== Math.round(width * ratio) || sheet.height !== Math.round(height * ratio)) {
      sheet.width = Math.round(width * ratio);
      sheet.height = Math.round(height * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.strokeStyle = palette.get("paper");
    for (const label of chooseLabels((p) => network.canvasToDOM(p), network.getScale(), measure, width, height, { grown: boost, obstacles: covered() })) {
      pen.font = fontOf(label.size, label.strong, label.italic);
      pen.lineWidth = 4;
      if (label.edge !== undefined) { // a plate: dashes would show between the letters
        const w = measure(label.text, label.size, false);
        pen.globalAlpha = 0.86;
        pen.fillStyle = palette.get("paper");
        pen.fillRect(label.x - w / 2 - 3, label.y - 7, w + 6, 14);
        pen.globalAlpha = 1;
      } else pen.strokeText(label.text, label.x, label.y);
      pen.fillStyle = palette.get(label.colour);
      pen.fillText(label.text, label.x, label.y);
    }
  };
  network.on("zoom", ({ scale }) => sizeFor(scale));

  // Regions: under the ties of a theme, a broad soft band.
  const BAND = 84;
  const bands = () => {
    if (state.view.kind !== "home" || maille.shown().size < 30) return [];
    const dark = getComputedStyle(document.documentElement).colorScheme.includes("dark");
    return maille.themes.map((theme, k) => {
      const inside = new Set(theme.filter((i) => maille.shown().has(i) && places.has(i)));
      const lines = maille.links().filter((edge) => inside.has(edge.s) && inside.has(edge.t)).map((edge) => [places.get(edge.s), places.get(edge.t)]);
      for (const i of inside) lines.push([places.get(i), { x: places.get(i).x + 0.1, y: places.get(i).y }]);
      return { lines, colour: `hsl(${((k % 12) * 137.5 + 200) % 360}, ${dark ? "45%, 62%" : "55%, 55%"})` };
    });
  };
  const drawThemes = (ctx) => {
    ctx.save();
    Object.assign(ctx, { lineCap: "round", lineJoin: "round", lineWidth: BAND, globalAlpha: lit() ? 0.09 : 0.17 });
    for (const { lines, colour } of bands()) {
      ctx.beginPath();
      for (const [a, b] of lines) { ctx.moveTo(a.x, a.y); ctx.lineTo(b.x, b.y); }
      ctx.strokeStyle = colour;
      ctx.stroke();
    }
    ctx.restore();
  };
  network.on("beforeDrawing", drawThemes);
  network.on("afterDrawing", drawLabels);
  network.on("hoverNode", ({ node }) => { hovered = { node: Number(node.slice(1)) }; box.style.cursor = "pointer"; drawLabels(); });
  network.on("hoverEdge", ({ edge }) => { hovered = { edge: Number(edge.slice(1)) }; box.style.cursor = "pointer"; drawLabels(); });
  for (const name of ["blurNode", "blurEdge"]) network.on(name, () => { hovered = null; box.style.cursor = ""; drawLabels(); });
  network.on("dragEnd", ({ nodes: moved }) => {
    for (const id of moved) { const p = network.getPositions([id])[id]; places.set(Number(id.slice(1)), { x: Math.round(p.x), y: Math.round(p.y) }); }
  });

  // The neighbour that lies most in a direction, or the nearest node where there is none.
  const towards = (i, dx, dy) => {
    const here = places.get(i);
    const tied = new Set(maille.links().filter((edge) => edge.s === i || edge.t === i).map((edge) => edge.s === i ? edge.t : edge.s));
    const best = (candidates) => {
      let [found, least] = [-1, Infinity];
      for (const j of candidates) {
        if (j === i) continue;
        const p = places.get(j);
        const along = (p.x - here.x) * dx + (p.y - here.y) * dy;
        const aside = Math.abs((p.x - here.x) * dy - (p.y - here.y) * dx);
        if (along <= 0 || aside > along * 1.6) continue;
        const cost = along + aside * 1.5;
        if (cost < least) [found, least] = [j, cost];
      }
      return found;
    };
    const near = best(tied);
    return near >= 0 ? near : best(maille.shown());
  };

  Object.assign(maille, {
    network, places, draw, fitAll, sizeFor, show, towards, tieLabel, middle, chooseLabels, readPalette, DASHES, SYMMETRIC, FONT, drawn, bands, BAND,
    palette: () => palette, focusOn: (i) => { focus = i; }, focused: () => focus, vertices, ties, redrawLabels: drawLabels,
  });
})();
