/* Draw boundaries with their classes, the fine lines of the kabupaten, and the hatch of missing data. */
(function () {
  "use strict";
  const parts = window.programmeParts, data = parts.data;
  const FINE_ZOOM = 7.5;
  const KIND = /^Kabupaten (Administrasi )?/; // a map shows the kind; only a kota keeps its word
  const SVG = "http://www.w3.org/2000/svg";

  function svg(name, attributes) {
    const element = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return element;
  }

  /* Is a place inside a polygon of Leaflet, holes out? */
  function inside(part, at) {
    if (!part.getBounds().contains(at)) return false;
    let odd = false;
    const walk = (ring) => {
      if (Array.isArray(ring[0])) { ring.forEach(walk); return; }
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const a = ring[i], b = ring[j];
        if (a.lat > at.lat !== b.lat > at.lat && at.lng < ((b.lng - a.lng) * (at.lat - a.lat)) / (b.lat - a.lat) + a.lng) odd = !odd;
      }
    };
    walk(part.getLatLngs());
    return odd;
  }

  /* Centre of the largest ring's box: [lon, lat]. */
  function middle(geometry) {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    let most = -1, found = null;
    polygons.forEach((rings) => {
      let w = 180, s = 90, e = -180, n = -90;
      rings[0].forEach(([x, y]) => { w = Math.min(w, x); e = Math.max(e, x); s = Math.min(s, y); n = Math.max(n, y); });
      const size = (e - w) * (n - s);
      if (size > most) { most = size; found = [(w + e) / 2, (s + n) / 2]; }
    });
    return found;
  }

  function areas(self) {
    const map = self.map, renderer = L.svg({ pane: "areas", padding: 0.5 });
    let pointed = null, hatchKey = "", shown = "", wanted = "", fine = null, fineUrl = "", fineColour = "", middles = [], focusKey = "";
    self.areas = null;
    self.fineLabels = [];

    function styleOf(code, second) {
      const payload = self.payload, ground = payload.ground, value = payload.areas[code];
      const focus = payload.focus || [], chosen = focus.includes(code), through = self.tiled ? 0.55 : 1;
      if (value === undefined) return { fillColor: ground.context, fillOpacity: through, color: ground.border, weight: 0.6, opacity: 0.8 };
      const plain = payload.level === 1 && focus.length && !chosen ? ground.context : ground.land;
      const fill = value.c === null ? "url(#peta-hatch)" : value.c === undefined ? plain : payload.colours[value.c];
      if (chosen && !second) return { fillColor: fill, fillOpacity: through, color: ground.ink, weight: 2.2, opacity: 0.85 };
      return { fillColor: fill, fillOpacity: through, color: ground.border_strong, weight: second ? 0.7 : 1, opacity: 1 };
    }

    function paint(part, second) {
      const style = styleOf(part.feature.properties.code, second), key = Object.values(style).join();
      if (part.petaStyle === key) return;
      part.petaStyle = key;
      part.setStyle(style);
    }

    function restyle() {
      self.areas.forEach((layer, i) => layer.eachLayer((part) => paint(part, i > 0)));
      const focus = (self.payload.focus || []).join();
      if (focus !== focusKey) { // strong borders over their neighbours', below finer areas
        focusKey = focus;
        const chosen = new Set(self.payload.focus || []);
        self.areas[0].eachLayer((part) => { if (chosen.has(part.feature.properties.code)) part.bringToFront(); });
        self.areas.slice(1).forEach((layer) => { if (chosen.size) layer.bringToFront(); });
      }
      hatch();
    }

    function hatch() {
      const root = renderer._container, ground = self.payload.ground, key = ground.land + ground.hatch;
      if (!root || (hatchKey === key && root.querySelector("defs.peta-defs"))) return;
      hatchKey = key;
      const pattern = svg("pattern", { id: "peta-hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse",
        patternTransform: "rotate(45)" });
      pattern.append(svg("rect", { width: 7, height: 7, fill: ground.land }),
        svg("line", { x1: 0, y1: 0, x2: 0, y2: 7, stroke: ground.hatch, "stroke-width": 2 }));
      const defs = svg("defs", { class: "peta-defs" });
      defs.append(pattern);
      const old = root.querySelector("defs.peta-defs");
      if (old) old.replaceWith(defs); else root.insertBefore(defs, root.firstChild);
    }

    /* Restyle, or put up other boundaries once all of them are here; what is drawn stays until then. */
    function apply(done, failed) {
      const payload = self.payload, key = JSON.stringify(payload.boundaries.map((s) => (typeof s === "string" ? s : s.name)));
      const entries = payload.boundaries.map((s) => data.boundaries(s));
      wanted = key;
      const put = (files) => {
        if (key !== shown) {
          point(null);
          const before = self.areas || [];
          self.areas = files.map((file, i) => L.geoJSON(file, {
            // not interactive: the map itself hears the pointer, so streamlit-folium has no layer to report twice
            pane: "areas", renderer: renderer, interactive: false, style: (f) => styleOf(f.properties.code, i > 0),
          }).addTo(map));
          before.forEach((layer) => layer.remove());
          shown = key;
          focusKey = null;
        }
        restyle();
        done(self.payload.version);
      };
      const files = data.ready(entries);
      if (files) { put(files); return; }
      data.waited(entries).then((found) => { if (wanted === key) put(found); })
        .catch((error) => { if (wanted === key) failed(error); });
    }

    /* Lines and names of all kabupaten, from a zoom on at which they can be told apart. */
    function finer() {
      const payload = self.payload, source = payload && payload.level === 1 ? payload.fine : null;
      if (!source || map.getZoom() < FINE_ZOOM) {
        if (fine) fine.remove();
        fine = null;
        self.fineLabels = [];
        return;
      }
      const entry = data.boundaries(source.url);
      if (entry.value === undefined) {
        entry.promise.then(() => { if (self.payload.fine && self.payload.fine.url === source.url) self.redraw(); }).catch(() => {});
        return;
      }
      const style = { fill: false, color: payload.ground.border_strong, weight: 0.6, opacity: 0.75 };
      if (fine && fineUrl === source.url) {
        if (fineColour !== style.color) fine.setStyle(style);
      } else {
        if (fine) fine.remove();
        const lines = L.canvas({ pane: "fine", padding: 0.25 });
        fine = L.geoJSON(entry.value, { pane: "fine", renderer: lines, interactive: false, style: style }).addTo(map);
        fineUrl = source.url;
        middles = entry.value.features.map((f) => [...middle(f.geometry), f.properties.code, f.properties.name]);
      }
      fineColour = style.color;
      const names = source.names || {};
      self.fineLabels = middles.map(([lon, lat, code, name]) => [lon, lat, names[code] || name.replace(KIND, ""), "", 2]);
    }

    /* The region under a place that the viewer may ask about, the finest first. */
    function at(latlng) {
      const layers = self.areas || [];
      for (let i = layers.length - 1; i >= 0; i--) {
        const part = layers[i].getLayers()
          .find((one) => self.payload.areas[one.feature.properties.code] !== undefined && inside(one, latlng));
        if (part) return { part: part, code: part.feature.properties.code, second: i > 0 };
      }
      return null;
    }

    function point(found) {
      if (pointed && (!found || pointed.part !== found.part)) { pointed.part.petaStyle = ""; paint(pointed.part, pointed.second); }
      if (found && (!pointed || pointed.part !== found.part)) { found.part.petaStyle = ""; found.part.setStyle({ weight: 3 }); }
      pointed = found;
    }

    return { apply: apply, finer: finer, at: at, point: point };
  }

  parts.areas = areas;
  parts.svg = svg;
})();
