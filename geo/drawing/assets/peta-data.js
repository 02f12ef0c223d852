/* Fetch, decode and keep what the map draws: points, the statuses of a day, rows of details, boundaries.

   A source is an address, or {data} with the content itself (base64; for boundaries the GeoJSON) in a page that stands
   alone. What has been loaded once is answered without waiting, so that an update can draw before it returns. */
(function () {
  "use strict";
  const parts = (window.programmeParts = window.programmeParts || {});
  const AT_ONCE = 6; // requests for details that run at the same time

  function bytes(text) {
    const raw = atob(text), found = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) found[i] = raw.charCodeAt(i);
    return found;
  }

  function decode(text) {
    return JSON.parse(new TextDecoder().decode(bytes(text)));
  }

  const worldX = (lon) => 256 * (lon / 360 + 0.5); // web Mercator, pixels at zoom 0
  const worldY = (lat) => 256 * (0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI));

  /* Points as typed arrays over the file's own bytes; places in world pixels are worked out once. */
  function readPoints(raw) {
    const length = new DataView(raw.buffer, raw.byteOffset).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(raw.subarray(4, 4 + length)));
    const n = header.n, start = raw.byteOffset + 4 + length;
    const lon = new Int32Array(raw.buffer, start, n), lat = new Int32Array(raw.buffer, start + 4 * n, n);
    const points = {
      n: n, programmes: header.programmes, regions: header.regions, lon: lon, lat: lat,
      region: new Uint16Array(raw.buffer, start + 8 * n, n), programme: new Uint8Array(raw.buffer, start + 10 * n, n),
      x: new Float64Array(n), y: new Float64Array(n),
    };
    for (let i = 0; i < n; i++) { points.x[i] = worldX(lon[i] / 1e5); points.y[i] = worldY(lat[i] / 1e5); }
    return points;
  }

  /* A shelf keeps the last `most` things loaded by address; a failure is forgotten, so that it is tried again. */
  function shelf(most, read, unpack) {
    const kept = new Map(), own = new WeakMap();
    const inside = (source) => {
      if (!own.has(source)) own.set(source, unpack(source.data));
      return { value: own.get(source) };
    };
    return function (source) {
      if (typeof source !== "string") return inside(source);
      const entry = kept.get(source) || {};
      kept.delete(source);
      kept.set(source, entry); // the newest last
      if (kept.size > most) kept.delete(kept.keys().next().value);
      if (entry.value === undefined && !entry.promise) {
        entry.promise = fetch(source)
          .then((answer) => { if (!answer.ok) throw new Error(source + ": HTTP " + answer.status); return read(answer); })
          .then((value) => { entry.value = value; return value; })
          .catch((error) => { if (kept.get(source) === entry) kept.delete(source); throw error; });
      }
      return entry;
    };
  }

  const whole = (answer) => answer.arrayBuffer().then((buffer) => new Uint8Array(buffer));
  const points = shelf(3, (answer) => whole(answer).then(readPoints), (data) => readPoints(bytes(data)));
  const day = shelf(60, whole, bytes);
  const constant = shelf(12, (answer) => answer.json(), (data) => data);
  const boundaries = shelf(60, (answer) => answer.json(), (data) => data);

  /* Both values of a source, or null while one is on its way: [value, ...]. */
  function ready(entries) {
    return entries.every((entry) => entry.value !== undefined) ? entries.map((entry) => entry.value) : null;
  }

  const waited = (entries) =>
    Promise.all(entries.map((entry) => (entry.value !== undefined ? entry.value : entry.promise)));

  /* Rows of details in chunks: `row(i)` is at hand or null, `load(i)` promises it, `prefetch(indices)` fills up
     quietly. `arrived` is called with the number of a chunk that came while nobody waited for it in particular. */
  function details(arrived) {
    const kept = new Map(); // address -> Map of chunk -> {rows, promise}
    let source = null, queue = [], running = 0;
    const chunks = () => {
      if (!kept.has(source.url)) {
        kept.set(source.url, new Map());
        if (kept.size > 2) kept.delete(kept.keys().next().value);
      }
      return kept.get(source.url);
    };
    const chunkOf = (index) => Math.floor(index / source.size);

    function chunk(k) {
      const there = chunks();
      if (!there.has(k)) {
        const entry = { rows: null, promise: null };
        const address = source.url + "/" + k + ".json";
        entry.promise = fetch(address)
          .then((answer) => { if (!answer.ok) throw new Error(address + ": HTTP " + answer.status); return answer.json(); })
          .then((rows) => { entry.rows = rows; arrived(k); return rows; })
          .catch((error) => { there.delete(k); throw error; });
        there.set(k, entry);
      }
      return there.get(k);
    }

    function row(index) {
      if (!source) return null;
      if (source.rows) return source.rows[index] || null;
      const entry = chunks().get(chunkOf(index));
      return entry && entry.rows ? entry.rows[index % source.size] || null : null;
    }

    function load(index) {
      if (!source) return Promise.reject(new Error("no details"));
      if (source.rows) return Promise.resolve(source.rows[index]);
      const place = index % source.size;
      return chunk(chunkOf(index)).promise.then((rows) => rows[place]);
    }

    function pump() {
      while (running < AT_ONCE && queue.length) {
        const k = queue.shift();
        if (chunks().has(k)) continue;
        running += 1;
        const done = () => { running -= 1; pump(); };
        chunk(k).promise.then(done, done);
      }
    }

    function prefetch(indices) {
      if (!source || source.rows) return;
      queue = [...new Set(indices.map(chunkOf))]; // what was still waiting is out of view
      pump();
    }

    function indexOf(code) {
      if (!source) return -1;
      if (source.rows) return source.rows.findIndex((r) => r[0] === code);
      for (const [k, entry] of chunks()) {
        const place = entry.rows ? entry.rows.findIndex((r) => r[0] === code) : -1;
        if (place >= 0) return k * source.size + place;
      }
      return -1;
    }

    return {
      use: (next) => { source = next || null; queue = []; },
      row: row, load: load, prefetch: prefetch, indexOf: indexOf,
    };
  }

  parts.data = {
    bytes: bytes, decode: decode, worldX: worldX, worldY: worldY, points: points, day: day, boundaries: boundaries,
    constant: constant, ready: ready, waited: waited, details: details,
  };
})();
