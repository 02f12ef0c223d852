/* Find the sites of a frame and place them: apart where they can be told apart, gathered into rings where not. */
(function () {
  "use strict";
  const parts = window.programmeParts;
  const CROWD = 320, NARROW_CROWD = 80; // more sites than this in the drawn frame are gathered
  const NARROW_PX = 480; // a map as narrow as this has room for fewer
  const SQUARE_PX = 64; // side of the squares that gather; two rings of the greatest radius just fit side by side

  /* Rows that pass the filters and are known on the day. */
  function passing(points, day, mask) {
    const found = new Int32Array(points.n);
    let count = 0;
    for (let i = 0; i < points.n; i++) {
      if (day[i] !== 255 && (!mask || mask[i >> 3] & (1 << (i & 7)))) found[count++] = i;
    }
    return found.subarray(0, count);
  }

  /* Sites inside `frame` (container pixels): rows, places, and how many of them lie inside the map itself. */
  function within(points, rows, scale, origin, frame, size) {
    const room = within.room && within.room.rows.length >= rows.length ? within.room
      : { rows: new Int32Array(rows.length), x: new Float32Array(rows.length), y: new Float32Array(rows.length) };
    within.room = room;
    const west = frame.min.x, north = frame.min.y, east = frame.max.x, south = frame.max.y;
    let count = 0, seen = 0;
    for (let k = 0; k < rows.length; k++) {
      const i = rows[k], x = points.x[i] * scale - origin.x, y = points.y[i] * scale - origin.y;
      if (x < west || x > east || y < north || y > south) continue;
      room.rows[count] = i; room.x[count] = x; room.y[count] = y;
      count += 1;
      if (x >= 0 && y >= 0 && x <= size.x && y <= size.y) seen += 1;
    }
    return { rows: room.rows, x: room.x, y: room.y, count: count, seen: seen };
  }

  function radiusOf(count) {
    if (count === 1) return 8;
    if (count >= 10000) return 32;
    return count >= 1000 ? 28 : Math.min(24, 11 + 1.6 * Math.sqrt(count));
  }

  /* Sites by squares that are fixed to the ground, so that a pan does not gather them anew. */
  function gathered(found, day, kinds, origin, frame) {
    const left = Math.floor((frame.min.x + origin.x) / SQUARE_PX), top = Math.floor((frame.min.y + origin.y) / SQUARE_PX);
    const across = Math.floor((frame.max.x + origin.x) / SQUARE_PX) - left + 1;
    const down = Math.floor((frame.max.y + origin.y) / SQUARE_PX) - top + 1;
    const squares = new Array(across * down).fill(null), cellOf = new Int32Array(found.count), groups = [];
    for (let k = 0; k < found.count; k++) {
      const x = found.x[k], y = found.y[k];
      const cell = Math.floor((x + origin.x) / SQUARE_PX) - left + across * (Math.floor((y + origin.y) / SQUARE_PX) - top);
      cellOf[k] = cell;
      let one = squares[cell];
      if (!one) {
        one = squares[cell] = { count: 0, sx: 0, sy: 0, x0: x, x1: x, y0: y, y1: y, cells: [cell], first: found.rows[k],
          share: new Int32Array(kinds), gone: false };
        groups.push(one);
      }
      one.count += 1; one.sx += x; one.sy += y;
      if (x < one.x0) one.x0 = x; else if (x > one.x1) one.x1 = x;
      if (y < one.y0) one.y0 = y; else if (y > one.y1) one.y1 = y;
      one.share[day[found.rows[k]]] += 1;
    }
    groups.forEach(settle);
    return { groups: merged(groups, frame, across, down), cellOf: cellOf };
  }

  function settle(one) {
    one.px = one.sx / one.count;
    one.py = one.sy / one.count;
    one.radius = radiusOf(one.count);
  }

  function join(one, other) {
    one.count += other.count; one.sx += other.sx; one.sy += other.sy;
    one.x0 = Math.min(one.x0, other.x0); one.x1 = Math.max(one.x1, other.x1);
    one.y0 = Math.min(one.y0, other.y0); one.y1 = Math.max(one.y1, other.y1);
    other.share.forEach((number, index) => { one.share[index] += number; });
    one.cells.push(...other.cells);
    other.gone = true;
    settle(one);
  }

  /* Rings that would touch become one, the greatest first; a grid of squares tells who may touch whom. */
  function merged(groups, frame, across, down) {
    const grid = Array.from({ length: (across + 2) * (down + 2) }, () => []);
    const placeOf = (one) => Math.floor((one.px - frame.min.x) / SQUARE_PX) + 1 +
      (across + 2) * (Math.floor((one.py - frame.min.y) / SQUARE_PX) + 1);
    groups.sort((a, b) => b.count - a.count || a.cells[0] - b.cells[0]);
    groups.forEach((one) => grid[placeOf(one)].push(one));
    const touching = (one) => {
      const at = placeOf(one);
      for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) {
        for (const other of grid[at + dx + dy * (across + 2)] || []) {
          if (other === one || other.gone) continue;
          if (Math.hypot(one.px - other.px, one.py - other.py) <= one.radius + other.radius) return other;
        }
      }
      return null;
    };
    for (let again = true; again;) {
      again = false;
      groups.forEach((one) => {
        if (one.gone) return;
        for (let other = touching(one); other; other = touching(one)) {
          const before = grid[placeOf(one)];
          before.splice(before.indexOf(one), 1);
          join(one, other);
          grid[placeOf(one)].push(one);
          again = true;
        }
      });
    }
    return groups.filter((one) => !one.gone);
  }

  /* Rows of a ring's members. */
  function members(crowd, one) {
    const cells = new Set(one.cells), rows = [];
    for (let k = 0; k < crowd.cellOf.length; k++) if (cells.has(crowd.cellOf[k])) rows.push(crowd.rows[k]);
    return rows;
  }

  /* Sites closer than a symbol push each other apart until none hides another; sites at one place start as a spiral. */
  function spread(placed, radius) {
    const gap = radius * 2.5, turn = 2.39996, n = placed.length;
    const px = new Float64Array(n), py = new Float64Array(n), same = new Map();
    placed.forEach((p, i) => {
      const key = Math.round(p.x) * 65536 + Math.round(p.y), nth = same.get(key) || 0;
      same.set(key, nth + 1);
      px[i] = p.x + 0.6 * gap * Math.sqrt(nth) * Math.cos(nth * turn);
      py[i] = p.y + 0.6 * gap * Math.sqrt(nth) * Math.sin(nth * turn);
    });
    const order = Array.from({ length: n }, (_, i) => i);
    for (let round = 0; round < 80; round++) {
      order.sort((a, b) => px[a] - px[b]); // neighbours in x stand side by side; nearly sorted already
      let moved = false;
      for (let a = 0; a < n; a++) for (let b = a + 1; b < n; b++) {
        const i = order[a], j = order[b];
        if (px[j] - px[i] >= gap * 1.5) break;
        let ux = px[j] - px[i], uy = py[j] - py[i], far = Math.hypot(ux, uy);
        if (far >= gap * 0.985) continue;
        const push = (gap - far) / 2;
        if (far < 0.01) { ux = Math.cos(j * turn); uy = Math.sin(j * turn); far = 1; }
        ux *= push / far; uy *= push / far;
        px[i] -= ux; py[i] -= uy; px[j] += ux; py[j] += uy;
        moved = true;
      }
      if (!moved) break;
      if (round < 25) for (let i = 0; i < n; i++) { px[i] += (placed[i].x - px[i]) * 0.04; py[i] += (placed[i].y - py[i]) * 0.04; }
    }
    placed.forEach((p, i) => { p.px = px[i]; p.py = py[i]; });
  }

  /* Everything of a frame: {placed, groups, seen, counted, ...}. */
  function place(points, rows, day, kinds, view) {
    const found = within(points, rows, view.scale, view.origin, view.frame, view.size);
    const placed = [];
    const single = (row, x, y) => placed.push({ index: row, x: x, y: y, px: x, py: y });
    if (found.count <= (view.size.x < NARROW_PX ? NARROW_CROWD : CROWD)) {
      for (let k = 0; k < found.count; k++) single(found.rows[k], found.x[k], found.y[k]);
      spread(placed, view.radius);
      return { placed: placed, groups: [], seen: found.seen, counted: placed.length, framed: found.count };
    }
    const all = gathered(found, day, kinds, view.origin, view.frame), groups = [];
    all.groups.forEach((one) => (one.count === 1 ? single(one.first, one.px, one.py) : groups.push(one)));
    const counted = all.groups.reduce((sum, one) => sum + one.count, 0);
    return { placed: placed, groups: groups, seen: found.seen, counted: counted, framed: found.count,
      cellOf: all.cellOf, rows: found.rows.slice(0, found.count) };
  }

  parts.crowd = { passing: passing, place: place, members: members };
})();
