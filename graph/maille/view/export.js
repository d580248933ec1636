"use strict";
// What is shown, as a file: SVG (and PNG from it), CSV. Nothing is sent anywhere.
(() => {
  const { nodes, claims, articles, sentences, state, svg, word, term } = maille;
  const xml = (text) => maille.bare(text).replace(/[\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD");

  const shape = (kind, r, { x, y }, fill) => {
    const points = (list) => svg("polygon", { points: list.map(([dx, dy]) => `${(x + dx * r).toFixed(1)},${(y + dy * r).toFixed(1)}`).join(" "), fill });
    if (kind === "square") return points([[-1, -1], [1, -1], [1, 1], [-1, 1]]);
    if (kind === "diamond") return points([[0, -1], [1, 0], [0, 1], [-1, 0]]);
    if (kind === "triangle") return points([[0, -1.1], [1.1, 0.8], [-1.1, 0.8]]);
    if (kind === "star") return points([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => { const reach = k % 2 ? 0.5 : 1.25; return [reach * Math.sin((k * Math.PI) / 5), -reach * Math.cos((k * Math.PI) / 5)]; }));
    if (kind === "hexagon") return points([0, 1, 2, 3, 4, 5].map((k) => [Math.cos((k * Math.PI) / 3), Math.sin((k * Math.PI) / 3)]));
    return svg("circle", { cx: x, cy: y, r, fill });
  };
  const drawing = ({ headed = true } = {}) => {
    const palette = maille.palette();
    const shown = [...maille.shown()].sort((a, b) => a - b);
    const at = new Map(shown.map((i) => [i, maille.places.get(i)]));
    const all = [...at.values()];
    const title = document.querySelector("h1").textContent;
    const caption = document.getElementById("caption").textContent;
    const bounds = { left: Math.min(...all.map((p) => p.x)) - 110, right: Math.max(...all.map((p) => p.x)) + 110, top: Math.min(...all.map((p) => p.y)) - 60, bottom: Math.max(...all.map((p) => p.y)) + 60 };
    if (!all.length) Object.assign(bounds, { left: 0, right: 600, top: 0, bottom: 100 });
    const missing = Math.max(0, 560 - (bounds.right - bounds.left)) / 2; // room for the legend
    const [left, width] = [bounds.left - missing, bounds.right - bounds.left + 2 * missing];
    const above = headed ? 70 : 0;
    const [top, height] = [bounds.top - above, bounds.bottom - bounds.top + above + 64];
    const root = svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `${left} ${top} ${width} ${height}`, width, height, "font-family": maille.FONT });
    const write = (text, x, y, size, fill, more = {}) => { const t = svg("text", { x: x.toFixed(1), y: y.toFixed(1), "font-size": size, fill, ...more }); t.textContent = xml(text); root.append(t); };
    root.append(svg("rect", { x: left, y: top, width, height, fill: palette.get("paper") }));
    if (headed) write(maille.cut(title, 90), left + 24, top + 34, 20, palette.get("ink"), { "font-weight": 600 });
    if (headed) write(maille.cut(caption, 140), left + 24, top + 55, 12, palette.get("muted"));
    for (const { lines, colour } of maille.bands()) root.append(svg("path", { d: lines.map(([a, b]) => `M${a.x} ${a.y}L${b.x} ${b.y}`).join(""),
      fill: "none", stroke: colour, "stroke-width": maille.BAND, "stroke-opacity": 0.17, "stroke-linecap": "round", "stroke-linejoin": "round" }));
    for (const edge of maille.links()) {
      const mid = maille.middle(edge);
      const [a, b] = [at.get(edge.s), at.get(edge.t)];
      if (!mid || !a || !b || edge.s === edge.t) continue;
      const via = { x: 2 * mid.x - (a.x + b.x) / 2, y: 2 * mid.y - (a.y + b.y) / 2 };
      const point = (t) => ({ x: (1 - t) ** 2 * a.x + 2 * t * (1 - t) * via.x + t * t * b.x, y: (1 - t) ** 2 * a.y + 2 * t * (1 - t) * via.y + t * t * b.y });
      const stroke = palette.get(edge.modality) || palette.get("Asserted");
      root.append(svg("path", { d: `M${a.x} ${a.y}Q${via.x.toFixed(1)} ${via.y.toFixed(1)} ${b.x} ${b.y}`, fill: "none", stroke, "stroke-width": 1.3,
        "stroke-opacity": edge.period === "Former" ? 0.45 : 0.9, "stroke-dasharray": (maille.DASHES.get(edge.modality) || []).join(" ") || "none" }));
      if (maille.SYMMETRIC.has(edge.property)) continue;
      let t = 1;
      while (t > 0.5 && Math.hypot(point(t).x - b.x, point(t).y - b.y) < nodes[edge.t].size + 1) t -= 0.01;
      const [tip, tail] = [point(t), point(t - 0.03)];
      const angle = Math.atan2(tip.y - tail.y, tip.x - tail.x);
      const corner = (turn) => `${(tip.x - 8 * Math.cos(angle + turn)).toFixed(1)},${(tip.y - 8 * Math.sin(angle + turn)).toFixed(1)}`;
      root.append(svg("polygon", { points: `${tip.x.toFixed(1)},${tip.y.toFixed(1)} ${corner(0.42)} ${corner(-0.42)}`, fill: stroke }));
    }
    for (const i of shown) root.append(shape(nodes[i].shape, nodes[i].size, at.get(i), palette.get(nodes[i].top)));
    const pen = document.createElement("canvas").getContext("2d");
    const measure = (text, size, strong) => { pen.font = `${strong ? "600 " : ""}${size}px ${maille.FONT}`; return pen.measureText(text).width; };
    const labels = maille.chooseLabels((p) => ({ x: p.x - left, y: p.y - top }), 1, measure, width, height);
    for (const label of labels) {
      write(label.text, label.x + left, label.y + top + label.size * 0.34, label.size, palette.get(label.colour), {
        "text-anchor": "middle", "font-weight": label.strong ? 600 : 400, "font-style": label.italic ? "italic" : "normal",
        stroke: palette.get("paper"), "stroke-width": label.edge === undefined ? 3 : 6, "stroke-linejoin": "round", "paint-order": "stroke" });
    }
    let x = left + 30;
    let base = top + height - 40;
    for (const one of ["Person", "Organization", "Place", "Product", "Event", "Other"]) {
      const like = nodes[shown.find((i) => nodes[i].top === one)];
      if (!like) continue;
      root.append(shape(like.shape, 5.5, { x, y: base - 4 }, palette.get(one)));
      write(term(one), x + 12, base, 11, palette.get("muted"));
      x += 34 + measure(term(one), 11, false);
    }
    x = left + 24;
    base += 20;
    for (const modality of maille.data.modalities.filter((m) => maille.links().some((edge) => edge.modality === m))) {
      const stroke = palette.get(modality);
      root.append(svg("path", { d: `M${x} ${base - 4}h30`, stroke, "stroke-width": 1.6, "stroke-dasharray": (maille.DASHES.get(modality) || []).join(" ") || "none" }));
      write(term(modality), x + 36, base, 11, palette.get("muted"));
      x += 48 + measure(term(modality), 11, false);
    }
    return { root, width, height };
  };
  const svgText = () => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(drawing().root)}`;
  const png = async () => {
    const { root, width, height } = drawing();
    const scale = Math.min(2, 8000 / Math.max(width, height));
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(root))}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => { canvas.toBlob(done, "image/png"); });
  };

  // A cell that a spreadsheet would take for a formula gets an apostrophe; French spreadsheets part cells by semicolons.
  const cell = (text) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",;\n\r\t]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };
  const csv = () => {
    const mark = state.language === "fr" ? ";" : ",";
    const heads = ["subject", "relation", "object", "modality", "period", "sentence", "article", "date", "publisher", "url", "who", "confidence", "rule"];
    const rows = [...maille.inView()].sort((a, b) => a - b).map((i) => {
      const c = claims[i];
      const article = c.article === undefined ? { title: "", date: "", publisher: "", url: "" } : articles[c.article];
      return [maille.nameOf(c.s), term(c.p), c.o === undefined ? c.value : maille.nameOf(c.o), term(c.modality), term(c.period), sentences[c.q],
        article.title, article.date, article.publisher, article.url, c.by || "", String(c.sure), c.rule || ""];
    });
    return `\uFEFF${[heads.map((head) => word(head)), ...rows].map((row) => row.map(cell).join(mark)).join("\r\n")}\r\n`;
  };

  const save = (name, content, type) => {
    const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
    const a = maille.el("a", { href: url, download: name });
    document.body.append(a);
    a.click();
    a.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };
  Object.assign(maille, { drawing, svgText, png, csv, save });
})();
