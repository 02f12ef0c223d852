/* Paint symbols of sites, rings of gathered sites and the pictures of the legend on canvases. */
(function () {
  "use strict";
  const parts = window.programmeParts;
  const FONT = "px system-ui, 'Segoe UI', 'Noto Sans', sans-serif";
  const sprites = new Map();

  const ratio = () => Math.min(window.devicePixelRatio || 1, 3);

  function trace(context, points, closed) {
    context.beginPath();
    points.forEach((p, i) => (i ? context.lineTo(p[0], p[1]) : context.moveTo(p[0], p[1])));
    if (closed) context.closePath();
  }

  function paint(context, theme, shapeName, statusName, x, y, radius) {
    const symbols = window.programmeSymbols[theme];
    const shape = symbols.shapes[shapeName], look = symbols.statuses[statusName];
    if (!shape || !look) return;
    context.save();
    context.translate(x, y);
    context.scale(radius, radius);
    context.lineJoin = "round";
    context.lineCap = "round";
    trace(context, shape.outline, true);
    context.lineWidth = symbols.casing_width;
    context.strokeStyle = symbols.casing;
    context.stroke();
    context.fillStyle = look.fill;
    context.fill();
    context.lineWidth = symbols.outline_width;
    context.strokeStyle = look.outline;
    context.setLineDash(look.dashes);
    context.stroke();
    context.setLineDash([]);
    context.scale(shape.room, shape.room);
    context.strokeStyle = look.mark_colour;
    context.fillStyle = look.mark_colour;
    context.lineWidth = look.width;
    look.strokes.forEach((points) => { trace(context, points, false); context.stroke(); });
    look.fills.forEach((points) => { trace(context, points, true); context.fill(); });
    context.restore();
  }

  /* The same symbol is painted once and then stamped, always on whole pixels of the screen, so it stays sharp. */
  function stamp(context, theme, shape, status, x, y, radius) {
    const fine = ratio(), key = theme + shape + "|" + status + radius + "|" + fine;
    let sprite = sprites.get(key);
    if (!sprite) {
      if (sprites.size > 600) sprites.clear();
      const half = Math.ceil((radius * window.programmeSymbols[theme].reach + 1) * fine);
      sprite = document.createElement("canvas");
      sprite.width = sprite.height = 2 * half;
      const own = sprite.getContext("2d");
      own.scale(fine, fine);
      paint(own, theme, shape, status, half / fine, half / fine, radius);
      sprites.set(key, sprite);
    }
    const side = sprite.width / fine;
    context.drawImage(sprite, Math.round((x - side / 2) * fine) / fine, Math.round((y - side / 2) * fine) / fine, side, side);
  }

  function ring(context, x, y, radius, width, colour) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }

  /* A ring of gathered sites: its arcs are the shares of the statuses, its number is the count. */
  function group(context, payload, one, text) {
    const looks = window.programmeSymbols[payload.theme].statuses;
    const radius = one.radius;
    let angle = -Math.PI / 2;
    one.share.forEach((number, index) => {
      if (!number) return;
      const next = angle + (2 * Math.PI * number) / one.count;
      context.beginPath();
      context.moveTo(one.px, one.py);
      context.arc(one.px, one.py, radius, angle, next);
      context.closePath();
      context.fillStyle = looks[payload.statuses[index]].fill;
      context.fill();
      angle = next;
    });
    ring(context, one.px, one.py, radius, 1.2, payload.ground.ink);
    context.beginPath();
    context.arc(one.px, one.py, radius * 0.72, 0, 2 * Math.PI);
    context.fillStyle = payload.ground.casing;
    context.fill();
    context.fillStyle = payload.ground.ink;
    context.font = "650 " + (text.length > 5 ? 11.5 : 12.5) + FONT;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, one.px, one.py + 0.5);
  }

  function picture(canvas, theme, shape, status, size) {
    const fine = ratio();
    canvas.width = canvas.height = size * fine;
    canvas.style.width = canvas.style.height = size + "px";
    const context = canvas.getContext("2d");
    context.setTransform(fine, 0, 0, fine, 0, 0);
    paint(context, theme, shape, status, size / 2, size / 2, size / 2 / window.programmeSymbols[theme].reach);
  }

  parts.symbols = { FONT: FONT, ratio: ratio, stamp: stamp, ring: ring, group: group, picture: picture };
})();
