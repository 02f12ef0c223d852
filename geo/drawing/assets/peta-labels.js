/* Write names and figures beside their places so that none covers another. */
(function () {
  "use strict";
  const parts = window.programmeParts, FONT = parts.symbols.FONT;
  const FAR_PX = 170; // up to here a focus label gives way to symbols; beyond, only to other labels and controls
  const LEADER_PX = 26;
  const COVER_PX = 90; // covering one symbol is as bad as standing this much farther away

  const meets = (a, b) => a.x0 < b.x1 && a.x1 > b.x0 && a.y0 < b.y1 && a.y1 > b.y0;

  /* Does the line from (x, y) to (u, v) cross a box? Sampled every 6 px, which is finer than any box. */
  function crosses(box, x, y, u, v) {
    const steps = Math.ceil(Math.hypot(u - x, v - y) / 6);
    for (let i = 0; i <= steps; i++) {
      const px = x + ((u - x) * i) / steps, py = y + ((v - y) * i) / steps;
      if (px > box.x0 && px < box.x1 && py > box.y0 && py < box.y1) return true;
    }
    return false;
  }

  /* Directions with north and south first: the land of the narrow provinces runs east and west. */
  const DIRECTIONS = [90, -90, 60, -60, 120, -120, 30, -30, 150, -150, 0, 180, 75, -75, 105, -105]
    .map((angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]);

  function candidates(most) {
    const found = [[0, 0]];
    for (let far = 20; far <= most; far += 8) DIRECTIONS.forEach(([x, y]) => found.push([x * far * 1.25, y * far]));
    return found;
  }
  const NEAR = candidates(FAR_PX), WIDE = candidates(300);
  const BESIDE = [[0, 0], [0, -18], [0, 18], [0, -34], [0, 34]];

  /* labels: [[x, y, name, figure, rank]] in container pixels; walls: boxes never to be covered (controls, legend);
     symbols: boxes to keep clear of; size: of the map. Answers the labels that have found a place. `slack` is how much
     farther than from another focus province a label may stand from its own; 0 asks for nothing of the kind. */
  function place(context, labels, walls, symbols, size) {
    const drawn = [], big = size.x >= 600 ? 20 : size.x >= 500 ? 18 : 14;
    const focus = labels.filter((label) => label[4] === 0);
    const nearer = (box, at, slack) => { // a label beside another province would be read as that one's
      const x = (box.x0 + box.x1) / 2, y = (box.y0 + box.y1) / 2, own = Math.hypot(x - at[0], y - at[1]);
      return focus.every((other) => Math.hypot(x - other[0], y - other[1]) * slack >= own);
    };
    const free = (box, at, slack, shy) => {
      if (box.x0 < 3 || box.y0 < 3 || box.x1 > size.x - 3 || box.y1 > size.y - 3) return false;
      if (walls.some((wall) => meets(wall, box)) || drawn.some((other) => meets(other, box))) return false;
      if (shy && symbols.some((symbol) => meets(symbol, box))) return false;
      if (!slack) return true;
      if (!nearer(box, at, slack)) return false;
      const end = foot(box, at);
      if (Math.hypot(end[0] - at[0], end[1] - at[1]) <= LEADER_PX) return true;
      return !drawn.some((other) => crosses(other, at[0], at[1], end[0], end[1]))
        && !walls.some((wall) => crosses(wall, at[0], at[1], end[0], end[1]));
    };

    const boxOf = (x, y, form) => ({ x0: x - form.wide / 2, x1: x + form.wide / 2, y0: y - form.high / 2, y1: y + form.high / 2 });
    const attempt = (at, forms, tries, slack) => { // the first that covers no symbol
      for (const [dx, dy] of tries) for (const form of forms) {
        const box = boxOf(at[0] + dx, at[1] + dy, form);
        if (free(box, at, slack, true)) return { box: box, form: form, x: at[0] + dx, y: at[1] + dy };
      }
      return null;
    };
    const least = (at, forms, slack) => { // the one that covers the fewest symbols for its distance
      let best = null, cost = Infinity;
      for (const [dx, dy] of WIDE) for (const form of forms) {
        const box = boxOf(at[0] + dx, at[1] + dy, form), far = Math.hypot(dx, dy);
        if (far >= cost || !free(box, at, slack, false)) continue;
        const here = far + COVER_PX * symbols.filter((symbol) => meets(symbol, box)).length;
        if (here < cost) { cost = here; best = { box: box, form: form, x: at[0] + dx, y: at[1] + dy }; }
      }
      return best;
    };

    labels.slice().sort((a, b) => a[4] - b[4]).forEach((label) => {
      const at = [label[0], label[1]], rank = label[4];
      if (at[0] < 0 || at[1] < 0 || at[0] > size.x || at[1] > size.y) return;
      const px = rank === 0 ? big : rank === 1 ? 14 : 12.5;
      const font = (rank === 0 ? "700 " : rank === 1 ? "500 " : "550 ") + px + FONT;
      context.font = font;
      const forms = formsOf(context, label[2], label[3], px, rank);
      const found = rank === 0
        ? attempt(at, forms, NEAR, 1) || attempt(at, forms, NEAR, 1.7) || least(at, forms, 1.7) || least(at, forms, 0)
        : attempt(at, forms, BESIDE, 0);
      if (!found) return;
      drawn.push({ text: found.form.lines.join(" "), rank: rank, ...found.box, lines: found.form.lines, font: font, px: px,
        x: found.x, y: found.y, at: at });
    });
    return drawn;
  }

  /* Lines back to the places, to be painted before the symbols. */
  function leaders(context, drawn, ground) {
    drawn.forEach((label) => { if (label.rank === 0) leader(context, label, label.at, ground); });
  }

  /* The words themselves, after the symbols. */
  function write(context, drawn, ground) {
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    drawn.forEach((label) => {
      const step = label.px * 1.2, top = label.y - ((label.lines.length - 1) * step) / 2;
      context.font = label.font;
      context.lineWidth = label.rank === 0 ? 5 : 3.5;
      context.strokeStyle = ground.casing;
      context.fillStyle = label.rank === 1 ? ground.muted : ground.ink;
      label.lines.forEach((line, i) => context.strokeText(line, label.x, top + i * step));
      label.lines.forEach((line, i) => context.fillText(line, label.x, top + i * step));
    });
  }

  function formsOf(context, name, figure, px, rank) {
    const form = (lines) => ({ lines: lines, high: px * 1.25 * lines.length + 2,
      wide: Math.max(...lines.map((line) => context.measureText(line).width)) + 8 });
    if (rank !== 0 || !figure) return [form([name])];
    return [form([name + "  " + figure]), form([name, figure])];
  }

  /* The place on a box that is nearest to the place it speaks of. */
  function foot(box, at) {
    return [Math.min(Math.max(at[0], box.x0), box.x1), Math.min(Math.max(at[1], box.y0), box.y1)];
  }

  function leader(context, box, at, ground) {
    const end = foot(box, at);
    if (Math.hypot(end[0] - at[0], end[1] - at[1]) <= LEADER_PX) return;
    [[4, ground.casing], [1.4, ground.ink]].forEach(([width, colour]) => {
      context.beginPath();
      context.moveTo(at[0], at[1]);
      context.lineTo(end[0], end[1]);
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke();
    });
    context.beginPath();
    context.arc(at[0], at[1], 2.6, 0, 2 * Math.PI);
    context.fillStyle = ground.ink;
    context.fill();
  }

  parts.labels = { place: place, leaders: leaders, write: write };
})();
